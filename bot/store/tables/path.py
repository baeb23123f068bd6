"""Placements, and steps that were redone."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, String, Table

from bot.store.tables.metadata import UtcDateTime, metadata

PLACEMENT = Table(
    "placement",
    metadata,
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True),
    Column("answers", JSON, nullable=False),
    Column("lesson", String(24)),  # of the question that waits
    Column("step", String(24)),
    Column("changed", UtcDateTime, nullable=False),
)

REDONE = Table(
    "redone",
    metadata,
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True),
    Column("lesson", String(24), primary_key=True),
    Column("step", String(24), primary_key=True),
    Column("turns", Integer, nullable=False),
    Column("is_right", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
