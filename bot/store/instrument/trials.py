"""Instruments in learners' hands, in SQL. Implements `Trials`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from bot.domain.instrument.trial import Trial
from bot.domain.learner import Learner
from bot.store.database import Database, Link, transactions
from bot.store.lesson.records import SqlRecords
from bot.store.tables.instrument import TRIAL
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


def open_with(engine: Database) -> OpenTrials:
    """Bind to a database."""
    return transactions(engine, SqlTrials)
