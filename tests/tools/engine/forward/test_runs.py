"""What is asked of every `Forward`, whoever does the arithmetic."""

import pytest
import torch

from tools.engine.forward.forward import Forward
from tools.engine.kernels import Kernels
from tools.engine.local.local import LocalEngine
from tools.engine.model.causal_model import CausalModel

NEAR = 2e-4  # nat: what the order of additions in float32 makes of 30 blocks
IDS = (504, 8762, 3935, 5075, 284)  # The loop goes round and
CAT = (49, 2644, 2643)  # A cat sat
ON = (335, 260, 1573)  # on the old


@pytest.fixture(params=Kernels)
async def forward(
    request: pytest.FixtureRequest, embedded: LocalEngine, running: CausalModel
) -> Forward:
    """The embedded model's, behind each side of the door."""
    assert embedded._loaded is not None
    return embedded._loaded.forward if request.param is Kernels.OWN else running.forward


def logprobs(rows: torch.Tensor) -> torch.Tensor:
    return rows.double().log_softmax(-1)


def near(found: torch.Tensor, expected: torch.Tensor) -> bool:
    return float((logprobs(found) - logprobs(expected)).abs().max()) < NEAR


async def test_reading_on_is_as_reading_at_once(forward: Forward) -> None:
    (whole,) = forward.scores([IDS])
    assert whole.shape == (1, forward.vocabulary)
    assert near(forward.run(IDS).scores, whole[-1])
    assert near(forward.run(IDS[:2]).then(IDS[2:4]).then(IDS[4:]).scores, whole[-1])


async def test_a_run_stays_as_it_is_when_it_is_read_on_from(forward: Forward) -> None:
    begun = forward.run(IDS[:3])
    first = begun.then(IDS[3:]).scores.clone()
    begun.then(ON)
    assert torch.equal(begun.then(IDS[3:]).scores, first)


async def test_a_draft_is_scored_as_reading_token_by_token(forward: Forward) -> None:
    begun = forward.run(IDS[:3])
    assert near(begun.then(IDS[3:], keep=2).scores, begun.then(IDS[3:4]).then(IDS[4:]).scores)


async def test_what_is_kept_of_other_prompts_changes_no_scores(forward: Forward) -> None:
    for ids in (IDS, IDS[:2], (*IDS[:3], *ON), IDS):
        (rows,) = forward.scores([ids], keep=2)
        assert near(rows[-1], forward.run(ids).scores)
        assert near(rows[0], forward.run(ids[:-1]).scores)


async def test_prompts_asked_together_are_answered_in_their_order(forward: Forward) -> None:
    prompts = [IDS, CAT, IDS[:2]]
    for ids, rows in zip(prompts, forward.scores(prompts), strict=True):
        assert near(rows[-1], forward.run(ids).scores)


async def test_reading_leaves_the_weights_as_they_were(forward: Forward) -> None:
    before = [weight.clone() for weight in forward.weights()]
    forward.scores([IDS])
    after = forward.weights()
    assert all(torch.equal(one, other) for one, other in zip(before, after, strict=True))
