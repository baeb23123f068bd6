"""The version of the lesson that a guess answered. Of those made until now it isn't known."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the column."""
    op.add_column("guess", sa.Column("version", sa.Integer))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("guess", "version")
