"""The tables. Discord's ids are 64 bit; times are UTC; 0 stands for "no class"."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Goes in and comes out aware, also where the database forgets the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn any aware time to UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Say that it is UTC where the database didn't."""
        moment: datetime | None = value
        return moment.replace(tzinfo=UTC) if moment and not moment.tzinfo else moment


# SQLite counts rows by itself only in an INTEGER key; elsewhere 64 bit is right.
_Id = BigInteger().with_variant(Integer, "sqlite")

learner = Table(
    "learner",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("first_seen", UtcDateTime, nullable=False),
)

cohort = Table(
    "cohort",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("instructor_role", BigInteger),
)

membership = Table(
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

attempt = Table(
    "attempt",
    metadata,
    Column("id", _Id, primary_key=True),
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

guess = Table(
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
)

tally = Table(
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

first_try = Table(  # the same guesses as in tally, by how sure they were
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

standing = Table(  # first runs
    "standing",
    metadata,
    Column("cohort_id", BigInteger, primary_key=True, autoincrement=False),
    Column("lesson", String(24), primary_key=True),
    Column("begun", Integer, nullable=False),
    Column("done", Integer, nullable=False),
)

assignment = Table(
    "assignment",
    metadata,
    Column("id", _Id, primary_key=True),
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

trial = Table(
    "trial",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), nullable=False),
    Column("instrument", String(24), nullable=False),
    Column("chosen", JSON, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("changed", UtcDateTime, nullable=False),
    Index(None, "learner_id"),
)

exchange = Table(
    "exchange",
    metadata,
    Column("id", _Id, primary_key=True),
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

usage = Table(
    "usage",
    metadata,
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("questions", Integer, nullable=False),
    Column("tokens", Integer, nullable=False),
)

question = Table(
    "question",
    metadata,
    Column("id", _Id, primary_key=True),
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

plan = Table(
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

card = Table(
    "card",
    metadata,
    Column("id", _Id, primary_key=True),
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

review = Table(
    "review",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), nullable=False),
    Column("card_id", ForeignKey("card.id", ondelete="CASCADE"), nullable=False),
    Column("grade", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("said", String(4), nullable=False),
    Column("before", JSON, nullable=False),  # the card's memory
    Index(None, "learner_id", "at"),
    Index(None, "card_id"),
)

practice = Table(
    "practice",
    metadata,
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),  # in the learner's time zone
)

ranked = Table(
    "ranked",
    metadata,
    Column("learner_id", ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True),
    Column("cohort_id", BigInteger, primary_key=True, autoincrement=False),
    Column("points", Integer, nullable=False),
    Index(None, "cohort_id", "points"),
)

daily_guess = Table(
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

teachback = Table(
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

class_round = Table(
    "class_round",
    metadata,
    Column("id", _Id, primary_key=True),
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

class_vote = Table(
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

class_count = Table(
    "class_count",
    metadata,
    Column("round_id", ForeignKey("class_round.id", ondelete="CASCADE"), primary_key=True),
    Column("turn", Integer, primary_key=True),
    Column("before", String(64), primary_key=True),  # in the first vote; empty: none
    Column("answer", String(64), primary_key=True),
    Column("votes", Integer, nullable=False),
    Column("sure", Integer, nullable=False),
)
