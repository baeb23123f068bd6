"""Attempts, guesses, tallies, and what was found in teach-backs."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from bot.store.tables.metadata import Id, UtcDateTime, metadata

ATTEMPT = Table(
    "attempt",
    metadata,
    Column("id", Id, primary_key=True),
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), nullable=False),
    Column("cohort_id", BigInteger, nullable=False),
    Column("lesson", String(24), nullable=False),
    Column("run", Integer, nullable=False),
    Column("step", String(24), nullable=False),
    Column("phase", String(8), nullable=False),
    Column("draft", Text),
    Column("hints", Integer, nullable=False),
    Column("begun", UtcDateTime, nullable=False),
    Column("changed", UtcDateTime, nullable=False),
    UniqueConstraint("learner_id", "lesson", "run"),
)

GUESS = Table(
    "guess",
    metadata,
    Column("attempt_id", ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True),
    Column("step", String(24), primary_key=True),  # a twin is refused here
    Column("answer", Text, nullable=False),
    Column("confidence", Float),
    Column("hints", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("is_right", Boolean),
    Column("why", Text),
    Column("ticked", JSON, nullable=False),
    Column("evidence", JSON(none_as_null=True)),
    Column("had_seen_answer", Boolean, nullable=False, server_default=false()),
    Column("version", Integer),  # of the lesson that it answered
)

TALLY = Table(
    "tally",
    metadata,
    Column("cohort_id", BigInteger, primary_key=True, autoincrement=False),
    Column("lesson", String(24), primary_key=True),
    Column("step", String(24), primary_key=True),
    Column("answer", String(64), primary_key=True),
    Column("votes", Integer, nullable=False),
    Column("right_votes", Integer, nullable=False),
    Index(None, "cohort_id", "answer"),  # beliefs are read past the many spellings of a token
)

TEACHBACK = Table(
    "teachback",
    metadata,
    Column("attempt_id", ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True),
    Column("step", String(24), primary_key=True),
    Column("criterion", String(24), primary_key=True),
    Column("place", Integer, nullable=False),  # in the rubric, from 0
    Column("verdict", String(8), nullable=False),
    Column("evidence", Text, nullable=False),
    Column("mode", String(8), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("overrides", JSON, nullable=False),
)
