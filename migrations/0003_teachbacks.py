"""Teach-backs: verdicts and what instructors made of them."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Take them away again."""
