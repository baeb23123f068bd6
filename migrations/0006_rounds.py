"""Class rounds: the question as it was put, votes, and a tally that outlives the voters."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "class_round",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("cohort_id", sa.BigInteger, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("live_in", sa.BigInteger, unique=True),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("asked_by", sa.BigInteger, sa.ForeignKey("learner.id", ondelete="SET NULL")),
        sa.Column("lesson", sa.String(24), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("step", sa.String(24), nullable=False),
        sa.Column("question", sa.JSON, nullable=False),
        sa.Column("stage", sa.String(8), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("begun", _MOMENT, nullable=False),
        sa.Column("changed", _MOMENT, nullable=False),
    )
    op.create_index(None, "class_round", ["asked_by"])
    op.create_table(
        "class_vote",
        sa.Column("round_id", _ID, _owned_by("class_round"), primary_key=True),
        sa.Column("turn", sa.Integer, primary_key=True),
        sa.Column("learner_id", sa.BigInteger, _owned_by("learner"), primary_key=True),
        sa.Column("answer", sa.String(64), nullable=False),
        sa.Column("confidence", sa.Float),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_index(None, "class_vote", ["learner_id"])
    op.create_table(
        "class_count",
        sa.Column("round_id", _ID, _owned_by("class_round"), primary_key=True),
        sa.Column("turn", sa.Integer, primary_key=True),
        sa.Column("before", sa.String(64), primary_key=True),
        sa.Column("answer", sa.String(64), primary_key=True),
        sa.Column("votes", sa.Integer, nullable=False),
        sa.Column("sure", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Take them away again."""
    for name in ("class_count", "class_vote", "class_round"):
        op.drop_table(name)


def _owned_by(table: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
