"""Instruments in learners' hands, in SQL. Implements `Trials`."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from bot.domain.instrument.trial import Trial, TrialGuess
from bot.domain.learner import Learner
from bot.store.database import Database, Link, transactions
from bot.store.lesson.records import SqlRecords
from bot.store.statements import upsert
from bot.store.tables.instrument import TRIAL, TRIAL_GUESS
from bot.usecases.instrument.ports import OpenTrials


class SqlTrials:
    """Trials inside one transaction."""

    def __init__(self, connection: Link) -> None:
        self._connection = connection

    async def enrol(self, learner: Learner, now: datetime) -> None:
        """Remember a learner and their class; once is enough."""
        await SqlRecords(self._connection).enrol(learner, now)

    async def open_trial(
        self, learner: Learner, instrument: str, chosen: Mapping[str, Any], now: datetime
    ) -> Trial:
        """Keep the state of an instrument that was opened; its learner must be enrolled."""
        row = {
            "learner_id": learner.id,
            "instrument": instrument,
            "chosen": dict(chosen),
            "revision": 0,
            "changed": now,
        }
        done = await self._connection.execute(insert(TRIAL).values(row).returning(TRIAL.c.id))
        return Trial(done.scalar_one(), learner.id, instrument, dict(chosen))

    async def trial(self, trial_id: int) -> Trial | None:
        """Load one."""
        found = await self._connection.execute(select(TRIAL).where(TRIAL.c.id == trial_id))
        row = found.first()
        if row is None:
            return None
        return Trial(row.id, row.learner_id, row.instrument, row.chosen, row.revision)

    async def save_trial(self, trial: Trial, now: datetime) -> bool:
        """Write the trial over its former revision; False if another click was first."""
        query = (
            update(TRIAL)
            .where(TRIAL.c.id == trial.id, TRIAL.c.revision == trial.revision - 1)
            .values(chosen=dict(trial.chosen), revision=trial.revision, changed=now)
        )
        return (await self._connection.execute(query)).rowcount == 1

    async def has_guessed(self, learner_id: int, instrument: str) -> bool:
        """Whether they were asked at this instrument, and guessed or went on without."""
        g = TRIAL_GUESS.c
        query = select(g.trial_id).where(g.learner_id == learner_id, g.instrument == instrument)
        return (await self._connection.execute(query.limit(1))).first() is not None

    async def keep_guess(self, guess: TrialGuess, now: datetime) -> TrialGuess:
        """Keep a guess unless the trial has one; return the one that stands."""
        row = asdict(guess) | {"at": now}
        query = upsert(self._connection.dialect.name, TRIAL_GUESS).values(row)
        await self._connection.execute(query.on_conflict_do_nothing())
        here = select(TRIAL_GUESS).where(TRIAL_GUESS.c.trial_id == guess.trial_id)
        found = (await self._connection.execute(here)).mappings().one()
        return TrialGuess(**{name: found[name] for name in asdict(guess)})

    async def guessed_right(self, learner_id: int) -> tuple[int, int]:
        """Return how many of a learner's guesses were right, of those that could be told."""
        g = TRIAL_GUESS.c
        told = select(g.is_right, func.count()).group_by(g.is_right)
        found = await self._connection.execute(
            told.where(g.learner_id == learner_id, g.is_right.is_not(None))
        )
        counts: dict[bool, int] = {row[0]: row[1] for row in found}
        return counts.get(True, 0), sum(counts.values())


def open_with(engine: Database) -> OpenTrials:
    """Bind to a database."""
    return transactions(engine, SqlTrials)
