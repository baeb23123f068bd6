"""Plans, cards, reviews, days of practice, ranks."""

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
    UniqueConstraint,
)

from bot.store.tables.metadata import Id, UtcDateTime, metadata

PLAN = Table(
    "plan",
    metadata,
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True),
    Column("weights", JSON, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("a_day", Integer),
    Column("is_ranked", Boolean, nullable=False),
    Column("hour", Integer),
    Column("quiet_from", Integer),
    Column("quiet_to", Integer),
    Column("next_at", UtcDateTime),
    Column("reminded_at", UtcDateTime),
    Column("is_closed", Boolean, nullable=False),
    Index(None, "next_at"),
)

CARD = Table(
    "card",
    metadata,
    Column("id", Id, primary_key=True),
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), nullable=False),
    Column("lesson", String(24), nullable=False),
    Column("step", String(24), nullable=False),
    Column("weight", Float, nullable=False),
    Column("due", UtcDateTime, nullable=False),
    Column("state", Integer, nullable=False),
    Column("short_step", Integer),
    Column("stability", Float),
    Column("difficulty", Float),
    Column("last", UtcDateTime),
    Column("reviews", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("said", String(4)),
    Column("is_aside", Boolean, nullable=False),
    UniqueConstraint("learner_id", "lesson", "step"),
)

REVIEW = Table(
    "review",
    metadata,
    Column("id", Id, primary_key=True),
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), nullable=False),
    Column("card_id", ForeignKey("card.id", ondelete="CASCADE"), nullable=False),
    Column("grade", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("said", String(4), nullable=False),
    Column("before", JSON, nullable=False),  # the card's memory
    Index(None, "learner_id", "at"),
    Index(None, "card_id"),
)

PRACTICE = Table(
    "practice",
    metadata,
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),  # in the learner's time zone
)

RANKED = Table(
    "ranked",
    metadata,
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True),
    Column("cohort_id", BigInteger, primary_key=True, autoincrement=False),
    Column("points", Integer, nullable=False),
    Index(None, "cohort_id", "points"),
)
