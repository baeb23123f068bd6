"""Messages of a ZeroMQ publisher, as a subscriber gets them. Used by `block_events` alone.

ZMTP 3.0 without security, over TCP: what vLLM publishes its KV events with. One connection, no
reconnecting: what is missed is missed.

Source:
    rfc.zeromq.org/spec/23 (ZMTP/3.0), 29 (PUBSUB).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from tools.errors import Nonsense, Unavailable

CONNECT_TIMEOUT_S = 5.0
MOST_BYTES = 16_000_000  # of a frame: a batch of events is far smaller
_GREETING = bytes([0xFF, *[0] * 8, 0x7F, 3, 0]) + b"NULL".ljust(20, b"\0") + bytes(32)
_MORE, _LONG, _COMMAND = 1, 2, 4  # flags of a frame


class Subscription:
    """All that a publisher sends from now on."""

    def __init__(self, reader: asyncio.StreamReader, address: str) -> None:
        """Take what `subscribed` has opened."""
        self._reader, self._address = reader, address

    async def message(self) -> tuple[bytes, ...]:
        """Return the next message, its frames in order.

        Raises:
            Unavailable: the publisher has gone.
            Nonsense: it speaks something else.
        """
        frames: list[bytes] = []
        while True:
            flags, body = await self.frame()
            if flags & _COMMAND:
                continue
            frames.append(body)
            if not flags & _MORE:
                return tuple(frames)

    async def frame(self) -> tuple[int, bytes]:
        """Return the next frame: its flags and what is in it."""
        try:
            flags = (await self._reader.readexactly(1))[0]
            size = int.from_bytes(await self._reader.readexactly(8 if flags & _LONG else 1), "big")
            if flags > (_MORE | _LONG | _COMMAND) or size > MOST_BYTES:
                raise Nonsense(f"What answers at {self._address} is no ZeroMQ publisher.")
            return flags, await self._reader.readexactly(size)
        except (OSError, asyncio.IncompleteReadError) as gone:
            raise Unavailable(f"The KV events at {self._address} have broken off.") from gone


@asynccontextmanager
async def subscribed(address: str) -> AsyncIterator[Subscription]:
    """Subscribe to everything that is published at `tcp://host:port`, until left.

    Raises:
        Unavailable: nothing answers there, or something else does.
    """
    parts = urlsplit(address)
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    except (OSError, TimeoutError, ValueError) as down:
        raise Unavailable(
            f"No KV events can be had at {address}. Check HUNCH_KV_EVENTS, and the server's "
            "--kv-events-config."
        ) from down
    try:
        yield await _greeted(reader, writer, address)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _greeted(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str
) -> Subscription:
    """Shake hands, and ask for all topics."""
    subscription = Subscription(reader, address)
    ready = b"\x05READY" + b"\x0bSocket-Type" + (3).to_bytes(4, "big") + b"SUB"
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            writer.write(_GREETING)
            greeting = await reader.readexactly(len(_GREETING))
            if greeting[0] != 0xFF or greeting[10] < 3:
                raise Nonsense(f"What answers at {address} is no ZeroMQ publisher of today's.")
            writer.write(bytes([_COMMAND, len(ready)]) + ready)
            await subscription.frame()  # its own READY
            writer.write(b"\x00\x01\x01")  # one byte: all topics that begin with nothing
            await writer.drain()
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as silent:
        raise Unavailable(f"What answers at {address} is no ZeroMQ publisher.") from silent
    return subscription
