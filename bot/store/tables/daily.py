"""Guesses at the day's passage."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from bot.store.tables.metadata import UtcDateTime, metadata

DAILY_GUESS = Table(
    "daily_guess",
    metadata,
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),  # in UTC: the same for everyone
    Column("place", Integer, primary_key=True),  # a twin is refused here
    Column("cohort_id", BigInteger, nullable=False),
    Column("passage", String(24), nullable=False),
    Column("answer", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("bits", Float),
    Column("text_bits", Float),
    Column("evidence", JSON(none_as_null=True)),
    Column("is_left", Boolean, nullable=False),
    Index(None, "cohort_id", "day", "place", "bits"),
)
