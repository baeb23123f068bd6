"""Requests made up for measuring, and what their times come to. Pure: chance comes in."""

import math
import random
from collections.abc import Sequence

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


def milliseconds(seconds: float) -> str:
    """Return a duration in ms, whole from 10 on: `7.4`, `312`."""
    value = 1000 * seconds
    return f"{value:.0f}" if value >= 9.95 else f"{value:.1f}"
