"""Edits of one message while its text grows: the latest wins, and none comes sooner than it may.

Each message has a clock of its own, so that learners never wait for each other.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, cast

import aiohttp
import discord
import structlog

from bot.ui.cards.kit import Card

log = structlog.get_logger()

GAP_S = 1.2  # between two edits of a message; Discord allows five in five seconds
# nobody is left to read: channel, message, webhook or interaction gone, or its token dead
_GONE = frozenset({10003, 10008, 10015, 10062, 50027})

REFUSALS = (discord.HTTPException, aiohttp.ClientError, OSError)
Show = Callable[[Card], Awaitable[None]]
Draw = Callable[[], Card]


class Beat(Protocol):
    """The clock that edits keep to."""

    def now(self) -> float:
        """Return seconds since some moment."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class WallBeat:
    """The clock on the wall."""

    def now(self) -> float:
        """Return seconds since some moment; never goes back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class _KeepsTime(Protocol):
    """A client that has a clock for edits."""

    beat: Beat


def beat_of(interaction: discord.Interaction[Any]) -> Beat:
    """Return the clock of an interaction's client."""
    return cast(_KeepsTime, interaction.client).beat


class Edits:
    """All that happens to one message."""

    def __init__(self, show: Show, beat: Beat, on_gone: Callable[[], object]) -> None:
        """Begin; nothing is shown yet.

        Args:
            show: Sends the message, or edits it.
            beat: The clock.
            on_gone: Called once when nobody can see the message any more.
        """
        self.is_gone = self.has_shown = False
        self._show, self._beat, self._on_gone = show, beat, on_gone
        self._began, self._free_at = beat.now(), 0.0
        self._waiting: Draw | None = None
        self._flush: asyncio.Task[None] | None = None
        self._is_sending = False

    def offer(self, draw: Draw, *, is_filler: bool = False) -> None:
        """Show this as soon as may be, in place of what was offered and not shown yet.

        A filler says that work goes on; it is left out where a real text comes soon.
        """
        self._waiting = draw
        if self._is_sending or self.is_gone:
            return  # whoever sends takes it up next
        if self._flush:
            self._flush.cancel()
        at = self._began + GAP_S if is_filler else 0.0
        self._flush = asyncio.create_task(self._send_waiting(at))

    async def last(self, card: Card, *, is_urgent: bool = False) -> None:
        """Show the card that stays; an urgent one doesn't wait for its turn.

        Raises:
            discord.HTTPException, aiohttp.ClientError, OSError: it is refused.
        """
        await self._quiet()
        if self.is_gone:
            return
        if not is_urgent:
            await self._until(self._free_at)
        try:
            await self._shown(card)
        except discord.HTTPException as refused:
            if not _is_gone(refused):
                raise
            self._leave()

    async def drop(self) -> None:
        """Show nothing more."""
        await self._quiet()
        self.is_gone = True

    async def _send_waiting(self, at: float) -> None:
        while self._waiting is not None and not self.is_gone:
            await self._until(max(at, self._free_at))
            draw, self._waiting = self._waiting, None
            await self._try(draw())

    async def _try(self, card: Card) -> None:
        """Show a card that others will follow: one that is refused is not missed."""
        self._is_sending = True
        try:
            await self._shown(card)
        except REFUSALS as refused:
            if _is_gone(refused):
                self._leave()
            else:
                log.warning("an edit was refused", reason=str(refused))
        finally:
            self._is_sending = False
            self._free_at = self._beat.now() + GAP_S

    async def _shown(self, card: Card) -> None:
        await self._show(card)
        self.has_shown = True

    async def _quiet(self) -> None:
        """Let the edit in flight end; drop those that wait.

        Raises:
            Exception: what drawing a former card raised; a fault of ours.
        """
        self._waiting = None
        if self._flush is None:
            return
        if not self._is_sending:
            self._flush.cancel()
        await asyncio.wait([self._flush])
        if not self._flush.cancelled() and (failed := self._flush.exception()):
            raise failed

    async def _until(self, moment: float) -> None:
        left = moment - self._beat.now()
        if left > 0:
            await self._beat.sleep(left)

    def _leave(self) -> None:
        self.is_gone = True
        self._on_gone()


def _is_gone(refused: BaseException) -> bool:
    return isinstance(refused, discord.HTTPException) and refused.code in _GONE
