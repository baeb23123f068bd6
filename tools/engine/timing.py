"""What this machine needs for a token, and for reading its memory. Measured, never guessed.

Each measurement pauses between slices, so that learners who wait get their answers.
"""

import copy
import time
from collections.abc import Callable, Generator, Sequence
from functools import partial
from statistics import median
from typing import TypeVar

import torch

from tools.engine.anatomy import anatomy
from tools.engine.causal_model import CausalModel
from tools.engine.findings import Bandwidth, CacheTime, DecodeSpeed
from tools.errors import BadInput

LONGEST = 512
MOST_LENGTHS = 6
ROUNDS = 3
_ANY_TOKEN = 5  # how long a token takes does not depend on which it is
Result = TypeVar("Result")


def cache_timing(
    model: CausalModel, lengths: Sequence[int]
) -> Generator[None, None, tuple[CacheTime, ...]]:
    """Time one more token after `lengths` others; the median of three, in milliseconds.

    Without the cache, all of them are read again for it.

    Raises:
        BadInput: no length, too many, or one outside 1..512.
    """
    if not 1 <= len(lengths) <= MOST_LENGTHS or not all(0 < n <= LONGEST for n in lengths):
        raise BadInput(f"Give 1 to {MOST_LENGTHS} lengths of 1 to {LONGEST} tokens.")
    found = []
    for length in lengths:
        yield
        found.append((yield from _one_length(model, length)))
    return tuple(found)


def decode_speed(model: CausalModel, tokens: int) -> Generator[None, None, DecodeSpeed]:
    """Let one sequence grow from 8 tokens, and time it; the first token isn't counted.

    Raises:
        BadInput: not 1 to 128 tokens.
    """
    if not 1 <= tokens <= 128:
        raise BadInput("Give 1 to 128 tokens.")
    past, seconds = _read(model, _ids(model, 8))[0], 0.0
    for _ in range(tokens):
        yield
        taken, past = _timed(partial(_grow, model, past))
        seconds += taken
    return DecodeSpeed(tokens, tokens / seconds)


def memory_bandwidth(model: CausalModel) -> Generator[None, None, Bandwidth]:
    """Read every weight once, three times, and return the fastest: bytes per second."""
    weights = [weight.detach() for weight in model.network.parameters()]
    size = sum(weight.numel() * weight.element_size() for weight in weights)
    best = float("inf")
    for _ in range(ROUNDS):
        yield
        best = min(best, _timed(lambda: [weight.sum() for weight in weights])[0])
    return Bandwidth(size / best, size)


def _one_length(model: CausalModel, length: int) -> Generator[None, None, CacheTime]:
    ids = _ids(model, length + 1)
    past = _read(model, ids[:-1])[0]
    cached, whole = [], []
    for _ in range(ROUNDS):
        yield
        own = copy.deepcopy(past)  # reading on writes into it
        cached.append(_timed(partial(_read, model, ids[-1:], own))[0])
        whole.append(_timed(partial(_read, model, ids, is_kept=False))[0])
    return CacheTime(length, 1000 * median(cached), 1000 * median(whole))


def _read(
    model: CausalModel, ids: Sequence[int], past: object = None, *, is_kept: bool = True
) -> tuple[object, torch.Tensor]:
    """Read tokens behind those of `past`; return all keys and values, and the scores."""
    with torch.inference_mode():
        read = model.network(
            torch.tensor([ids]), past_key_values=past, use_cache=is_kept, logits_to_keep=1
        )
    return read.past_key_values, read.logits


def _grow(model: CausalModel, past: object) -> object:
    """Read one token more, and pick the next; return all keys and values."""
    past, scores = _read(model, (_ANY_TOKEN,), past)
    scores.argmax()
    return past


def _ids(model: CausalModel, count: int) -> tuple[int, ...]:
    """Return ids to read; how long that takes depends on their number alone."""
    anatomy(model)
    return tuple(place * 7919 % model.vocabulary for place in range(1, count + 1))


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Return how many seconds it took, and what came of it."""
    started = time.perf_counter()
    done = work()
    return time.perf_counter() - started, done
