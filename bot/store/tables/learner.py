"""Learners, their classes, and who is in which."""

from secrets import token_hex

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    false,
)

from bot.store.tables.metadata import UtcDateTime, metadata

LEARNER = Table(
    "learner",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("first_seen", UtcDateTime, nullable=False),
)

COHORT = Table(
    "cohort",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("instructor_role", BigInteger),
    Column("key", String(32), default=lambda: token_hex(16)),  # of pseudonyms; each class has one
)

MEMBERSHIP = Table(
    "membership",
    metadata,
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True),
    Column("cohort_id", ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True),
    Column("joined", UtcDateTime, nullable=False),
    Column("is_shown", Boolean, nullable=False, server_default=false()),  # to instructors, by name
    Column("name", Text),  # as the learner agreed to be shown
    Column("asked", UtcDateTime),  # whether they want to be shown
    Column("decided", UtcDateTime),
    Column("lesson", String(24)),  # where they stand; None: in no lesson
    Column("step", String(24)),
    Column("since", UtcDateTime),  # on that step
    Index(None, "cohort_id", "is_shown", "since"),
)
