"""Guesses whose answer a class round had shown before. Those made until now stay first tries."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column."""
    op.add_column(
        "guess",
        sa.Column("had_seen_answer", sa.Boolean, nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("guess", "had_seen_answer")
