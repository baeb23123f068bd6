"""One setting says who does the arithmetic, of the language model and of the encoder alike."""

import sys
from pathlib import Path

import numpy as np
import pytest

from bot.settings import Settings
from bot.wiring.engines import build_encoder, build_engine
from tests.fakes.encoders import cache_dir
from tests.tools.engine.golden.values import meant, said
from tools.engine.base import Prompt
from tools.engine.encoder.opening import NAMES
from tools.engine.encoder.weights import ensure_encoder
from tools.engine.kernels import Kernels

ENTRANCES = {
    Kernels.OWN: ("tools.engine.forward.own.own_forward", "tools.engine.encoder.own.own_encoder"),
    Kernels.TRANSFORMERS: ("tools.engine.model.causal_model", "tools.engine.encoder.plain"),
}


@pytest.mark.parametrize("kernels", Kernels)
async def test_the_setting_chooses_for_both_and_the_other_way_is_never_taken(
    kernels: Kernels, embedded_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure_encoder(cache_dir(), is_quiet=True)
    for other in set(Kernels) - {kernels}:
        for entrance in ENTRANCES[other]:
            monkeypatch.setitem(sys.modules, entrance, None)  # whoever imports it fails
    monkeypatch.setenv("HUNCH_KERNELS", kernels.value)
    monkeypatch.setenv("HUNCH_CACHE_DIR", str(embedded_folder.parent))
    settings = Settings()
    engine, encoder = build_engine(settings), build_encoder(settings)
    expected, text = said()[0], meant()[0]
    shown = await engine.next_token(Prompt(expected.text), 20)
    assert [one.token.id for one in shown.top] == [number for number, _ in expected.top]
    assert encoder.name == NAMES[kernels]
    (vector,) = await encoder.encode([text.text])
    assert vector @ np.array(text.vector) > 0.995
    encoder.close()
    await engine.close()


def test_our_own_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUNCH_KERNELS", raising=False)
    assert Settings().kernels is Kernels.OWN
