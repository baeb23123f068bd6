"""Teach-backs: verdicts and what instructors made of them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_OWNER = "attempt.id"


def upgrade() -> None:
    """Make the table: a row for each criterion."""
    op.create_table(
        "teachback",
        sa.Column("attempt_id", _ID, sa.ForeignKey(_OWNER, ondelete="CASCADE"), primary_key=True),
        sa.Column("step", sa.String(24), primary_key=True),
        sa.Column("criterion", sa.String(24), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("verdict", sa.String(8), nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("mode", sa.String(8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("overrides", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("teachback")
