"""What is counted of a class, as it is kept. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.crowd import is_crowd
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


def told(tallies: Tallies) -> Tallies:
    """Leave out what came of guesses where too few made them; that they guessed still counts."""
    judged: Counter[tuple[str, str]] = Counter()
    for one in tallies.tries:
        judged[one.lesson, one.step] += one.judged
    tries = (
        one if is_crowd(judged[one.lesson, one.step]) else replace(one, judged=0, right=0)
        for one in tallies.tries
    )
    return replace(tallies, tries=tuple(tries), votes=told_votes(tallies.votes))


def told_votes(votes: Sequence[Votes]) -> tuple[Votes, ...]:
    """Return the votes at steps where enough have voted."""
    cast: Counter[tuple[str, str]] = Counter()
    for one in votes:
        cast[one.lesson, one.step] += one.votes
    return tuple(one for one in votes if is_crowd(cast[one.lesson, one.step]))
