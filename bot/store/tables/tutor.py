"""Conversations with the tutor, what they cost, questions left to instructors."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from bot.store.tables.metadata import Id, UtcDateTime, metadata

EXCHANGE = Table(
    "exchange",
    metadata,
    Column("id", Id, primary_key=True),
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("is_private", Boolean, nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("mode", String(8), nullable=False),
    Column("cited", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "learner_id", "channel_id"),
)

USAGE = Table(
    "usage",
    metadata,
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("questions", Integer, nullable=False),
    Column("tokens", Integer, nullable=False),
)

QUESTION = Table(
    "question",
    metadata,
    Column("id", Id, primary_key=True),
    Column("cohort_id", BigInteger, nullable=False),
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), nullable=False),
    Column("text", Text, nullable=False),
    Column("topic", Integer),
    Column("found", JSON, nullable=False),
    Column("asked", UtcDateTime, nullable=False),
    Column("answered_by", BigInteger),
    Column("answer", Text),
    Column("answered", UtcDateTime),
    Column("is_told", Boolean, nullable=False),
    Index(None, "cohort_id"),
    Index(None, "learner_id"),
    Index(
        "ix_question_open",
        "cohort_id",
        sqlite_where=text("answer IS NULL"),
        postgresql_where=text("answer IS NULL"),
    ),
)
