"""What a pass that checks a draft takes, beside one that makes a single token. Measured."""

import time
from collections.abc import Generator, Sequence

from tools.engine.forward.forward import Forward
from tools.engine.timings import PassTime
from tools.errors import BadInput

LONGEST = 512  # tokens before
MOST_TOKENS = 16
ROUNDS = 5


def pass_timing(
    forward: Forward, length: int, sizes: Sequence[int]
) -> Generator[None, None, tuple[PassTime, ...]]:
    """Time passes over so many new tokens after `length` others, in turns, five times each.

    Raises:
        BadInput: a length outside 1..512, no size, or one outside 1..16.
    """
    if not 1 <= length <= LONGEST or not sizes or not all(1 <= n <= MOST_TOKENS for n in sizes):
        raise BadInput(f"Give 1 to {LONGEST} tokens, and passes over 1 to {MOST_TOKENS}.")
    ids = [place * 7919 % forward.vocabulary for place in range(1, length + max(sizes) + 1)]
    run = forward.run(ids[:length])
    found: dict[int, list[float]] = {size: [] for size in sizes}
    for _ in range(ROUNDS):
        for size, samples in found.items():
            yield
            started = time.perf_counter()
            run.then(ids[length : length + size], keep=size)
            samples.append(1000 * (time.perf_counter() - started))
    return tuple(PassTime(size, tuple(sorted(samples))) for size, samples in found.items())
