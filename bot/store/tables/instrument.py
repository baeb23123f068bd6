"""Instruments in learners' hands."""

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
)

from bot.store.tables.metadata import Id, UtcDateTime, metadata

TRIAL = Table(
    "trial",
    metadata,
    Column("id", Id, primary_key=True),
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), nullable=False),
    Column("instrument", String(24), nullable=False),
    Column("chosen", JSON, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("changed", UtcDateTime, nullable=False),
    Index(None, "learner_id"),
)
