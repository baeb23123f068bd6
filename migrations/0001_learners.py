"""Learners, their way through lessons, the class's tallies, and instruments in use."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the first tables."""
    for name in ("learner", "cohort"):
        op.create_table(
            name,
            sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
            sa.Column("first_seen", _MOMENT, nullable=False),
        )
    op.create_table(
        "membership",
        sa.Column("learner_id", sa.BigInteger, _owned_by("learner"), primary_key=True),
        sa.Column("cohort_id", sa.BigInteger, _owned_by("cohort"), primary_key=True),
        sa.Column("joined", _MOMENT, nullable=False),
    )
    op.create_table(
        "attempt",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("learner_id", sa.BigInteger, _owned_by("learner"), nullable=False),
        sa.Column("cohort_id", sa.BigInteger, nullable=False),
        sa.Column("lesson", sa.String(24), nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("step", sa.String(24), nullable=False),
        sa.Column("phase", sa.String(8), nullable=False),
        sa.Column("draft", sa.Text),
        sa.Column("hints", sa.Integer, nullable=False),
        sa.Column("begun", _MOMENT, nullable=False),
        sa.Column("changed", _MOMENT, nullable=False),
        sa.UniqueConstraint("learner_id", "lesson", "run"),
    )
    op.create_table(
        "guess",
        sa.Column("attempt_id", _ID, _owned_by("attempt"), primary_key=True),
        sa.Column("step", sa.String(24), primary_key=True),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("confidence", sa.Float),
        sa.Column("hints", sa.Integer, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("is_right", sa.Boolean),
        sa.Column("why", sa.Text),
        sa.Column("ticked", sa.JSON, nullable=False),
        sa.Column("evidence", sa.JSON),
    )
    op.create_table(
        "tally",
        sa.Column("cohort_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("lesson", sa.String(24), primary_key=True),
        sa.Column("step", sa.String(24), primary_key=True),
        sa.Column("answer", sa.String(64), primary_key=True),
        sa.Column("votes", sa.Integer, nullable=False),
        sa.Column("right_votes", sa.Integer, nullable=False),
    )
    op.create_table(
        "trial",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("learner_id", sa.BigInteger, _owned_by("learner"), nullable=False),
        sa.Column("instrument", sa.String(24), nullable=False),
        sa.Column("chosen", sa.JSON, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("changed", _MOMENT, nullable=False),
    )
    op.create_index(None, "trial", ["learner_id"])


def downgrade() -> None:
    """Take them away again, children first."""
    for name in ("trial", "tally", "guess", "attempt", "membership", "cohort", "learner"):
        op.drop_table(name)


def _owned_by(table: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
