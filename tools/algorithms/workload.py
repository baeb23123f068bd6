"""Requests made up for measuring, and what their times come to. Pure: chance comes in."""

import math
import random
import re
from collections.abc import Iterable, Sequence
from itertools import accumulate

from tools.algorithms.scheduling import QueuedRequest

_REQUEST = re.compile(r"([0-9]{1,6})\+([0-9]{1,6})(?:@([0-9]{1,6}))?")

# One token each in most vocabularies.
_WORDS = """
    the of and to in is it you that he was for on are with as his they be at one have this from or
    had by but some what there we can out other were all your when up use how said an each
"""


def fresh_text(words: int, dice: random.Random) -> str:
    """Return that many common words by chance, so that no cache has seen their beginning.

    As many tokens, within a few percent, in most vocabularies.
    """
    return " ".join(dice.choices(_WORDS.split(), k=words)).capitalize()


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest of the values that `share` (0..1] of them don't exceed.

    Raises:
        ValueError: there are none.
    """
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def most_at_once(spans: Iterable[tuple[float, float]]) -> int:
    """Return how many spans overlap at the most, each a start and an end; ends don't overlap."""
    spans = tuple(spans)
    turns = sorted([(start, 1) for start, _ in spans] + [(end, -1) for _, end in spans])
    most = max(accumulate((change for _, change in turns), initial=0))
    return max(most, min(1, len(spans)))  # one that was over at once was there too


def milliseconds(seconds: float) -> str:
    """Return a duration in ms, whole from 10 on: `7.4`, `312`."""
    value = 1000 * seconds
    return f"{value:.0f}" if value >= 9.95 else f"{value:.1f}"


def brief(seconds: float) -> str:
    """Return a duration in four signs: `312`, in ms, or `4.1s`."""
    return milliseconds(seconds) if seconds < 0.9995 else f"{few(seconds)}s"


def few(value: float) -> str:
    """Return a number in four signs at most: `0.45`, `3.4`, `210`."""
    return f"{value:.0f}" if value >= 9.95 else f"{value:.{2 if value < 0.995 else 1}f}"


def drawn_requests(
    count: int, longest: tuple[int, int], spread: int, seed: int
) -> tuple[QueuedRequest, ...]:
    """Return requests by chance, by arrival; the first arrives at step 0.

    Args:
        count: How many.
        longest: The most tokens of a prompt and of an answer; each has 1 to as many.
        spread: They arrive within so many steps.
        seed: Of the chance.
    """
    dice = random.Random(seed)
    lengths = [(dice.randint(1, longest[0]), dice.randint(1, longest[1])) for _ in range(count)]
    arrivals = sorted(dice.randint(0, spread) for _ in range(count))
    return tuple(
        QueuedRequest(arrival - arrivals[0], prompt, answer)
        for arrival, (prompt, answer) in zip(arrivals, lengths, strict=True)
    )


def read_requests(text: str, most: int) -> tuple[QueuedRequest, ...]:
    """Read `120+8 30+20@4`: tokens of prompt and answer, and the step of the arrival; by arrival.

    Raises:
        ValueError: more than `most`, or one that can't be read.
    """
    found = []
    for piece in text.replace(",", " ").split():
        read = _REQUEST.fullmatch(piece)
        if read is None:
            raise ValueError("give prompt+answer@step each, like 120+8 30+20@4")
        prompt, answer, arrival = (int(number or 0) for number in read.groups())
        if not 1 <= prompt <= 100_000 or not 1 <= answer <= 1000 or arrival > 1000:
            raise ValueError("prompts have up to 100,000 tokens, answers and steps up to 1,000")
        found.append(QueuedRequest(arrival, prompt, answer))
    if len(found) > most:
        raise ValueError(f"give up to {most} requests")
    return tuple(sorted(found, key=lambda one: one.arrival))
