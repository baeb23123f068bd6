"""SQLite on the event loop itself: its statements take less time than handing them to a thread.

Nothing here waits inside a statement. Who has to wait for the file does so between two tries, and
the loop goes on meanwhile: for others of this process in a queue, for other processes by asking
again.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, CursorResult, Dialect, create_engine, event
from sqlalchemy.exc import OperationalError

RETRY_S = 0.02
Given = ParamSpec("Given")
_Answer = TypeVar("_Answer")


class InlineConnection:
    """A connection whose methods may be awaited, as `AsyncConnection`'s are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def dialect(self) -> Dialect:
        """The kind of database."""
        return self._connection.dialect

    async def execute(self, statement: Any, parameters: Any = None) -> CursorResult[Any]:
        """Run a statement."""
        return self._connection.execute(statement, parameters)

    async def run_sync(
        self,
        function: Callable[Concatenate[Connection, Given], _Answer],
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> _Answer:
        """Call a function with the plain connection."""
        return function(self._connection, *args, **kwargs)


class InlineEngine:
    """A SQLite file, one transaction at a time."""

    def __init__(self, url: URL, busy_timeout_s: float) -> None:
        """Remember the file; nothing is opened yet.

        Args:
            url: Of the file.
            busy_timeout_s: How long to ask again for a file that another process holds.
        """
        # what learners wrote stays out of messages that end up in a log
        self.sync_engine = create_engine(url, connect_args={"timeout": 0}, hide_parameters=True)
        self.dialect = self.sync_engine.dialect
        self._busy_timeout_s = busy_timeout_s
        self._turn = asyncio.Lock()
        event.listen(self.sync_engine, "connect", _prepare)
        event.listen(self.sync_engine, "begin", _begin)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[InlineConnection]:
        """Open a transaction: commits on a clean exit, rolls back on an exception."""
        async with self._turn:
            connection = await self._begun()
            try:
                yield InlineConnection(connection)
                connection.commit()
            finally:
                connection.close()  # rolls back what was not committed

    async def empty_log(self) -> None:
        """Write the log into the file and empty it, so that nothing deleted is left in it.

        Where another process reads just then, the log is emptied the next time.
        """
        async with self._turn:
            raw = self.sync_engine.raw_connection()
            try:
                cursor = raw.cursor()
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.fetchall()
                cursor.close()
            finally:
                raw.close()

    async def dispose(self) -> None:
        """Close the file."""
        self.sync_engine.dispose()

    async def _begun(self) -> Connection:
        give_up = time.monotonic() + self._busy_timeout_s
        while True:
            try:
                return self._try()
            except OperationalError as refused:
                if "locked" not in str(refused.orig) or time.monotonic() >= give_up:
                    raise
            await asyncio.sleep(RETRY_S)

    def _try(self) -> Connection:
        with ExitStack() as until_begun:
            connection = self.sync_engine.connect()
            until_begun.callback(connection.close)
            connection.begin()
            until_begun.pop_all()
        return connection


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # this file says when a transaction begins
    cursor = connection.cursor()
    safe = ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL")
    for pragma in (*safe, "secure_delete=ON"):  # the last: what is deleted is written over
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # take the write lock at once: two readers that both go on to write would lose one write
    connection.exec_driver_sql("BEGIN IMMEDIATE")
