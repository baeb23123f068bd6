"""Class rounds, their votes and counts."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
)

from bot.store.tables.metadata import Id, UtcDateTime, metadata

CLASS_ROUND = Table(
    "class_round",
    metadata,
    Column("id", Id, primary_key=True),
    Column("cohort_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("live_in", BigInteger, unique=True),  # the channel while it runs: one at a time
    Column("message_id", BigInteger),
    Column("asked_by", ForeignKey("learner.id", ondelete="SET NULL")),
    Column("lesson", String(24), nullable=False),
    Column("number", Integer, nullable=False),
    Column("step", String(24), nullable=False),
    Column("question", JSON, nullable=False),  # the step as it was put
    Column("stage", String(8), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("begun", UtcDateTime, nullable=False),
    Column("changed", UtcDateTime, nullable=False),
    Index(None, "asked_by"),
)

CLASS_VOTE = Table(
    "class_vote",
    metadata,
    Column("round_id", ForeignKey("class_round.id", ondelete="CASCADE"), primary_key=True),
    Column("turn", Integer, primary_key=True),
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True),
    Column("answer", String(64), nullable=False),
    Column("confidence", Float),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "learner_id"),
)

CLASS_COUNT = Table(
    "class_count",
    metadata,
    Column("round_id", ForeignKey("class_round.id", ondelete="CASCADE"), primary_key=True),
    Column("turn", Integer, primary_key=True),
    Column("before", String(64), primary_key=True),  # in the first vote; empty: none
    Column("answer", String(64), primary_key=True),
    Column("votes", Integer, nullable=False),
    Column("sure", Integer, nullable=False),
)
