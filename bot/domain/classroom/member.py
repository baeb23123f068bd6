"""A learner in a class: what they agreed to, what they wrote, what the class is set. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.lesson.attempt import Attempt

LONGEST_NAME = 100  # characters that are kept of a name
REMIND_BEFORE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Member:
    """One membership. Instructors may see a learner by name only where `is_shown`."""

    learner_id: int
    cohort_id: int
    joined: datetime
    is_shown: bool = False
    name: str = ""
    was_asked: bool = False
    has_decided: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What a learner who agreed to be shown wrote: a reason for a guess, or a teach-back."""

    learner_id: int
    step: str
    answer: str
    why: str | None


@dataclass(frozen=True, slots=True)
class Assignment:
    """A lesson that a class is to have done by a time; one for each lesson."""

    id: int
    cohort_id: int
    lesson: str
    due: datetime
    channel_id: int  # where it was set
    set_by: int


def seen_since(attempts: Iterable[Attempt], joined: datetime) -> list[Attempt]:
    """Return attempts with only the guesses made from a time on; those without any are dropped."""
    cut = (
        replace(attempt, guesses=tuple(g for g in attempt.guesses if g.at >= joined))
        for attempt in attempts
    )
    return [attempt for attempt in cut if attempt.guesses]
