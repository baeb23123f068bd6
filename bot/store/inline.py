"""SQLite on the event loop itself: its statements take less time than handing them to a thread.

Nothing here waits inside a statement. Who has to wait for the file does so between two tries, and
the loop goes on meanwhile: for others of this process in a queue, for other processes by asking
again. Who has committed waits until the disk has it, on a thread; all who committed while it wrote
for others share its next turn.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, CursorResult, Dialect, create_engine, event
from sqlalchemy.exc import OperationalError

from bot.store.keeping import Keeping
from bot.store.write_log import FileGoneError, WriteLog

RETRY_S = 0.02
Given = ParamSpec("Given")
_Answer = TypeVar("_Answer")


class InlineConnection:
    """A connection whose methods may be awaited, as `AsyncConnection`'s are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.may_have_written = False

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
        self.may_have_written = True  # tables that are made count as no change
        return function(self._connection, *args, **kwargs)


class InlineEngine:
    """A SQLite file, one transaction at a time; no commit that somebody was told of gets lost."""

    def __init__(self, url: URL, busy_timeout_s: float) -> None:
        """Remember the file; nothing is opened yet.

        Args:
            url: Of the file.
            busy_timeout_s: How long to ask again for a file that another process holds.
        """
        # what learners wrote stays out of messages that end up in a log
        self.sync_engine = create_engine(url, connect_args={"timeout": 0}, hide_parameters=True)
        self.dialect = self.sync_engine.dialect
        self._file = Path(url.database or "")
        self._opened: os.stat_result | None = None
        self._busy_timeout_s = busy_timeout_s
        self._turn = asyncio.Lock()
        self._keeping = Keeping(WriteLog(self._file))
        event.listen(self.sync_engine, "connect", _prepare)
        event.listen(self.sync_engine, "begin", _begin)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[InlineConnection]:
        """Open a transaction: commits on a clean exit, rolls back on an exception.

        It leaves only once the disk has what was committed, and all that was read.
        """
        give_up = time.monotonic() + self._busy_timeout_s  # who queues for long gives up at once
        async with self._turn:
            connection = await self._begun(give_up)
            try:
                inline, before = InlineConnection(connection), _changes(connection)
                yield inline
                connection.commit()
                has_written = inline.may_have_written or _changes(connection) != before
                seen = self._keeping.committed(has_written)
            finally:
                connection.close()  # rolls back what was not committed
        await self._keeping.until(seen)
        self._keeping.shorten_in_time(self._turn)

    def together(self) -> AbstractAsyncContextManager[None]:
        """Let the transactions of a block wait for the disk only once, when it ends."""
        return self._keeping.together()

    async def empty_log(self) -> None:
        """Write the log into the file and empty it, so that nothing deleted is left in it.

        Where another process reads just then, the log is emptied the next time.
        """
        async with self._turn:
            await self._keeping.empty()

    async def dispose(self) -> None:
        """Close the file."""
        await self._keeping.close()
        self.sync_engine.dispose()
        self._opened = None

    async def _begun(self, give_up: float) -> Connection:
        await self._see_that_it_is_there()
        while True:
            try:
                return self._try()
            except OperationalError as refused:
                if "locked" not in str(refused.orig) or time.monotonic() >= give_up:
                    raise
            await asyncio.sleep(RETRY_S)

    async def _see_that_it_is_there(self) -> None:
        """Refuse a file that went away while it was in use; take one that came in its place."""
        if self._opened is None:
            return
        try:
            present = self._file.stat()
        except FileNotFoundError:
            raise FileGoneError from None
        if not os.path.samestat(present, self._opened):
            await self.dispose()

    def _try(self) -> Connection:
        with ExitStack() as until_begun:
            connection = self.sync_engine.connect()
            until_begun.callback(connection.close)
            connection.begin()
            until_begun.pop_all()
        if self._opened is None:
            with suppress(OSError):
                self._opened = self._file.stat()
        return connection


def _changes(connection: Connection) -> int:
    driver: Any = connection.connection.dbapi_connection
    return int(driver.total_changes)


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # this file says when a transaction begins
    cursor = connection.cursor()
    # whoever commits asks for the log to be synced, and shortens it, on a thread (`Keeping`): so a
    # commit does neither itself
    swift = ("synchronous=NORMAL", "wal_autocheckpoint=0")
    # the last: what is deleted is written over
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", *swift, "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # take the write lock at once: two readers that both go on to write would lose one write
    connection.exec_driver_sql("BEGIN IMMEDIATE")
