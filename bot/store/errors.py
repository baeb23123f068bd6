"""What can be wrong with a database, in words; the command line tells it without loading SQL."""


class StoreError(Exception):
    """The database can't be used; the text says why and what to do, in one line."""
