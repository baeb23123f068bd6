"""A learner's way through the course, in SQL. Implements `PathRecords`."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from bot.domain.learner import Learner
from bot.domain.lesson.attempt import Attempt
from bot.domain.path.placement import AnswerOutcome, PlacedAnswer, Placement
from bot.domain.path.redo import Redone
from bot.domain.practice.plan import Plan
from bot.domain.practice.scheduling import Grade
from bot.store.database import Database, Link, transactions
from bot.store.lesson.records import SqlRecords
from bot.store.practice.reviews import SqlReviews
from bot.store.statements import upsert
from bot.store.tables.path import PLACEMENT, REDONE
from bot.store.tables.practice import CARD, REVIEW
from bot.usecases.path.ports import OpenPathRecords


class SqlPaths:
    """Placements and what was redone, inside one transaction."""

    def __init__(self, connection: Link) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name

    async def enrol(self, learner: Learner, now: datetime) -> None:
        """Remember a learner and their class; once is enough."""
        await SqlRecords(self._connection).enrol(learner, now)

    async def attempts_of(self, learner_id: int) -> Sequence[Attempt]:
        """Load every run of every lesson."""
        return await SqlRecords(self._connection).attempts_of(learner_id)

    async def placement(self, learner_id: int, *, is_held: bool = False) -> Placement | None:
        """Load a learner's placement; hold it until the transaction ends, if asked to."""
        query = select(PLACEMENT).where(PLACEMENT.c.learner_id == learner_id)
        found = await self._connection.execute(query.with_for_update() if is_held else query)
        row = found.first()
        if row is None:
            return None
        answers = tuple(PlacedAnswer(a[0], a[1], AnswerOutcome(a[2])) for a in row.answers)
        return Placement(row.learner_id, answers, row.lesson, row.step)

    async def save_placement(self, placement: Placement, now: datetime) -> None:
        """Write a placement, be it there or not; its learner must be enrolled."""
        row = {
            "learner_id": placement.learner_id,
            "answers": [[one.lesson, one.step, one.outcome.value] for one in placement.answers],
            "lesson": placement.lesson,
            "step": placement.step,
            "changed": now,
        }
        query = upsert(self._dialect, PLACEMENT).values(row)
        there = query.on_conflict_do_update(index_elements=["learner_id"], set_=row)
        await self._connection.execute(there)

    async def redone(self, learner_id: int) -> Sequence[Redone]:
        """Load what was redone."""
        query = select(REDONE).where(REDONE.c.learner_id == learner_id)
        rows = await self._connection.execute(query)
        return [Redone(r.lesson, r.step, r.turns, r.is_right, r.at) for r in rows]

    async def save_redone(self, learner_id: int, after: Redone) -> bool:
        """Write how a step was redone; False if another click was first."""
        r = REDONE.c
        what = {"turns": after.turns, "is_right": after.is_right, "at": after.at}
        key = {"learner_id": learner_id, "lesson": after.lesson, "step": after.step}
        if after.turns == 1:
            query = upsert(self._dialect, REDONE).values({**key, **what})
            made = await self._connection.execute(query.on_conflict_do_nothing().returning(r.turns))
            return made.first() is not None
        here = (r.learner_id == learner_id, r.lesson == after.lesson, r.step == after.step)
        before = r.turns == after.turns - 1
        done = await self._connection.execute(update(REDONE).where(*here, before).values(what))
        return bool(done.rowcount == 1)

    async def remembered(self, learner_id: int) -> frozenset[tuple[str, str]]:
        """Return lesson and step of the cards that were known when last reviewed."""
        query = (
            select(CARD.c.lesson, CARD.c.step, REVIEW.c.grade)
            .join(CARD, CARD.c.id == REVIEW.c.card_id)
            .where(REVIEW.c.learner_id == learner_id)
            .order_by(REVIEW.c.at, REVIEW.c.id)
        )
        rows = await self._connection.execute(query)
        last = {(row.lesson, row.step): row.grade for row in rows}
        return frozenset(where for where, grade in last.items() if grade > Grade.AGAIN)

    async def zone(self, learner_id: int) -> str:
        """Return the time zone that a learner set, or the one that holds for all."""
        plan = await SqlReviews(self._connection).plan(learner_id, is_held=False)
        return (plan or Plan(learner_id)).zone


def open_with(engine: Database) -> OpenPathRecords:
    """Bind to a database."""
    return transactions(engine, SqlPaths)
