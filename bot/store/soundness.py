"""Whether a database is whole: its file, its keys, and its counts against the guesses behind them.

Counts outlive learners who deleted themselves, so they may be more than the rows that are left say,
and never less.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Subquery,
    Table,
    and_,
    case,
    cast,
    func,
    or_,
    select,
    text,
)

from bot.domain.lesson.attempt import Phase
from bot.store.database import explained
from bot.store.rows import TABLES, reading
from bot.store.tables.classroom import FIRST_TRY, STANDING
from bot.store.tables.lesson import ATTEMPT, GUESS, TALLY
from bot.store.tables.round import CLASS_COUNT

_MOST_SHOWN = 5


def faults(url: str) -> Sequence[str]:
    """Return what is wrong with a migrated database, a line each; none: it is sound.

    Raises:
        StoreError: it can't be read.
    """
    with explained(), reading(url) as connection:
        return [*_file(connection), *_keys(connection), *_counts(connection)]


def _file(connection: Connection) -> Iterator[str]:
    if connection.dialect.name != "sqlite":
        return
    for (said,) in connection.exec_driver_sql(f"PRAGMA integrity_check({_MOST_SHOWN})"):
        if said != "ok":
            yield f"The file is damaged: {said.splitlines()[0]}."


def _keys(connection: Connection) -> Iterator[str]:
    """Find rows whose owner isn't there."""
    for table in TABLES:
        for key in table.foreign_keys:
            owner = key.column
            own = key.parent
            alone = (
                select(func.count())
                .select_from(table.outerjoin(owner.table, owner == own))
                .where(own.is_not(None), owner.is_(None))
            )
            if lost := connection.execute(alone).scalar_one():
                yield f"{lost:,} rows of {table.name} belong to no {owner.table.name}."


def _counts(connection: Connection) -> Iterator[str]:
    for table, recount in ((FIRST_TRY, _TRIES), (STANDING, _RUNS)):
        if fewer := connection.execute(_fewer(table, recount)).scalar_one():
            yield f"In {fewer:,} rows, {table.name} counts fewer than there are."
    for table, most, least in _NEVER_MORE:
        wrong = select(func.count()).select_from(table).where(table.c[least] > table.c[most])
        if rows := connection.execute(wrong).scalar_one():
            yield f"In {rows:,} rows of {table.name}, {least} is more than {most}."


_NEVER_MORE = (
    (FIRST_TRY, "tries", "judged"),
    (FIRST_TRY, "judged", "right_tries"),
    (STANDING, "begun", "done"),
    (TALLY, "votes", "right_votes"),
    (CLASS_COUNT, "votes", "sure"),
)


def _fewer(table: Table, recount: Subquery) -> Select[Any]:
    """Return how many of the rows counted anew are more than the kept one, or have none."""
    keys = [column.name for column in table.primary_key]
    numbers = [name for name in table.c.keys() if name not in keys]  # noqa: SIM118 - of columns
    same = and_(*(table.c[key] == recount.c[key] for key in keys))
    is_more = or_(*(recount.c[n] > func.coalesce(table.c[n], 0) for n in numbers))
    return select(func.count()).select_from(recount.outerjoin(table, same)).where(is_more)


def _times(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


_TRIES = (
    select(
        ATTEMPT.c.cohort_id,
        ATTEMPT.c.lesson,
        GUESS.c.step,
        cast(func.round(GUESS.c.confidence * 1000), Integer).label("said"),
        func.count().label("tries"),
        func.count(GUESS.c.is_right).label("judged"),
        _times(GUESS.c.is_right.is_(True)).label("right_tries"),
    )
    .join_from(GUESS, ATTEMPT, GUESS.c.attempt_id == ATTEMPT.c.id)
    .where(ATTEMPT.c.run == 1, GUESS.c.confidence.is_not(None), GUESS.c.had_seen_answer.is_(False))
    .group_by(ATTEMPT.c.cohort_id, ATTEMPT.c.lesson, GUESS.c.step, text("said"))
    .subquery("tried")
)
_RUNS = (
    select(
        ATTEMPT.c.cohort_id,
        ATTEMPT.c.lesson,
        func.count().label("begun"),
        _times(ATTEMPT.c.phase == Phase.FINISHED.value).label("done"),
    )
    .where(ATTEMPT.c.run == 1)
    .group_by(ATTEMPT.c.cohort_id, ATTEMPT.c.lesson)
    .subquery("ran")
)
