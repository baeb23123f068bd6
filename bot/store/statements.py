"""The statements of a press, built once: building one costs more than SQLite takes to run it."""

from typing import Any

from sqlalchemy import Select, Table, bindparam, exists, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.round.round import Stage
from bot.store import tables as t

LOAD: Select[Any] = (
    select(t.attempt, t.guess)
    .outerjoin(t.guess, t.guess.c.attempt_id == t.attempt.c.id)
    .order_by(t.attempt.c.id, t.guess.c.at)
)
LOAD_ALL = LOAD.where(t.attempt.c.learner_id == bindparam("who"))
_SEEN = (
    exists()
    .where(
        t.class_vote.c.learner_id == t.attempt.c.learner_id,
        t.class_round.c.id == t.class_vote.c.round_id,
        t.class_round.c.lesson == t.attempt.c.lesson,
        t.class_round.c.step == t.attempt.c.step,
        t.class_round.c.stage == Stage.REVEALED.value,
    )
    .correlate(t.attempt)
)
LOAD_ONE = LOAD.add_columns(_SEEN.label("has_seen")).where(t.attempt.c.id == bindparam("which"))
HOLD = select(t.attempt.c.id).where(t.attempt.c.id == bindparam("which")).with_for_update()
MOVE = update(t.attempt).where(t.attempt.c.id == bindparam("which"))
GUESS = insert(t.guess)
AMEND = update(t.guess).where(
    t.guess.c.attempt_id == bindparam("which"), t.guess.c.step == bindparam("where")
)
STAND = update(t.membership).where(t.membership.c.learner_id == bindparam("who"))
PLAN = select(t.plan).where(t.plan.c.learner_id == bindparam("who"))
CARDS = select(t.card).where(t.card.c.learner_id == bindparam("who")).order_by(t.card.c.id)
DAYS = select(t.practice.c.day).where(t.practice.c.learner_id == bindparam("who"))
VOTES = select(t.tally.c.answer, t.tally.c.votes).where(
    t.tally.c.cohort_id == bindparam("cohort"),
    t.tally.c.lesson == bindparam("of"),
    t.tally.c.step == bindparam("where"),
)


def upsert(dialect: str, table: Table) -> Any:  # the two dialects' inserts share no base type
    """Return an insert that can say what to do about a row that is there already."""
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)


def _count(dialect: str, table: Table) -> Any:
    """Return an upsert that adds a row's numbers to those of the row with its key."""
    query = upsert(dialect, table)
    counts = [column.name for column in table.columns if not column.primary_key]
    added = {name: table.c[name] + query.excluded[name] for name in counts}
    return query.on_conflict_do_update(index_elements=list(table.primary_key), set_=added)


COUNT_VOTE, COUNT_TRY, COUNT_RUN = (
    {dialect: _count(dialect, table) for dialect in ("sqlite", "postgresql")}
    for table in (t.tally, t.first_try, t.standing)
)
