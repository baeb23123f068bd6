"""A few gradient steps on a throw-away copy. The running weights are only read."""

import copy
import math
from collections.abc import Generator, Sequence
from typing import Any

import torch

from tools.engine.findings import Trained
from tools.engine.inside.anatomy import prompt_ids, tokens
from tools.engine.model.causal_model import CausalModel
from tools.errors import BadInput

MOST_TOKENS = 48
MOST_STEPS = 20
LONGEST_STEP = 1.0  # of the gradient, before the rate


def train(model: CausalModel, text: str, steps: int, rate: float) -> Generator[None, None, Trained]:
    """Follow the gradient of a text's mean surprisal, and tell what it did.

    Plain gradient descent on all weights, the gradient cut to length 1, so that `rate` is the
    longest way that the weights go in one step. Pauses after each step. Takes two further copies
    of the weights in memory: the copy and its gradient.

    Raises:
        BadInput: fewer than 2 tokens, too many, or too many steps.
    """
    ids = prompt_ids(model, text, MOST_TOKENS)
    if len(ids) < 2 or not 1 <= steps <= MOST_STEPS:
        raise BadInput(f"Give 2 to {MOST_TOKENS} tokens and 1 to {MOST_STEPS} steps.")
    pupil = copy.deepcopy(model.network)
    losses: list[float] = []
    before = _chances(pupil, ids)
    for _ in range(steps):
        yield
        losses.append(_step(pupil, ids, rate))
    yield
    after = _chances(pupil, ids)
    losses.append(_surprisal_bits(after))
    return Trained(tokens(model, ids), tuple(losses), tuple(before), tuple(after))


def _step(pupil: Any, ids: Sequence[int], rate: float) -> float:
    """Take one step; return the loss before it, in bits for each predicted token."""
    loss = torch.nn.functional.cross_entropy(_rows(pupil, ids), torch.tensor(ids[1:]))
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(pupil.parameters(), LONGEST_STEP)
    with torch.no_grad():
        for weight in pupil.parameters():
            weight -= rate * weight.grad
            weight.grad.zero_()
    return float(loss.detach()) / math.log(2)


def _chances(pupil: Any, ids: Sequence[int]) -> list[float]:
    """Return P of each token but the first, given those before it."""
    with torch.inference_mode():
        rows = _rows(pupil, ids).double().softmax(-1)
    wanted = torch.tensor(ids[1:])[:, None]
    return [float(chance) for chance in rows.gather(1, wanted)[:, 0]]


def _rows(pupil: Any, ids: Sequence[int]) -> torch.Tensor:
    """Return the scores for each token but the first, shape (n - 1, vocabulary)."""
    logits: torch.Tensor = pupil(torch.tensor([ids[:-1]]), use_cache=False).logits[0]
    return logits


def _surprisal_bits(chances: Sequence[float]) -> float:
    return -sum(math.log2(max(chance, 1e-300)) for chance in chances) / len(chances)
