"""The statements of a press, built once: building one costs more than SQLite takes to run it."""

from typing import Any

from sqlalchemy import Select, Table, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store import tables as t

LOAD: Select[Any] = (
    select(t.attempt, t.guess)
    .outerjoin(t.guess, t.guess.c.attempt_id == t.attempt.c.id)
    .order_by(t.attempt.c.id, t.guess.c.at)
)
LOAD_ONE = LOAD.where(t.attempt.c.id == bindparam("which"))
HOLD = select(t.attempt.c.id).where(t.attempt.c.id == bindparam("which")).with_for_update()
MOVE = update(t.attempt).where(t.attempt.c.id == bindparam("which"))
GUESS = insert(t.guess)
AMEND = update(t.guess).where(
    t.guess.c.attempt_id == bindparam("which"), t.guess.c.step == bindparam("where")
)
VOTES = select(t.tally.c.answer, t.tally.c.votes).where(
    t.tally.c.cohort_id == bindparam("cohort"),
    t.tally.c.lesson == bindparam("of"),
    t.tally.c.step == bindparam("where"),
)


def upsert(dialect: str, table: Table) -> Any:  # the two dialects' inserts share no base type
    """Return an insert that can say what to do about a row that is there already."""
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)


def _count_vote(dialect: str) -> Any:
    query = upsert(dialect, t.tally)
    added = {
        "votes": t.tally.c.votes + query.excluded.votes,
        "right_votes": t.tally.c.right_votes + query.excluded.right_votes,
    }
    key = ["cohort_id", "lesson", "step", "answer"]
    return query.on_conflict_do_update(index_elements=key, set_=added)


COUNT_VOTE = {dialect: _count_vote(dialect) for dialect in ("sqlite", "postgresql")}
