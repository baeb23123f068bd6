"""All of a class for its report, read on a connection and a thread of its own.

The bot goes on meanwhile: its own SQLite connection runs on the event loop, and a report is long.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from secrets import token_hex

from sqlalchemy import Engine, create_engine, make_url, select, text

from bot.domain.classroom.counts import (
    GONE_AFTER,
    STUCK_AFTER,
)
from bot.domain.classroom.member import Member, seen_since
from bot.domain.classroom.report import MOST_LISTED, ClassRecord, ShownLearner
from bot.domain.lesson.attempt import Attempt
from bot.domain.lesson.teachback import Grading
from bot.store import statements as sql
from bot.store.classroom.classes import SqlClasses
from bot.store.database import BUSY_TIMEOUT_S, explained, file_of
from bot.store.inline import InlineConnection
from bot.store.lesson.gradings import grading_of
from bot.store.lesson.records import attempts_in
from bot.store.tables.learner import COHORT, MEMBERSHIP
from bot.store.tables.lesson import ATTEMPT, TEACHBACK
from bot.store.tables.tutor import QUESTION

_AT_ONCE = 200  # learners whose attempts are read in one statement
_MOST_QUESTIONS = 200


class SqlReports:
    """Reads reports. Implements `ReadReports`."""

    def __init__(self, url: str) -> None:
        """Remember the database's address; nothing is opened yet."""
        self._url = url

    async def __call__(self, cohort_id: int, now: datetime) -> ClassRecord:
        """Return what is on record of a class.

        Raises:
            StoreError: the database can't be used.
        """
        return await asyncio.to_thread(self._read, cohort_id, now)

    def _read(self, cohort_id: int, now: datetime) -> ClassRecord:
        engine = _engine(self._url)
        try:
            with explained():
                return asyncio.run(_held(engine, cohort_id, now))
        finally:
            engine.dispose()


async def _held(engine: Engine, cohort_id: int, now: datetime) -> ClassRecord:
    with engine.connect() as plain:
        if plain.dialect.name == "sqlite":
            plain.execute(text("PRAGMA query_only = ON"))
        connection = InlineConnection(plain)
        between = (now - GONE_AFTER, now - STUCK_AFTER)
        return ClassRecord(
            tallies=await SqlClasses(connection).tallies(cohort_id, *between),
            shown=await _shown(connection, cohort_id),
            questions=await _questions(connection, cohort_id),
            key=await _key(connection, cohort_id),
        )


async def _shown(connection: InlineConnection, cohort_id: int) -> list[ShownLearner]:
    m = MEMBERSHIP.c
    query = (
        select(m.learner_id, m.joined, m.name, m.since)
        .where(m.cohort_id == cohort_id, m.is_shown.is_(True))
        .order_by(m.since.desc().nulls_last(), m.learner_id)
        .limit(MOST_LISTED)
    )
    rows = (await connection.execute(query)).all()
    found = []
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        ids = [row.learner_id for row in some]
        loaded = await connection.execute(sql.LOAD.where(ATTEMPT.c.learner_id.in_(ids)))
        graded = await _graded(connection, ids)
        by_learner: dict[int, list[Attempt]] = {}
        for attempt in attempts_in(loaded.all()):
            by_learner.setdefault(attempt.learner_id, []).append(attempt)
        for row in some:
            member = Member(row.learner_id, cohort_id, row.joined, True, row.name or "")
            attempts = seen_since(by_learner.get(row.learner_id, []), row.joined)
            found.append(ShownLearner(member, row.since, tuple(attempts), graded))
    return found


async def _graded(
    connection: InlineConnection, learners: Sequence[int]
) -> dict[tuple[int, str], Grading]:
    """Return the gradings of some learners' teach-backs, by attempt and step."""
    a, b = ATTEMPT.c, TEACHBACK.c
    query = (
        select(TEACHBACK)
        .join(ATTEMPT, a.id == b.attempt_id)
        .where(a.learner_id.in_(learners))
        .order_by(b.attempt_id, b.step, b.place)
    )
    rows = (await connection.execute(query)).all()
    places = groupby(rows, key=lambda row: (row.attempt_id, row.step))
    return {place: found for place, own in places if (found := grading_of(list(own)))}


async def _questions(connection: InlineConnection, cohort_id: int) -> list[str]:
    q = QUESTION.c
    query = (
        select(q.text)
        .where(q.cohort_id == cohort_id, q.answer.is_(None))
        .order_by(q.id)
        .limit(_MOST_QUESTIONS)
    )
    return [row.text for row in (await connection.execute(query)).all()]


async def _key(connection: InlineConnection, cohort_id: int) -> str:
    """Return the class's key; one for this report alone where the class was never met."""
    query = select(COHORT.c.key).where(COHORT.c.id == cohort_id)
    return (await connection.execute(query)).scalar() or token_hex(16)


def _engine(url: str) -> Engine:
    if file := file_of(url):
        return create_engine(f"sqlite:///{file}", connect_args={"timeout": BUSY_TIMEOUT_S})
    return create_engine(make_url(url).set(drivername="postgresql+psycopg"))
