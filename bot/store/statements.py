"""The statements of a press, built once: building one costs more than SQLite takes to run it."""

from typing import Any

from sqlalchemy import Select, Table, bindparam, exists, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.round.round import Stage
from bot.store.tables.classroom import FIRST_TRY, STANDING
from bot.store.tables.learner import MEMBERSHIP
from bot.store.tables.lesson import ATTEMPT, GUESS, TALLY
from bot.store.tables.practice import CARD, PLAN, PRACTICE
from bot.store.tables.round import CLASS_ROUND, CLASS_VOTE

LOAD: Select[Any] = (
    select(ATTEMPT, GUESS)
    .outerjoin(GUESS, GUESS.c.attempt_id == ATTEMPT.c.id)
    .order_by(ATTEMPT.c.id, GUESS.c.at)
)
LOAD_ALL = LOAD.where(ATTEMPT.c.learner_id == bindparam("who"))
_SEEN = (
    exists()
    .where(
        CLASS_VOTE.c.learner_id == ATTEMPT.c.learner_id,
        CLASS_ROUND.c.id == CLASS_VOTE.c.round_id,
        CLASS_ROUND.c.lesson == ATTEMPT.c.lesson,
        CLASS_ROUND.c.step == ATTEMPT.c.step,
        CLASS_ROUND.c.stage == Stage.REVEALED.value,
    )
    .correlate(ATTEMPT)
)
LOAD_ONE = LOAD.add_columns(_SEEN.label("has_seen")).where(ATTEMPT.c.id == bindparam("which"))
HOLD = select(ATTEMPT.c.id).where(ATTEMPT.c.id == bindparam("which")).with_for_update()
MOVE = update(ATTEMPT).where(ATTEMPT.c.id == bindparam("which"))
KEEP_GUESS = insert(GUESS)
AMEND = update(GUESS).where(
    GUESS.c.attempt_id == bindparam("which"), GUESS.c.step == bindparam("where")
)
STAND = update(MEMBERSHIP).where(MEMBERSHIP.c.learner_id == bindparam("who"))
LOAD_PLAN = select(PLAN).where(PLAN.c.learner_id == bindparam("who"))
CARDS = select(CARD).where(CARD.c.learner_id == bindparam("who")).order_by(CARD.c.id)
DAYS = select(PRACTICE.c.day).where(PRACTICE.c.learner_id == bindparam("who"))
VOTES = select(TALLY.c.answer, TALLY.c.votes).where(
    TALLY.c.cohort_id == bindparam("cohort"),
    TALLY.c.lesson == bindparam("of"),
    TALLY.c.step == bindparam("where"),
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
    for table in (TALLY, FIRST_TRY, STANDING)
)
