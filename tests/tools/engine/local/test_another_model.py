"""A model that isn't the embedded one: through transformers, kept runs and all."""

import pytest

from tools.engine.forward.kept_runs import KeptRuns
from tools.engine.model.causal_model import CausalModel


def test_prompts_that_begin_alike_are_read_on_from_where_they_part(tiny: CausalModel) -> None:
    prompts = [tiny.tokenize(text) for text in ("One way, another", "One way, yes", "One way")]
    kept = [tiny.tops([ids], 3)[0] for ids in prompts]
    for ids, (top, entropy) in zip(prompts, kept, strict=True):
        tiny.forward._runs = KeptRuns()
        ((alone, bits),) = tiny.tops([ids], 3)
        assert [one.token for one in top] == [one.token for one in alone]
        assert entropy == pytest.approx(bits, abs=1e-4)
