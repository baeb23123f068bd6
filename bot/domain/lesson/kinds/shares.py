"""Votes as shares: by letter, the most frequent, or in ranges of numbers."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

MOST_HEADINGS = 6
MOST_TOLD = 4  # to one learner, beside their own answer
REST = "others"
_NOTHING = -1000  # the place of 0: below all others, and even
_SUFFIXES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))

Shares = tuple[tuple[str, float], ...]


def by_key(votes: Mapping[str, int], keys: Sequence[str]) -> Shares:
    """Return the share of each key, in their order."""
    cast = sum(votes.values())
    return tuple((key, votes.get(key, 0) / cast) for key in keys)


def likeliest(votes: Mapping[str, int]) -> Shares:
    """Return the most frequent headings."""
    cast = sum(votes.values())
    return tuple((key, count / cast) for key, count in _ranked(votes)[:MOST_TOLD])


def most(votes: Mapping[str, int]) -> Shares:
    """Return the most frequent, and the others as one."""
    cast = sum(votes.values())
    ranked = _ranked(votes)
    if len(ranked) > MOST_HEADINGS:
        kept = ranked[: MOST_HEADINGS - 1]
        ranked = [*kept, (REST, cast - sum(count for _, count in kept))]
    return tuple((heading, count / cast) for heading, count in ranked)


def ranges(votes: Mapping[str, int]) -> Shares:
    """Return numbers sorted into ranges, each to three or ten times where it begins."""
    cast = sum(votes.values())
    fine: Counter[int] = Counter()
    for answer, count in votes.items():
        fine[_place(float(answer))] += count
    if len(fine) <= MOST_HEADINGS:
        named = {place: _range(place, place + 1) for place in fine}
        return tuple((named[place], fine[place] / cast) for place in sorted(fine))
    wide: Counter[str] = Counter()
    for place in sorted(fine):
        even = place // 2 * 2
        wide[_range(even, even + 2)] += fine[place]
    if len(wide) <= MOST_HEADINGS:
        return tuple((heading, count / cast) for heading, count in wide.items())
    return most(wide)


def _ranked(votes: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))


def _place(value: float) -> int:
    """Return which of the steps 1, 3, 10, 30, 100 … a number reaches; 1 is at 0."""
    if value == 0:
        return _NOTHING
    exponent = math.floor(math.log10(value))
    return 2 * exponent + int(value >= 3 * 10**exponent)


def _range(low: int, high: int) -> str:
    return "0" if low == _NOTHING else f"{_edge(low)} to {_edge(high)}"


def _edge(place: int) -> str:
    value = (3 if place % 2 else 1) * 10.0 ** (place // 2)
    for size, suffix in _SUFFIXES:
        if size <= value < 1000 * size:
            return f"{value / size:g}{suffix}"
    return f"{value:g}"
