"""What the learners themselves remember of the semester: what no table says, or not any more."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Wish:
    """A daily reminder that somebody asked for."""

    hour: int
    zone: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """A lesson that the class was set."""

    lesson: str
    due: datetime
    since: datetime


@dataclass
class Ledger:
    """Kept while the semester runs.

    Attributes:
        known: When the answer to an attempt's step was shown, or its rating was given.
        finished: When an attempt was.
        guessed: How many words of daily passages each learner has guessed.
        pressed: How often each kind of button was pressed.
        wishes: Who asked for a reminder.
        agreed: Who agreed to be shown.
        given: Lessons set.
        gone: The rows of learners who deleted themselves, as they were before, by table.
    """

    known: dict[tuple[int, str], datetime] = field(default_factory=dict)
    finished: dict[int, datetime] = field(default_factory=dict)
    guessed: Counter[int] = field(default_factory=Counter)
    pressed: Counter[str] = field(default_factory=Counter)
    wishes: dict[int, Wish] = field(default_factory=dict)
    agreed: set[int] = field(default_factory=set)
    given: list[Due] = field(default_factory=list)
    gone: dict[str, Rows] = field(default_factory=dict)
