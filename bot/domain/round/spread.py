"""How a class's guesses spread: without the key for the talk, against it at the end."""

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.domain.lesson.kinds.registry import kind_of
from bot.domain.lesson.kinds.shares import Shares
from bot.domain.lesson.scoring import tally_key
from bot.domain.round.round import Count, RoundStep


def guesses_in(counts: Iterable[Count], turn: int) -> int:
    """Return how many have voted in a turn."""
    return sum(count.votes for count in counts if count.turn == turn)


def spread_of(step: RoundStep, counts: Sequence[Count], turn: int) -> Shares:
    """Return headings with their shares, 0 to 1. The headings say nothing about what is right."""
    votes: Counter[str] = Counter()
    for count in counts:
        if count.turn == turn:
            votes[count.answer] += count.votes
    return kind_of(step).spread(step, votes) if votes.total() else ()


def heading_of(step: RoundStep, answer: str) -> str:
    """Return under which heading an answer stands once the key is known."""
    return tally_key(step, answer) or answer


def headings_of(step: RoundStep) -> tuple[str, ...]:
    """Return all of these headings, in the order of showing."""
    return kind_of(step).headings(step)
