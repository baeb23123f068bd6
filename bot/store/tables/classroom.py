"""A class's counts, and what is set for it."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from bot.store.tables.metadata import Id, UtcDateTime, metadata

FIRST_TRY = Table(  # the same guesses as in tally, by how sure they were
    "first_try",
    metadata,
    Column("cohort_id", BigInteger, primary_key=True, autoincrement=False),
    Column("lesson", String(24), primary_key=True),
    Column("step", String(24), primary_key=True),
    Column("said", Integer, primary_key=True, autoincrement=False),  # confidence, in thousandths
    Column("tries", Integer, nullable=False),
    Column("judged", Integer, nullable=False),
    Column("right_tries", Integer, nullable=False),
)

STANDING = Table(  # first runs
    "standing",
    metadata,
    Column("cohort_id", BigInteger, primary_key=True, autoincrement=False),
    Column("lesson", String(24), primary_key=True),
    Column("begun", Integer, nullable=False),
    Column("done", Integer, nullable=False),
)

ASSIGNMENT = Table(
    "assignment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("cohort_id", ForeignKey("cohort.id", ondelete="CASCADE"), nullable=False),
    Column("lesson", String(24), nullable=False),
    Column("due", UtcDateTime, nullable=False),
    Column("channel_id", BigInteger, nullable=False),  # where it was set, and is reminded of
    Column("set_by", BigInteger, nullable=False),
    Column("set_at", UtcDateTime, nullable=False),
    Column("reminded", UtcDateTime),
    UniqueConstraint("cohort_id", "lesson"),
    Index(None, "reminded", "due"),
)
