"""How learners practise: plans, cards and their reviews, ranks, the daily guess."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _make_plan()
    _make_cards()
    op.create_table(
        "practice",
        sa.Column("learner_id", sa.BigInteger, _owned_by("learner"), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
    )
    op.create_table(
        "ranked",
        sa.Column("learner_id", sa.BigInteger, _owned_by("learner"), primary_key=True),
        sa.Column("cohort_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("points", sa.Integer, nullable=False),
    )
    op.create_index(None, "ranked", ["cohort_id", "points"])
    _make_daily_guess()


def downgrade() -> None:
    """Take them away again, children first."""
    for name in ("daily_guess", "ranked", "practice", "review", "card", "plan"):
        op.drop_table(name)


def _make_plan() -> None:
    op.create_table(
        "plan",
        sa.Column("learner_id", sa.BigInteger, _owned_by("learner"), primary_key=True),
        sa.Column("weights", sa.JSON, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("a_day", sa.Integer),
        sa.Column("is_ranked", sa.Boolean, nullable=False),
        sa.Column("hour", sa.Integer),
        sa.Column("quiet_from", sa.Integer),
        sa.Column("quiet_to", sa.Integer),
        sa.Column("next_at", _MOMENT),
        sa.Column("reminded_at", _MOMENT),
        sa.Column("is_closed", sa.Boolean, nullable=False),
    )
    op.create_index(None, "plan", ["next_at"])


def _make_cards() -> None:
    op.create_table(
        "card",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("learner_id", sa.BigInteger, _owned_by("learner"), nullable=False),
        sa.Column("lesson", sa.String(24), nullable=False),
        sa.Column("step", sa.String(24), nullable=False),
        sa.Column("weight", sa.Float, nullable=False),
        sa.Column("due", _MOMENT, nullable=False),
        sa.Column("state", sa.Integer, nullable=False),
        sa.Column("short_step", sa.Integer),
        sa.Column("stability", sa.Float),
        sa.Column("difficulty", sa.Float),
        sa.Column("last", _MOMENT),
        sa.Column("reviews", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("said", sa.String(4)),
        sa.Column("is_aside", sa.Boolean, nullable=False),
        sa.UniqueConstraint("learner_id", "lesson", "step"),
    )
    op.create_table(
        "review",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("learner_id", sa.BigInteger, _owned_by("learner"), nullable=False),
        sa.Column("card_id", _ID, _owned_by("card"), nullable=False),
        sa.Column("grade", sa.Integer, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("said", sa.String(4), nullable=False),
        sa.Column("before", sa.JSON, nullable=False),
    )
    op.create_index(None, "review", ["learner_id", "at"])
    op.create_index(None, "review", ["card_id"])


def _make_daily_guess() -> None:
    op.create_table(
        "daily_guess",
        sa.Column("learner_id", sa.BigInteger, _owned_by("learner"), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("cohort_id", sa.BigInteger, nullable=False),
        sa.Column("passage", sa.String(24), nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("bits", sa.Float),
        sa.Column("text_bits", sa.Float),
        sa.Column("evidence", sa.JSON),
        sa.Column("is_left", sa.Boolean, nullable=False),
    )
    op.create_index(None, "daily_guess", ["cohort_id", "day", "place", "bits"])


def _owned_by(table: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
