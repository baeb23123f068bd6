"""A connection to Discord that outlives what it can't read.

discord.py 2.7.1 ends the whole program at an event that it can't parse (`Shard.worker`): one that
lacks a field, or a frame that isn't JSON. Here such an event is told to the client as `unread` and
left out. The private names of discord.py's gateway are touched in this file alone.
"""

import json
import traceback
from pathlib import Path
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

import aiohttp
import discord
from discord import shard
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.ui.edge.failures import failures_told

# what the connection itself raises, to be closed or opened anew
_OF_THE_CONNECTION = (
    ReconnectWebSocket,
    discord.ConnectionClosed,
    aiohttp.ClientError,
    TimeoutError,
    OSError,
)
_NEEDED = ("READY", "RESUMED")  # without them there is no session
_NO_JSON = "a frame"
_LIBRARY = str(Path(discord.__file__).parent)


def read_on() -> None:
    """Let discord.py open its connections as ones that read on."""
    shard.DiscordWebSocket = ReadsOn  # type: ignore[misc]  # the class that it makes them of


class ReadsOn(DiscordWebSocket):
    """A connection on which an event that can't be read is left out."""

    # by client: the number of the last good event, when a shard last asked for what came after it
    _asked_again: ClassVar[WeakKeyDictionary[Any, dict[int | None, int | None]]] = (
        WeakKeyDictionary()
    )
    _text = ""

    def log_receive(self, data: Any, /) -> None:
        """Keep what is about to be read."""
        self._text = data

    async def received_message(self, msg: Any, /) -> None:
        """Read one frame.

        Raises:
            ReconnectWebSocket: it is garbled; Discord is asked to send it again, once.
            ConnectionError: without it there is no session; it is opened anew, ever less often.
        """
        self._text = ""
        async with failures_told(self._leave_out):
            await super().received_message(msg)

    async def _leave_out(self, error: Exception) -> None:
        if isinstance(error, _OF_THE_CONNECTION):
            raise error
        name = _name_of(self._text)
        self._dispatch("unread", name, where(error))
        if name == _NO_JSON and self._may_ask_again():
            await self.close()
            raise ReconnectWebSocket(self.shard_id) from None
        if not self._text or name in _NEEDED or self._keep_alive is None:
            await self.close()
            raise ConnectionError(f"{name} of Discord's can't be read") from None

    def _may_ask_again(self) -> bool:
        """Whether what is garbled here wasn't so before, when it was asked for once more."""
        asked = self._asked_again.setdefault(self._connection, {})
        if self.session_id is None or asked.get(self.shard_id, -1) == self.sequence:
            return False
        asked[self.shard_id] = self.sequence
        return True


def is_of_the_event(error: BaseException) -> bool:
    """Whether something failed because discord.py took an event for whole that lacks a field."""
    if not isinstance(error, AttributeError | LookupError | TypeError | ValueError):
        return False
    last = traceback.extract_tb(error.__traceback__)[-1:]
    is_theirs = any(frame.filename.startswith(_LIBRARY) for frame in last)
    half_read = getattr(error, "obj", None)  # what was asked for a field that it lacks
    return is_theirs or type(half_read).__module__.partition(".")[0] == discord.__name__


def where(error: BaseException) -> str:
    """Return what failed at what, without what people wrote: an error's own text may quote it."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    is_a_name = isinstance(error, KeyError)
    return f"{type(error).__name__}{f' {error}' if is_a_name else ''} in {last.name}"


def _name_of(text: str) -> str:
    """Return which event a frame is, as far as it says so."""
    try:
        told = json.loads(text)
    except ValueError:
        return _NO_JSON
    if not isinstance(told, dict):
        return "something else"
    return str(told.get("t") or f"op {told.get('op')}")
