"""A clock that stands still."""

from datetime import UTC, datetime

NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


def at_noon() -> datetime:
    """Tell the same time, always."""
    return NOW
