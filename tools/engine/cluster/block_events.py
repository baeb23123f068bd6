"""What a server stores in its KV cache and what it drops, from its KV events.

vLLM publishes them where it is started with --kv-events-config.

Source:
    vLLM 0.32.0: distributed/kv_events.py; msgpack, a batch an array, an event a map with its type.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from tools.engine.cluster.zmtp import Subscription, subscribed
from tools.engine.serving import BlockEvent
from tools.errors import EngineError, Nonsense

SETTLES_S = 0.3  # without a further event


class BlockWatch:
    """The events since the watch began."""

    def __init__(self) -> None:
        """Nothing has happened yet."""
        self._events: list[BlockEvent] = []
        self._news = asyncio.Event()
        self.failure: EngineError | None = None

    async def settled(self) -> tuple[BlockEvent, ...]:
        """Return all events, once none has come for a moment.

        Raises:
            EngineError: they broke off, or couldn't be read.
        """
        while self.failure is None:
            self._news.clear()
            try:
                async with asyncio.timeout(SETTLES_S):
                    await self._news.wait()
            except TimeoutError:
                return tuple(self._events)
        raise self.failure

    async def follow(self, subscription: Subscription) -> None:
        """Take events down until cancelled."""
        try:
            while True:
                self._events += read_events((await subscription.message())[-1])
                self._news.set()
        except EngineError as failure:
            self.failure = failure
            self._news.set()


@asynccontextmanager
async def watched_blocks(address: str) -> AsyncIterator[BlockWatch]:
    """Watch a server's KV events at `tcp://host:port` until left.

    Raises:
        Unavailable: none can be had there.
    """
    async with subscribed(address) as subscription:
        watch = BlockWatch()
        following = asyncio.create_task(watch.follow(subscription))
        try:
            yield watch
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following


def read_events(payload: bytes) -> list[BlockEvent]:
    """Return the events of one batch, one a block; those of other media are left out.

    Raises:
        Nonsense: it is no batch of KV events.
    """
    import ormsgpack  # not every server publishes them

    try:
        _, events, *_ = ormsgpack.unpackb(payload)
        return [found for event in events for found in _read(event)]
    except (ValueError, TypeError, KeyError, AttributeError) as garbled:
        raise Nonsense("The server's KV events can't be read. Are they vLLM's?") from garbled


def _read(event: Mapping[str, Any]) -> Iterator[BlockEvent]:
    match event["type"]:
        case "BlockStored":
            parent = event["parent_block_hash"]
            for found in event["block_hashes"]:
                yield BlockEvent(_number(found), True, _number(parent))
                parent = found
        case "BlockRemoved":
            for found in event["block_hashes"]:
                yield BlockEvent(_number(found), False)
        case "AllBlocksCleared":
            yield BlockEvent(None, False)


def _number(found: int | bytes | None) -> int | None:
    """Return a hash's last 64 bits, which is how vLLM writes it unless told otherwise."""
    if found is None or isinstance(found, int):
        return found
    return int.from_bytes(found[-8:], "big")
