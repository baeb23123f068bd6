"""Things mixed up for showing, the same way for everybody; letters name places as shown."""

import hashlib
import random

from bot.domain.errors import StaleClick
from curriculum.kinds.base import OPTION_KEYS


def drawn(seed: str) -> bytes:
    """Return 32 bytes that follow from a seed alone, on every machine and after every restart."""
    return hashlib.sha256(seed.encode()).digest()


def mixed(seed: str, count: int) -> list[int]:
    """Return the places 0 to count - 1 in the order of showing; never as they are."""
    right = list(range(count))
    shown = right[:]
    random.Random(drawn(seed)).shuffle(shown)
    return shown if shown != right else shown[::-1]  # never show the answer as the question


def placed(seed: str, count: int, letters: str) -> tuple[int, ...]:
    """Return the places that letters name, in their order."""
    shown = mixed(seed, count)
    return tuple(shown[OPTION_KEYS.index(letter)] for letter in letters)


def letters_of(raw: str, count: int) -> str:
    """Return the letters of an arrangement, be it whole or not; the last one left places itself.

    Raises:
        StaleClick: a letter stands twice, or names nothing.
    """
    allowed = OPTION_KEYS[:count]
    if any(key not in allowed for key in raw) or len(set(raw)) != len(raw):
        raise StaleClick
    return raw if len(raw) < count - 1 else raw + "".join(set(allowed) - set(raw))
