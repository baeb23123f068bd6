"""How a class's guesses spread: without the key for the talk, against it at the end."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from bot.domain.lesson.scoring import tally_key
from bot.domain.round.round import Count, RoundStep
from curriculum.schema import OPTION_KEYS, ChoiceStep, NumberStep, OrderStep

MOST_HEADINGS = 6
REST = "others"
_SUFFIXES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))

Shares = tuple[tuple[str, float], ...]


def guesses_in(counts: Iterable[Count], turn: int) -> int:
    """Return how many have voted in a turn."""
    return sum(count.votes for count in counts if count.turn == turn)


def spread_of(step: RoundStep, counts: Sequence[Count], turn: int) -> Shares:
    """Return headings with their shares, 0 to 1. The headings say nothing about what is right."""
    votes: Counter[str] = Counter()
    for count in counts:
        if count.turn == turn:
            votes[count.answer] += count.votes
    cast = votes.total()
    if not cast:
        return ()
    match step:
        case ChoiceStep():
            keys = OPTION_KEYS[: len(step.options)]
            return tuple((key, votes[key] / cast) for key in keys)
        case OrderStep():
            return _most(votes)
        case NumberStep():
            return _ranges(votes)


def heading_of(step: RoundStep, answer: str) -> str:
    """Return under which heading an answer stands once the key is known."""
    return tally_key(step, answer) or answer


def headings_of(step: RoundStep) -> tuple[str, ...]:
    """Return all of these headings, in the order of showing."""
    match step:
        case ChoiceStep():
            return tuple(OPTION_KEYS[: len(step.options)])
        case NumberStep():
            return ("too low", "close", "too high")
        case OrderStep():
            return ("in order", "another order")


def _most(votes: Counter[str]) -> Shares:
    """Return the most frequent, and the others as one."""
    cast = votes.total()
    ranked = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))
    if len(ranked) > MOST_HEADINGS:
        kept = ranked[: MOST_HEADINGS - 1]
        ranked = [*kept, (REST, cast - sum(count for _, count in kept))]
    return tuple((heading, count / cast) for heading, count in ranked)


def _ranges(votes: Counter[str]) -> Shares:
    """Return numbers sorted into ranges, each to three or ten times where it begins."""
    fine: Counter[int] = Counter()
    for answer, count in votes.items():
        fine[_place(float(answer))] += count
    if len(fine) <= MOST_HEADINGS:
        named = {place: _range(place, place + 1) for place in fine}
        return tuple((named[place], fine[place] / votes.total()) for place in sorted(fine))
    wide: Counter[str] = Counter()
    for place in sorted(fine):
        even = place // 2 * 2
        wide[_range(even, even + 2)] += fine[place]
    if len(wide) <= MOST_HEADINGS:
        return tuple((heading, count / votes.total()) for heading, count in wide.items())
    return _most(wide)


def _place(value: float) -> int:
    """Return which of the steps 1, 3, 10, 30, 100 … a number reaches; 1 is at 0."""
    exponent = math.floor(math.log10(value))
    return 2 * exponent + int(value >= 3 * 10**exponent)


def _range(low: int, high: int) -> str:
    return f"{_edge(low)} to {_edge(high)}"


def _edge(place: int) -> str:
    value = (3 if place % 2 else 1) * 10.0 ** (place // 2)
    for size, suffix in _SUFFIXES:
        if size <= value < 1000 * size:
            return f"{value / size:g}{suffix}"
    return f"{value:g}"
