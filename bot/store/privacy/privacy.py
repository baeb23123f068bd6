"""All that is held about one person, found by following the tables' own keys.

Implements `Privacy`. A row is somebody's if a key that deletes along with it leads
to them. So a new table is exported and deleted without being named here; a column that names a
person in another way must be, in `NAMED`, and a test looks for such columns.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    Table,
    Text,
    cast,
    delete,
    or_,
    select,
    update,
)

from bot.domain.privacy.held import Held, Rows
from bot.store.database import Database, Link, transactions
from bot.store.inline import InlineEngine
from bot.store.tables.classroom import ASSIGNMENT
from bot.store.tables.every import SCHEMA
from bot.store.tables.learner import LEARNER
from bot.store.tables.lesson import TEACHBACK
from bot.store.tables.round import CLASS_ROUND
from bot.store.tables.tutor import QUESTION
from bot.usecases.privacy.ports import OpenPrivacy


@dataclass(frozen=True, slots=True)
class NamedColumn:
    """A column that names a person on a row that belongs to others.

    Attributes:
        what: Under which name their part of such rows is handed over.
        by: The column.
        own: The columns of the row that are theirs too.
        after: What stands in the column once they are gone.
    """

    what: str
    by: Column[Any]
    own: tuple[Column[Any], ...]
    after: int | None = None


NOBODY = 0
_SOMEBODY = "an instructor"  # in what is handed over: it is no business of the learner's who

_q, _a, _r = QUESTION.c, ASSIGNMENT.c, CLASS_ROUND.c
NAMED = (
    NamedColumn("question (answered)", _q.answered_by, (_q.id, _q.answer, _q.answered)),
    NamedColumn("assignment (set)", _a.set_by, (_a.id, _a.lesson, _a.due, _a.set_at), after=NOBODY),
    NamedColumn("class_round (asked)", _r.asked_by, (_r.id, _r.lesson, _r.step, _r.begun)),
)


class SqlPrivacy:
    """All about one person, inside one transaction."""

    def __init__(self, connection: Link) -> None:
        self._connection = connection

    async def everything(self, learner_id: int) -> Held:
        """Return every row about a person, by table; tables without one are left out."""
        held: dict[str, Rows] = {}
        for table in SCHEMA.sorted_tables:
            mine = of(table, learner_id)
            if mine is not None:
                rows = await self._rows(select(table).where(mine))
                held[table.name] = [_without_others(row) for row in rows]
        for one in NAMED:
            held[one.what] = await self._rows(select(*one.own).where(one.by == learner_id))
        held["teachback (judged)"] = [
            {"step": row["step"], "criterion": row["criterion"], **said}
            for row in await self._judged(learner_id)
            for said in row["overrides"]
            if said["by"] == learner_id
        ]
        return {name: rows for name, rows in held.items() if rows}

    async def first_seen(self, learner_id: int) -> datetime | None:
        """Return since when they are known; None: they aren't. Holds them until the end."""
        query = select(LEARNER.c.first_seen).where(LEARNER.c.id == learner_id)
        seen: datetime | None = (
            await self._connection.execute(query.with_for_update())
        ).scalar_one_or_none()
        return seen

    async def delete(self, learner_id: int) -> None:
        """Delete a person and all that is theirs; where they are named on others' rows, unname."""
        for one in NAMED:
            query = update(one.by.table).where(one.by == learner_id)
            await self._connection.execute(query.values({one.by: one.after}))
        for row in await self._judged(learner_id):
            await self._unname(row, learner_id)
        await self._connection.execute(delete(LEARNER).where(LEARNER.c.id == learner_id))

    async def _judged(self, learner_id: int) -> Sequence[Mapping[str, Any]]:
        """Return the teach-backs whose verdicts a person overruled; their id is in the JSON."""
        words = cast(TEACHBACK.c.overrides, Text)
        rows = await self._rows(select(TEACHBACK).where(words.like(f"%{learner_id}%")))
        return [row for row in rows if any(said["by"] == learner_id for said in row["overrides"])]

    async def _unname(self, row: Mapping[str, Any], learner_id: int) -> None:
        kept = [
            {**said, "by": NOBODY} if said["by"] == learner_id else said
            for said in row["overrides"]
        ]
        here = [column == row[column.name] for column in TEACHBACK.primary_key.columns]
        await self._connection.execute(update(TEACHBACK).where(*here).values(overrides=kept))

    async def _rows(self, query: Select[Any]) -> Sequence[Mapping[str, Any]]:
        return [dict(row._mapping) for row in (await self._connection.execute(query)).all()]


def open_with(engine: Database) -> OpenPrivacy:
    """Bind to a database."""
    return transactions(engine, SqlPrivacy)


def wipe_with(engine: Database) -> Callable[[], Awaitable[None]]:
    """Return what makes a database let go of deleted rows in its files.

    SQLite writes over what it deletes (`secure_delete`), but its log keeps older pages until it is
    emptied. PostgreSQL does both in its own time (autovacuum, checkpoints).
    """

    async def wipe() -> None:
        if isinstance(engine, InlineEngine):
            await engine.empty_log()

    return wipe


def of(table: Table, learner_id: int) -> ColumnElement[bool] | None:
    """Return which rows of a table are somebody's own; None: the table holds nothing of anybody."""
    if table is LEARNER:
        return LEARNER.c.id == learner_id
    found: list[ColumnElement[bool]] = []
    for key in table.foreign_keys:
        if key.ondelete != "CASCADE":
            continue
        theirs = of(key.column.table, learner_id)
        if theirs is not None:
            found.append(key.parent.in_(select(key.column).where(theirs)))
    return or_(*found) if found else None


def _without_others(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a row without the ids of instructors."""
    shown = dict(row)
    for column in {one.by.name for one in NAMED} & {*shown}:
        shown[column] = _SOMEBODY if shown[column] else shown[column]
    if "overrides" in shown:
        shown["overrides"] = [{**said, "by": _SOMEBODY} for said in shown["overrides"]]
    return shown
