"""The tutor: conversations, what it used, questions left to instructors; who instructs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.add_column("cohort", sa.Column("instructor_role", sa.BigInteger))
    op.create_table(
        "exchange",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("learner_id", sa.BigInteger, _owned_by("learner"), nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("is_private", sa.Boolean, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("mode", sa.String(8), nullable=False),
        sa.Column("cited", sa.JSON, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_index(None, "exchange", ["learner_id", "channel_id"])
    op.create_table(
        "usage",
        sa.Column("learner_id", sa.BigInteger, _owned_by("learner"), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("questions", sa.Integer, nullable=False),
        sa.Column("tokens", sa.Integer, nullable=False),
    )
    op.create_table(
        "question",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("cohort_id", sa.BigInteger, nullable=False),
        sa.Column("learner_id", sa.BigInteger, _owned_by("learner"), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("topic", sa.Integer),
        sa.Column("found", sa.JSON, nullable=False),
        sa.Column("asked", _MOMENT, nullable=False),
        sa.Column("answered_by", sa.BigInteger),
        sa.Column("answer", sa.Text),
        sa.Column("answered", _MOMENT),
        sa.Column("is_told", sa.Boolean, nullable=False),
    )
    op.create_index(None, "question", ["cohort_id"])
    op.create_index(None, "question", ["learner_id"])


def downgrade() -> None:
    """Take them away again."""
    for name in ("question", "usage", "exchange"):
        op.drop_table(name)
    op.drop_column("cohort", "instructor_role")


def _owned_by(table: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
