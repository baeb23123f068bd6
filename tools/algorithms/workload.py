"""Requests made up for measuring, and what their times come to. Pure: chance comes in."""

import math
import random
from collections.abc import Iterable, Sequence
from itertools import accumulate

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
