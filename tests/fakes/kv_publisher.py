"""A ZeroMQ publisher on this machine, of one subscriber, that says what it is told to."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import ormsgpack

GREETING = bytes([0xFF, *[0] * 8, 0x7F, 3, 0]) + b"NULL".ljust(20, b"\0") + bytes(32)
READY = b"\x05READY\x0bSocket-Type\0\0\0\x03PUB"


class KvPublisher:
    """Speaks ZMTP 3.0; `greeting` may be something else."""

    def __init__(self) -> None:
        self.address = ""
        self.greeting = GREETING
        self.came, self.subscribed = asyncio.Event(), asyncio.Event()
        self._writer: asyncio.StreamWriter | None = None

    async def greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self.greeting)
        self._writer = writer
        self.came.set()
        try:
            await reader.readexactly(64)
            writer.write(bytes([4, len(READY)]) + READY)
            flags, size = await reader.readexactly(2)
            assert (flags, (await reader.readexactly(size))[:6]) == (4, b"\x05READY")
            assert await reader.readexactly(3) == b"\0\x01\x01"
            self.subscribed.set()
        except asyncio.IncompleteReadError:
            writer.close()

    def publish(self, *events: dict[str, Any]) -> None:
        """Send one batch, as vLLM packs it: topic, number, payload."""
        self.send([b"", (7).to_bytes(8, "big"), ormsgpack.packb([1.5, list(events), 0])])

    def send(self, frames: Sequence[bytes]) -> None:
        assert self._writer
        for place, body in enumerate(frames):
            more = 1 if place < len(frames) - 1 else 0
            size = bytes([len(body)]) if len(body) < 256 else len(body).to_bytes(8, "big")
            self._writer.write(bytes([more | (2 if len(body) > 255 else 0)]) + size + body)

    async def leave(self) -> None:
        if self._writer:
            self._writer.close()
            with suppress(OSError):
                await self._writer.wait_closed()


def stored(
    hashes: Sequence[int | bytes], parent: int | None, ids: Sequence[int], size: int
) -> dict[str, Any]:
    """An event as vLLM 0.32.0 writes it."""
    return {
        "type": "BlockStored",
        "block_hashes": list(hashes),
        "parent_block_hash": parent,
        "token_ids": list(ids),
        "block_size": size,
        "lora_id": None,
        "medium": "GPU",
        "lora_name": None,
        "group_idx": 0,
    }


@asynccontextmanager
async def kv_publisher() -> AsyncIterator[KvPublisher]:
    publisher = KvPublisher()
    server = await asyncio.start_server(publisher.greet, "127.0.0.1", 0)
    publisher.address = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield publisher
    finally:
        server.close()
        await publisher.leave()
