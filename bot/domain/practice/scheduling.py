"""When a card returns: FSRS, as a function of what is stored and of the time that is given.

The library's random spread of due dates is off, so that the same review always gives the same day.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from functools import lru_cache

import fsrs
from fsrs.scheduler import DEFAULT_PARAMETERS

RETENTION = 0.9  # the share of cards that is to be known when they return


class Grade(IntEnum):
    """How well a card was known."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class Scheduling:
    """What FSRS goes by.

    Attributes:
        weights: The 21 parameters of FSRS-6.
        retention: The probability of recall at which a card returns, 0.7 to 0.99.
    """

    weights: tuple[float, ...] = DEFAULT_PARAMETERS
    retention: float = RETENTION


@dataclass(frozen=True, slots=True)
class Memory:
    """What FSRS knows of one card. Stability is in days, difficulty 1 to 10."""

    due: datetime
    state: int = int(fsrs.State.Learning)
    step: int | None = 0  # of the short steps on the first day; None in review
    stability: float | None = None
    difficulty: float | None = None
    last: datetime | None = None


def reviewed(memory: Memory, grade: Grade, now: datetime, by: Scheduling) -> Memory:
    """Return the memory after a review at this moment.

    Source:
        FSRS-6, as in the `fsrs` library; see its `Scheduler.review_card`.
    """
    moment = now.astimezone(UTC)
    card, _ = _scheduler(by).review_card(_card(memory), fsrs.Rating(int(grade)), moment)
    return Memory(
        card.due, int(card.state), card.step, card.stability, card.difficulty, card.last_review
    )


def returns(memory: Memory, now: datetime, by: Scheduling) -> tuple[tuple[Grade, datetime], ...]:
    """Return when the card would be back for each grade given now."""
    return tuple((grade, reviewed(memory, grade, now, by).due) for grade in Grade)


def retrievability(memory: Memory, now: datetime, by: Scheduling) -> float:
    """Return the probability, 0 to 1, that the card is known now; 0 before its first review."""
    return float(_scheduler(by).get_card_retrievability(_card(memory), now.astimezone(UTC)))


@lru_cache(maxsize=64)
def _scheduler(by: Scheduling) -> fsrs.Scheduler:
    return fsrs.Scheduler(by.weights, by.retention, enable_fuzzing=False)


def _card(memory: Memory) -> fsrs.Card:
    return fsrs.Card(
        card_id=1,  # without one the library waits a millisecond to make one
        state=fsrs.State(memory.state),
        step=memory.step,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.due,
        last_review=memory.last,
    )
