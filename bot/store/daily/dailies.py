"""The guess game, in SQL. Implements `Dailies`."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, or_, select, update

from bot.domain.daily.game import Best, Crowd, DailyGuess
from bot.domain.learner import Learner
from bot.domain.practice.zones import UTC_NAME
from bot.store.database import Database, Link, transactions
from bot.store.lesson.evidence_json import from_json, to_json
from bot.store.lesson.records import SqlRecords
from bot.store.practice.reviews import practise
from bot.store.statements import upsert
from bot.store.tables.daily import DAILY_GUESS
from bot.store.tables.practice import PLAN
from bot.usecases.daily.ports import OpenDailies


class SqlDailies:
    """Daily guesses inside one transaction."""

    def __init__(self, connection: Link) -> None:
        self._connection = connection

    async def enrol(self, learner: Learner, now: datetime) -> None:
        """Remember a learner and their class; once is enough."""
        await SqlRecords(self._connection).enrol(learner, now)

    async def made_on(self, learner_id: int, day: date) -> Sequence[DailyGuess]:
        """Return a learner's guesses at a day's passage, in order."""
        g = DAILY_GUESS.c
        query = select(DAILY_GUESS).where(g.learner_id == learner_id, g.day == day)
        rows = (await self._connection.execute(query.order_by(g.place))).all()
        return [_guess(row) for row in rows]

    async def keep(self, learner: Learner, day: date, guess: DailyGuess) -> bool:
        """Keep a guess before the model is asked; False if there is one at that place."""
        row = {
            "learner_id": learner.id,
            "day": day,
            "place": guess.place,
            "cohort_id": learner.cohort_id,
            "passage": guess.passage,
            "answer": guess.answer,
            "at": guess.at,
            **_learnt(guess),
        }
        query = upsert(self._connection.dialect.name, DAILY_GUESS).values(row)
        query = query.on_conflict_do_nothing().returning(DAILY_GUESS.c.place)
        return (await self._connection.execute(query)).first() is not None

    async def settle(self, learner_id: int, day: date, guess: DailyGuess) -> None:
        """Write what the model said of a guess, or that the learner went on without."""
        g = DAILY_GUESS.c
        where = (g.learner_id == learner_id, g.day == day, g.place == guess.place)
        await self._connection.execute(update(DAILY_GUESS).where(*where).values(_learnt(guess)))

    async def crowd(self, cohort_id: int, day: date, place: int) -> Crowd | None:
        """Return how a class did at one place; None: nobody was scored there."""
        g = DAILY_GUESS.c
        where = (g.cohort_id == cohort_id, g.day == day, g.place == place, g.bits.is_not(None))
        counted = select(func.count()).select_from(DAILY_GUESS).where(*where)
        count = int((await self._connection.execute(counted)).scalar_one())
        if not count:
            return None
        middle = select(g.bits).where(*where).order_by(g.bits)
        middle = middle.offset((count - 1) // 2).limit(2 - count % 2)
        bits = (await self._connection.execute(middle)).scalars().all()
        return Crowd(count, sum(bits) / len(bits))

    async def best_of(self, learner_id: int, places: int) -> Best | None:
        """Return a learner's best passage of those with all places scored; None: no such."""
        g = DAILY_GUESS.c
        days = (
            select(func.avg(g.bits).label("bits"))
            .where(g.learner_id == learner_id, g.bits.is_not(None))
            .group_by(g.day)
            .having(func.count() == places)
            .subquery()
        )
        query = select(func.min(days.c.bits).label("best"), func.count().label("finished"))
        row = (await self._connection.execute(query.select_from(days))).one()
        return Best(row.best, row.finished) if row.finished else None

    async def finished_days(self, learner_id: int, places: int) -> Sequence[date]:
        """Return the days on which a learner guessed at all places, and waits for none."""
        g = DAILY_GUESS.c
        query = (
            select(g.day)
            .where(g.learner_id == learner_id, or_(g.bits.is_not(None), g.is_left.is_(True)))
            .group_by(g.day)
            .having(func.count() == places)
        )
        return (await self._connection.execute(query)).scalars().all()

    async def practise(self, learner_id: int, day: date) -> None:
        """Remember a day on which a learner practised outside a lesson; once is enough."""
        await practise(self._connection, learner_id, day)

    async def zone_of(self, learner_id: int) -> str:
        """Return a learner's time zone; UTC if they chose none."""
        query = select(PLAN.c.zone).where(PLAN.c.learner_id == learner_id)
        zone: str | None = (await self._connection.execute(query)).scalar()
        return zone or UTC_NAME


def open_with(engine: Database) -> OpenDailies:
    """Bind the guess game to a database."""
    return transactions(engine, SqlDailies)


def _learnt(guess: DailyGuess) -> dict[str, Any]:
    return {
        "bits": guess.evidence.surprisal_bits if guess.evidence else None,
        "text_bits": guess.text_bits,
        "evidence": to_json(guess.evidence),
        "is_left": guess.is_left,
    }


def _guess(row: Row[Any]) -> DailyGuess:
    return DailyGuess(
        place=row.place,
        passage=row.passage,
        answer=row.answer,
        at=row.at,
        evidence=from_json(row.evidence),
        text_bits=row.text_bits,
        is_left=row.is_left,
    )
