"""What the use cases about classes need from the outside."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from bot.domain.classroom.counts import (
    Tallies,
)
from bot.domain.classroom.member import Assignment, Member, Words
from bot.domain.classroom.report import ClassRecord, Report
from bot.domain.learner import Learner
from bot.domain.lesson.teachback import Grading
from curriculum.schema import Course


class Roles(Protocol):
    """Who instructs whom, inside one open transaction."""

    async def instructor_role(self, cohort_id: int) -> int | None:
        """Return the role that a class's instructors have; None: none was named."""
        ...


class OpenRoles(Protocol):
    """Open a transaction: commits on a clean exit, rolls back on an exception."""

    def __call__(self) -> AbstractAsyncContextManager[Roles]:
        """Open it."""
        ...


class Classes(Protocol):
    """Classes and who is in them, inside one open transaction."""

    async def name_instructors(self, cohort_id: int, role: int | None, now: datetime) -> None:
        """Keep which role a class's instructors have; the last word counts."""
        ...

    async def member(self, learner_id: int, cohort_id: int) -> Member | None:
        """Load a membership."""
        ...

    async def mark_asked(self, learner: Learner, now: datetime) -> bool:
        """Note that a learner is being asked whether they want to be shown; True only once.

        False too where nobody instructs the class, or the learner isn't in it.
        """
        ...

    async def decide(self, learner: Learner, is_shown: bool, now: datetime) -> None:
        """Keep what a learner decided, and their name only if they are shown."""
        ...

    async def tallies(self, cohort_id: int, since: datetime, until: datetime) -> Tallies:
        """Load what is counted of a class; stuck are those on a step since a time in between."""
        ...

    async def words(
        self, cohort_id: int, lesson: str, teachback: str, most: int
    ) -> Sequence[Words]:
        """Load what those who are shown wrote since they joined, in first runs, newest first."""
        ...

    async def gradings(self, cohort_id: int, lesson: str, teachback: str) -> Sequence[Grading]:
        """Load what was graded of those who are shown, in first runs, since they joined."""
        ...

    async def assign(self, wanted: Assignment, now: datetime) -> Assignment:
        """Keep an assignment, in place of the class's former one for that lesson."""
        ...

    async def to_remind(self, after: datetime, until: datetime) -> Sequence[Assignment]:
        """Load those due in between that nobody was reminded of."""
        ...

    async def mark_reminded(self, assignment_id: int, now: datetime) -> bool:
        """Note that a class is being reminded; True only once."""
        ...

    async def unmark_reminded(self, assignment_id: int) -> None:
        """Note that it wasn't, after all."""
        ...


class OpenClasses(Protocol):
    """Open a transaction: commits on a clean exit, rolls back on an exception."""

    def __call__(self) -> AbstractAsyncContextManager[Classes]:
        """Open it."""
        ...


class ReadReports(Protocol):
    """Read all of a class, without holding up anything else."""

    async def __call__(self, cohort_id: int, now: datetime) -> ClassRecord:
        """Return what is on record of a class."""
        ...


class WriteReports(Protocol):
    """Write a report as files, without holding up anything else."""

    async def page(self, report: Report) -> bytes:
        """Return one self-contained HTML page."""
        ...

    async def csv(self, report: Report) -> bytes:
        """Return the guesses as a table."""
        ...

    async def xapi(self, report: Report) -> bytes:
        """Return the guesses as xAPI statements, one JSON object a line."""
        ...

    async def cards(self, course: Course) -> bytes:
        """Return recall cards and the glossary as an Anki package."""
        ...
