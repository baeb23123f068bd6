"""Instruments in learners' hands."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
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

TRIAL_GUESS = Table(
    "trial_guess",
    metadata,
    Column("trial_id", ForeignKey("trial.id", ondelete="CASCADE"), primary_key=True),
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), nullable=False),
    Column("instrument", String(24), nullable=False),
    Column("said", Text),  # nothing: they had it shown at once
    Column("right", Text),
    Column("is_right", Boolean),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "learner_id", "instrument"),
)
