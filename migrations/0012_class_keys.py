"""A key for each class, by which learners without names are called the same in every report."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column, and give each class that is there a key."""
    op.add_column("cohort", sa.Column("key", sa.String(32)))
    cohort = sa.table("cohort", sa.column("id", sa.BigInteger), sa.column("key", sa.String))
    connection = op.get_bind()
    for one in connection.execute(sa.select(cohort.c.id)).scalars().all():
        key = secrets.token_hex(16)
        connection.execute(sa.update(cohort).where(cohort.c.id == one).values(key=key))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("cohort", "key")
