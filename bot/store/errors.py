"""What can be wrong with a database, in words; the command line tells it without loading SQL."""

from bot.domain.errors import RecordsAway


class StoreError(Exception):
    """The database can't be used; the text says why and what to do, in one line."""


class AwayError(StoreError, RecordsAway):
    """It can't be used just now: locked, full, gone. Once it is there again, all goes on."""
