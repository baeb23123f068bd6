"""Classes, in SQL. Implements `Classes`.

Nothing here looks at each learner or guess of a class: its page costs the same at any size.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, exists, func, literal, select, update

from bot.domain.classroom.counts import (
    MOST_COUNTED,
    MOST_STUCK,
    WRONG_KEYS,
    MemberPlace,
    Runs,
    Tallies,
    Tries,
    Votes,
)
from bot.domain.classroom.member import Assignment, Member, Words
from bot.domain.learner import Learner
from bot.domain.lesson.teachback import Grading
from bot.store.database import Database, Link, transactions
from bot.store.lesson.gradings import grading_of
from bot.store.statements import upsert
from bot.store.tables.classroom import ASSIGNMENT, FIRST_TRY, STANDING
from bot.store.tables.learner import COHORT, MEMBERSHIP
from bot.store.tables.lesson import ATTEMPT, GUESS, TALLY, TEACHBACK
from bot.store.tables.metadata import UtcDateTime
from bot.store.tables.tutor import QUESTION
from bot.usecases.classroom.ports import OpenClasses

MOST_READ = 500  # members whose words are looked through: those who moved last


class SqlClasses:
    """Classes inside one transaction."""

    def __init__(self, connection: Link) -> None:
        self._connection = connection

    async def name_instructors(self, cohort_id: int, role: int | None, now: datetime) -> None:
        """Keep which role a class's instructors have; the last word counts."""
        row = {"id": cohort_id, "first_seen": now, "instructor_role": role}
        query = self._insert(COHORT, row).on_conflict_do_update(
            index_elements=[COHORT.c.id], set_={"instructor_role": role}
        )
        await self._connection.execute(query)

    async def member(self, learner_id: int, cohort_id: int) -> Member | None:
        """Load a membership."""
        m = MEMBERSHIP.c
        query = select(MEMBERSHIP).where(m.learner_id == learner_id, m.cohort_id == cohort_id)
        rows = await self._rows(query)
        return _member(rows[0]) if rows else None

    async def mark_asked(self, learner: Learner, now: datetime) -> bool:
        """Note that a learner is being asked whether they want to be shown; True only once."""
        c = COHORT.c
        has_instructors = exists().where(c.id == learner.cohort_id, c.instructor_role.is_not(None))
        query = (
            update(MEMBERSHIP)
            .where(*_of(learner), MEMBERSHIP.c.asked.is_(None), has_instructors)
            .values(asked=now)
        )
        return (await self._connection.execute(query)).rowcount == 1

    async def decide(self, learner: Learner, is_shown: bool, now: datetime) -> None:
        """Keep what a learner decided, and their name only if they are shown."""
        query = (
            update(MEMBERSHIP)
            .where(*_of(learner))
            .values(
                is_shown=is_shown,
                name=learner.name if is_shown else None,
                asked=func.coalesce(MEMBERSHIP.c.asked, literal(now, UtcDateTime)),
                decided=now,
            )
        )
        await self._connection.execute(query)

    async def tallies(self, cohort_id: int, since: datetime, until: datetime) -> Tallies:
        """Load what is counted of a class; stuck are those on a step since a time in between."""
        m, q = MEMBERSHIP.c, QUESTION.c
        stuck = (m.cohort_id == cohort_id, m.since.between(since, until))
        shown = (
            select(MEMBERSHIP)
            .where(*stuck, m.is_shown.is_(True), m.since >= m.joined)
            .order_by(m.since)
            .limit(MOST_STUCK)
        )
        either = m.is_shown.in_((True, False))  # both ranges of the index
        unanswered = (q.cohort_id == cohort_id, q.answer.is_(None))
        return Tallies(
            runs=await self._runs(cohort_id),
            tries=await self._tries(cohort_id),
            votes=await self._votes(cohort_id),
            stuck=[
                MemberPlace(r.learner_id, r.name or "", r.lesson, r.step, r.since)
                for r in await self._rows(shown)
            ],
            all_stuck=await self._count(select(m.learner_id).where(*stuck, either)),
            questions=await self._count(select(q.id).where(*unanswered)),
        )

    async def words(
        self, cohort_id: int, lesson: str, teachback: str, most: int
    ) -> Sequence[Words]:
        """Load what those who are shown wrote since they joined, in first runs, newest first."""
        a, g = ATTEMPT.c, GUESS.c
        shown = _shown_in(cohort_id)
        query = (
            select(a.learner_id, g.step, g.answer, g.why)
            .join_from(shown, ATTEMPT, a.learner_id == shown.c.learner_id)
            .join(GUESS, g.attempt_id == a.id)
            .where(a.lesson == lesson, a.run == 1, g.at >= shown.c.joined)
            .where(g.why.is_not(None) | (g.step == teachback))
            .order_by(g.at.desc(), a.id)
            .limit(most)
        )
        return [Words(*tuple(row)) for row in await self._rows(query)]

    async def gradings(self, cohort_id: int, lesson: str, teachback: str) -> Sequence[Grading]:
        """Load what was graded of those who are shown, in first runs, since they joined."""
        a, b = ATTEMPT.c, TEACHBACK.c
        shown = _shown_in(cohort_id)
        query = (
            select(TEACHBACK)
            .join_from(shown, ATTEMPT, a.learner_id == shown.c.learner_id)
            .join(TEACHBACK, b.attempt_id == a.id)
            .where(a.lesson == lesson, a.run == 1, b.step == teachback, b.at >= shown.c.joined)
            .order_by(b.attempt_id, b.place)
        )
        rows = await self._rows(query)
        by_attempt = (list(own) for _, own in groupby(rows, key=lambda row: row.attempt_id))
        return [found for own in by_attempt if (found := grading_of(own))]

    async def assign(self, wanted: Assignment, now: datetime) -> Assignment:
        """Keep an assignment, in place of the class's former one for that lesson."""
        row = {
            "cohort_id": wanted.cohort_id,
            "lesson": wanted.lesson,
            "due": wanted.due,
            "channel_id": wanted.channel_id,
            "set_by": wanted.set_by,
            "set_at": now,
        }
        changed = {k: v for k, v in row.items() if k not in ("cohort_id", "lesson")}
        query = (
            self._insert(ASSIGNMENT, row)
            .on_conflict_do_update(
                index_elements=["cohort_id", "lesson"], set_=changed | {"reminded": None}
            )
            .returning(ASSIGNMENT)
        )
        return assignment_of((await self._connection.execute(query)).one())

    async def to_remind(self, after: datetime, until: datetime) -> Sequence[Assignment]:
        """Load those due in between that nobody was reminded of."""
        a = ASSIGNMENT.c
        return await self._assignments(a.reminded.is_(None), a.due > after, a.due <= until)

    async def mark_reminded(self, assignment_id: int, now: datetime) -> bool:
        """Note that a class is being reminded; True only once."""
        a = ASSIGNMENT.c
        query = update(ASSIGNMENT).where(a.id == assignment_id, a.reminded.is_(None))
        return (await self._connection.execute(query.values(reminded=now))).rowcount == 1

    async def unmark_reminded(self, assignment_id: int) -> None:
        """Note that it wasn't, after all."""
        query = update(ASSIGNMENT).where(ASSIGNMENT.c.id == assignment_id)
        await self._connection.execute(query.values(reminded=None))

    async def _runs(self, cohort_id: int) -> list[Runs]:
        s = STANDING.c
        query = select(s.lesson, s.begun, s.done).where(s.cohort_id == cohort_id)
        return [Runs(*tuple(row)) for row in await self._rows(query)]

    async def _tries(self, cohort_id: int) -> list[Tries]:
        f = FIRST_TRY.c
        counts = (f.lesson, f.step, f.said, f.tries, f.judged, f.right_tries)
        return [
            Tries(*tuple(row))
            for row in await self._rows(select(*counts).where(f.cohort_id == cohort_id))
        ]

    async def _votes(self, cohort_id: int) -> list[Votes]:
        y = TALLY.c
        counts = select(y.lesson, y.step, y.answer, y.votes)
        query = counts.where(y.cohort_id == cohort_id, y.answer.in_(WRONG_KEYS))
        return [Votes(*tuple(row)) for row in await self._rows(query)]

    async def _count(self, query: Select[Any]) -> int:
        """Count rows, but no further than a card says."""
        some = query.limit(MOST_COUNTED).subquery()
        counted = await self._connection.execute(select(func.count()).select_from(some))
        return int(counted.scalar_one())

    async def _assignments(self, *which: Any) -> list[Assignment]:
        a = ASSIGNMENT.c
        query = select(ASSIGNMENT).where(*which).order_by(a.due, a.id)
        return [assignment_of(row) for row in await self._rows(query)]

    def _insert(self, table: Any, row: dict[str, Any]) -> Any:
        return upsert(self._connection.dialect.name, table).values(row)

    async def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        rows: Sequence[Row[Any]] = (await self._connection.execute(query)).all()
        return rows


def open_with(engine: Database) -> OpenClasses:
    """Bind the classes to a database."""
    return transactions(engine, SqlClasses)


def assignment_of(row: Row[Any]) -> Assignment:
    """Return the assignment that a row holds."""
    return Assignment(row.id, row.cohort_id, row.lesson, row.due, row.channel_id, row.set_by)


def _shown_in(cohort_id: int) -> Any:
    """Return those of a class who are shown, with when they joined: those who moved last."""
    m = MEMBERSHIP.c
    return (
        select(m.learner_id, m.joined)
        .where(m.cohort_id == cohort_id, m.is_shown.is_(True))
        .order_by(m.since.desc())
        .limit(MOST_READ)
        .subquery()
    )


def _of(learner: Learner) -> tuple[Any, ...]:
    m = MEMBERSHIP.c
    return m.learner_id == learner.id, m.cohort_id == learner.cohort_id


def _member(row: Row[Any]) -> Member:
    return Member(
        learner_id=row.learner_id,
        cohort_id=row.cohort_id,
        joined=row.joined,
        is_shown=row.is_shown,
        name=row.name or "",
        was_asked=row.asked is not None,
        has_decided=row.decided is not None,
    )
