"""Learners' ways: where they were told to begin, and what they redid."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the tables."""
    owner = sa.ForeignKey("learner.id", ondelete="CASCADE")
    op.create_table(
        "placement",
        sa.Column("learner_id", sa.BigInteger, owner, primary_key=True),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("lesson", sa.String(24)),
        sa.Column("step", sa.String(24)),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
    )
    theirs = sa.ForeignKey("learner.id", ondelete="CASCADE")
    op.create_table(
        "redone",
        sa.Column("learner_id", sa.BigInteger, theirs, primary_key=True),
        sa.Column("lesson", sa.String(24), primary_key=True),
        sa.Column("step", sa.String(24), primary_key=True),
        sa.Column("turns", sa.Integer, nullable=False),
        sa.Column("is_right", sa.Boolean, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("redone")
    op.drop_table("placement")
