"""Group commit: those who wait for the disk together wait for one write."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar

from bot.store.hand import Hand
from bot.store.write_log import WriteLog

SHORTEN_EVERY = 200  # commits, of about five pages each; SQLite's own measure is a thousand pages
_WAITS_LATER: ContextVar[list[int] | None] = ContextVar("waits_later", default=None)


class Keeping:
    """Counts commits, and knows up to which one the disk has them."""

    def __init__(self, log: WriteLog) -> None:
        """Remember the log; no thread is started yet."""
        self._log = log
        self._syncer, self._shortener = Hand("sqlite-sync"), Hand("sqlite-shorten")
        self._committed = self._kept = self._shortened = 0
        self._syncing: asyncio.Future[None] | None = None
        self._shortening: asyncio.Task[None] | None = None

    def committed(self, has_written: bool) -> int:
        """Count a commit; return the number of the newest that can be seen now."""
        self._committed += has_written
        return self._committed

    async def until(self, seen: int) -> None:
        """Wait until the disk has a commit and all before it.

        Raises:
            sqlite3.Error: the disk refuses, or the file is gone.
        """
        if (waits_later := _WAITS_LATER.get()) is not None:
            waits_later.append(seen)
            return
        while self._kept < seen:
            if self._syncing is None or self._syncing.done():
                self._syncing = asyncio.ensure_future(self._sync())
            await asyncio.shield(self._syncing)  # others wait for it too

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """Let this task wait only once for all its commits, when the block ends, however it ends.

        Raises, when left:
            sqlite3.Error: as `until`.
        """
        seen: list[int] = []
        before = _WAITS_LATER.set(seen)
        try:
            yield
        finally:
            _WAITS_LATER.reset(before)
            await self.until(max(seen, default=0))

    def shorten_in_time(self, turn: asyncio.Lock) -> None:
        """Have the log written into the file now and then.

        Args:
            turn: Held by whoever writes.
        """
        is_idle = self._shortening is None or self._shortening.done()
        if is_idle and self._committed - self._shortened >= SHORTEN_EVERY:
            self._shortening = asyncio.ensure_future(self._shorten(turn))

    async def empty(self) -> None:
        """Write the log into the file and empty it, if nobody reads it just then."""
        await self._shortener.do(lambda: self._log.shorten("TRUNCATE"))

    async def close(self) -> None:
        """Let go of the log; it is opened again by whoever commits."""
        if self._shortening is not None:
            self._shortening.cancel()  # it may wait for a turn that whoever closes has
        if self._syncing is not None and not self._syncing.done():
            await asyncio.wait((self._syncing,))
        self._syncer.rest()
        self._shortener.rest()
        self._log.close()

    async def _sync(self) -> None:
        covered = self._committed
        await self._syncer.do(self._log.sync)
        self._kept = covered

    async def _shorten(self, turn: asyncio.Lock) -> None:
        self._shortened = self._committed
        with suppress(sqlite3.Error):  # whoever writes to a full disk is told
            is_all = await self._shortener.do(self._log.shorten)
            if not is_all or self._committed > self._shortened:
                # it is begun anew only where nobody has written since
                async with turn:
                    await self._shortener.do(self._log.shorten)
