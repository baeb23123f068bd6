"""What learners made public, so that nothing is posted twice."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the table."""
    owner = sa.ForeignKey("learner.id", ondelete="CASCADE")
    op.create_table(
        "posted",
        sa.Column("learner_id", sa.BigInteger, owner, primary_key=True),
        sa.Column("channel_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("what", sa.String(40), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("posted")
