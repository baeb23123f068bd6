"""What learners guess before an instrument shows anything."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table."""
    trial = sa.ForeignKey("trial.id", ondelete="CASCADE")
    owner = sa.ForeignKey("learner.id", ondelete="CASCADE")
    op.create_table(
        "trial_guess",
        sa.Column("trial_id", _ID, trial, primary_key=True),
        sa.Column("learner_id", sa.BigInteger, owner, nullable=False),
        sa.Column("instrument", sa.String(24), nullable=False),
        sa.Column("said", sa.Text),
        sa.Column("right", sa.Text),
        sa.Column("is_right", sa.Boolean),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(None, "trial_guess", ["learner_id", "instrument"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("trial_guess")
