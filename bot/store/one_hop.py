"""SQLite on a thread of its own, one hop there and back for each statement.

aiosqlite makes four: for the cursor, the statement, its rows and the close. Each hop wakes the
event loop, which costs more than these statements do. The only place that touches aiosqlite's
private parts (0.22).
"""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Self

import aiosqlite

Parameters = Sequence[Any]


def connect(file: str, **options: Any) -> "OneHopConnection":
    """Return a connection to be awaited, as `aiosqlite.connect` does.

    Args:
        file: The database.
        options: As `sqlite3.connect`.
    """
    connection = OneHopConnection(lambda: sqlite3.connect(file, **options), iter_chunk_size=64)
    connection._thread.daemon = True
    return connection


class OneHopConnection(aiosqlite.Connection):
    """A connection whose cursors take one hop, and whose needless rollbacks take none."""

    def cursor(self) -> "OneHopCursor":  # type: ignore[override]  # it needs no awaiting
        """Return a cursor; nothing is asked of the thread yet."""
        return OneHopCursor(self)

    async def hop(self, job: Callable[[], None]) -> None:
        """Run a job on the thread."""
        await self._execute(job)  # type: ignore[no-untyped-call]

    async def rollback(self) -> None:
        """Roll back, unless there is nothing to: the pool asks for one after each commit."""
        if self.in_transaction:
            await super().rollback()


class OneHopCursor:
    """Runs a statement, fetches its rows and closes, all at once on the thread.

    Attributes:
        arraysize, description, lastrowid, rowcount: As of sqlite3's cursor, after `execute`.
    """

    arraysize = 1

    def __init__(self, connection: OneHopConnection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.lastrowid: int | None = None
        self.rowcount = -1

    async def __aenter__(self) -> Self:
        """Return the cursor itself."""
        return self

    async def execute(self, sql: str, parameters: Parameters = ()) -> Self:
        """Run one statement."""
        await self._connection.hop(lambda: self._run(sqlite3.Cursor.execute, sql, parameters))
        return self

    async def executemany(self, sql: str, parameters: Sequence[Parameters]) -> Self:
        """Run one statement for each set of parameters."""
        await self._connection.hop(lambda: self._run(sqlite3.Cursor.executemany, sql, parameters))
        return self

    async def fetchall(self) -> list[Any]:
        """Return the rows, which are here already."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing to do: it was closed on the thread."""

    def _run(self, execute: Any, sql: str, parameters: Any) -> None:
        cursor = self._connection._conn.cursor()
        try:
            execute(cursor, sql, parameters)
            self.description = cursor.description
            self.lastrowid = cursor.lastrowid
            self._rows = cursor.fetchall() if cursor.description else []
            self.rowcount = cursor.rowcount
        finally:
            cursor.close()
