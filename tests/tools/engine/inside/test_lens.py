from typing import Any

import pytest
import torch

from tests.against import Differ
from tools.engine.base import Prompt
from tools.engine.local.local import LocalEngine
from tools.errors import BadInput

KUBERNETES = "Kubernetes pods are scheduled by the"


@pytest.mark.parametrize("text", [KUBERNETES, "日本", "It was a beautiful", "def f(x):\n\treturn"])
async def test_the_last_row_is_the_models_own_answer(embedded: LocalEngine, text: str) -> None:
    found = await embedded.lens(text)
    own = (await embedded.next_token(Prompt(text), 1)).top[0]
    last = found.rows[-1]
    assert [row.blocks for row in found.rows] == list(range(31))
    assert last.guess == found.answer == own.token
    assert last.probability == last.answer_probability == pytest.approx(own.probability, rel=1e-3)
    assert last.answer_rank == 1


@pytest.mark.against("lens", by="transformers' hidden states")
async def test_each_row_reads_the_hidden_state_of_transformers(
    differ: Differ, embedded: LocalEngine, plain: Any
) -> None:
    found = await embedded.lens(KUBERNETES)
    with torch.inference_mode():
        read = plain(
            torch.tensor([[token.id for token in found.tokens]]), output_hidden_states=True
        )
        for row in found.rows[:-1:7]:
            vector = read.hidden_states[row.blocks][0, -1]
            shares = plain.lm_head(plain.model.norm(vector)).double().softmax(-1)
            assert row.guess.id == int(shares.argmax())
            assert row.probability == pytest.approx(float(shares.max()), rel=1e-3)
            differ(row.probability, float(shares.max()))
            rank = 1 + int((shares > shares[found.answer.id]).sum())
            assert row.answer_rank == pytest.approx(rank, abs=20)  # thousands are almost equal


@pytest.mark.against("journey", by="transformers' hidden states")
async def test_a_journeys_numbers_are_those_of_transformers(
    differ: Differ, embedded: LocalEngine, plain: Any
) -> None:
    found = await embedded.journey("The cat sat on the", 5)
    ids = [token.id for token in found.tokens]
    with torch.inference_mode():
        read = plain(torch.tensor([ids]), output_hidden_states=True)
    scores = read.logits[0, -1]
    table = plain.get_input_embeddings().weight
    assert found.vector == pytest.approx(table[ids[-1], :4].tolist())
    assert found.final == pytest.approx(read.hidden_states[-1][0, -1, :4].tolist(), abs=1e-3)
    lengths = [float(state[0, -1].norm()) for state in read.hidden_states[:-1]]
    assert differ(found.lengths[:-1], lengths, is_relative=True) < 1e-3
    assert len(found.lengths) == 31
    assert (found.lowest, found.highest) == pytest.approx(
        (float(scores.min()), float(scores.max())), abs=1e-3
    )
    own = await embedded.next_token(Prompt("The cat sat on the"), 5)
    assert [one.token for one in found.top] == [one.token for one in own.top]
    assert [one.probability for one in found.top] == pytest.approx(
        [one.probability for one in own.top], rel=1e-3
    )


async def test_a_long_prompt_is_refused(embedded: LocalEngine) -> None:
    with pytest.raises(BadInput, match="256 fit here"):
        await embedded.lens("word " * 300)
