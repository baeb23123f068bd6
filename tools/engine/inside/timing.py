"""What this machine needs for a token, and for reading its memory. Measured, never guessed.

It is the forward that answers learners which is timed, whichever that is. Each measurement pauses
between slices, so that learners who wait get their answers.
"""

import time
from collections.abc import Callable, Generator, Sequence
from functools import partial
from statistics import median
from typing import TypeVar

import torch

from tools.engine.forward.forward import Forward
from tools.engine.timings import Bandwidth, CacheTime, DecodeSpeed, PassTime
from tools.errors import BadInput

LONGEST = 512
MOST_LENGTHS = 6
ROUNDS = 3
MOST_PASSED = 16  # tokens of one pass
PASSES = 5  # of each size
READINGS = 7
_WORD = 8  # bytes that are added up at a time
_Result = TypeVar("_Result")


def cache_timing(
    forward: Forward, lengths: Sequence[int]
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
        found.append((yield from _one_length(forward, length)))
    return tuple(found)


def decode_speed(forward: Forward, tokens: int) -> Generator[None, None, DecodeSpeed]:
    """Let one sequence grow from 8 tokens, and time it; the first token isn't counted.

    Raises:
        BadInput: not 1 to 128 tokens.
    """
    if not 1 <= tokens <= 128:
        raise BadInput("Give 1 to 128 tokens.")
    ids = _ids(forward, 8 + tokens)
    run, seconds = forward.run(ids[:8]), []
    for number in ids[8:]:
        yield
        taken, run = _timed(partial(run.then, (number,)))
        seconds.append(taken)
    seconds.sort()
    ends = tokens // 10
    return DecodeSpeed(tokens, tokens / sum(seconds), 1 / seconds[-1 - ends], 1 / seconds[ends])


def memory_bandwidth(forward: Forward) -> Generator[None, None, Bandwidth]:
    """Read every weight once, some times; return the fastest and the slowest: bytes per second."""
    words = [_words(weight) for weight in forward.weights()]
    size = sum(each.numel() * _WORD for each in words)
    taken = []
    for _ in range(READINGS):
        yield
        taken.append(_timed(lambda: [each.sum() for each in words])[0])
    return Bandwidth(size / min(taken), size, size / max(taken))


def pass_timing(
    forward: Forward, length: int, sizes: Sequence[int]
) -> Generator[None, None, tuple[PassTime, ...]]:
    """Time passes over so many new tokens after `length` others, in turns, five times each.

    Raises:
        BadInput: a length outside 1..512, no size, or one outside 1..16.
    """
    if not 1 <= length <= LONGEST or not sizes or not all(1 <= n <= MOST_PASSED for n in sizes):
        raise BadInput(f"Give 1 to {LONGEST} tokens, and passes over 1 to {MOST_PASSED}.")
    ids = _ids(forward, length + max(sizes))
    run = forward.run(ids[:length])
    found: dict[int, list[float]] = {size: [] for size in sizes}
    for _ in range(PASSES):
        for size, samples in found.items():
            yield
            read_on = partial(run.then, ids[length : length + size], keep=size)
            samples.append(1000 * _timed(read_on)[0])
    return tuple(PassTime(size, tuple(sorted(samples))) for size, samples in found.items())


def _words(weight: torch.Tensor) -> torch.Tensor:
    """Return a weight's memory as whole numbers, which are added up as fast as they are read."""
    return weight.contiguous().flatten().view(torch.uint8).view(torch.int64)


def _one_length(forward: Forward, length: int) -> Generator[None, None, CacheTime]:
    ids = _ids(forward, length + 1)
    run = forward.run(ids[:-1])
    cached, whole = [], []
    for _ in range(ROUNDS):
        yield
        cached.append(_timed(partial(run.then, ids[-1:]))[0])
        whole.append(_timed(partial(forward.run, ids))[0])
    return CacheTime(length, 1000 * median(cached), 1000 * median(whole))


def _ids(forward: Forward, count: int) -> tuple[int, ...]:
    """Return ids to read; how long that takes depends on their number alone."""
    return tuple(place * 7919 % forward.vocabulary for place in range(1, count + 1))


def _timed(work: Callable[[], _Result]) -> tuple[float, _Result]:
    """Return how many seconds it took, and what came of it."""
    started = time.perf_counter()
    done = work()
    return time.perf_counter() - started, done
