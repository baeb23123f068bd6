"""What is counted of a class, as it is kept. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from curriculum.kinds.base import OPTION_KEYS

STUCK_AFTER = timedelta(days=3)  # on one step
GONE_AFTER = timedelta(days=30)  # who hasn't moved for longer isn't stuck, but away
MOST_STUCK = 5  # named on a card
MOST_COUNTED = 1000  # beyond which a count is "1,000 or more", so that it costs the same
WRONG_KEYS = (*OPTION_KEYS, "too low", "too high", "another order")


@dataclass(frozen=True, slots=True)
class Runs:
    """First runs of a lesson."""

    lesson: str
    begun: int
    done: int


@dataclass(frozen=True, slots=True)
class Tries:
    """First tries at a step that were made with one confidence, in thousandths."""

    lesson: str
    step: str
    said: int
    tries: int
    judged: int
    right: int


@dataclass(frozen=True, slots=True)
class Votes:
    """How often an answer was a first guess."""

    lesson: str
    step: str
    answer: str
    votes: int


@dataclass(frozen=True, slots=True)
class MemberPlace:
    """Where a learner who agreed to be shown stands, and since when."""

    learner_id: int
    name: str
    lesson: str
    step: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Tallies:
    """What is counted of a class."""

    runs: Sequence[Runs] = ()
    tries: Sequence[Tries] = ()
    votes: Sequence[Votes] = ()
    stuck: Sequence[MemberPlace] = ()  # of those who are shown, the longest first
    all_stuck: int = 0  # everybody, up to MOST_COUNTED
    questions: int = 0  # unanswered, up to MOST_COUNTED
