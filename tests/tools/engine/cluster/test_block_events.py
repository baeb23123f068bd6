import asyncio

import ormsgpack
import pytest

from tests.fakes.kv_publisher import kv_publisher, stored
from tools.engine.cluster.block_events import read_events, watched_blocks
from tools.engine.serving import BlockEvent
from tools.errors import Nonsense, Unavailable

REMOVED = {"type": "BlockRemoved", "block_hashes": [11], "medium": "GPU"}


async def test_what_is_stored_and_dropped_is_taken_down_block_by_block() -> None:
    async with kv_publisher() as publisher, watched_blocks(publisher.address) as watch:
        await publisher.subscribed.wait()
        publisher.publish(stored([11, 12], None, [1, 2, 3, 4], 2), REMOVED)
        publisher.publish({"type": "AllBlocksCleared"}, {"type": "SomethingNewer"})
        assert await watch.settled() == (
            BlockEvent(11, True, None),
            BlockEvent(12, True, 11),
            BlockEvent(11, False),
            BlockEvent(None, False),
        )


def test_what_others_have_written_is_not_taken_down() -> None:
    """The events bear the tokens of everybody's prompts."""
    payload = ormsgpack.packb([1.0, [stored([5], None, [31_337], 1)]])
    assert "31337" not in repr(read_events(payload))


async def test_a_batch_longer_than_a_short_frame_is_read() -> None:
    ids = list(range(1000, 1400))
    async with kv_publisher() as publisher, watched_blocks(publisher.address) as watch:
        await publisher.subscribed.wait()
        publisher.publish(stored([5], None, ids, 400))
        assert await watch.settled() == (BlockEvent(5, True, None),)


def test_a_hash_in_bytes_is_read_by_its_last_64_bits() -> None:
    whole = bytes(range(32))
    payload = ormsgpack.packb([1.0, [stored([whole], None, [1], 1)]])
    assert read_events(payload)[0].hash == int.from_bytes(whole[-8:], "big")


async def test_a_publisher_that_goes_is_told() -> None:
    async with kv_publisher() as publisher, watched_blocks(publisher.address) as watch:
        await publisher.subscribed.wait()
        await publisher.leave()
        with pytest.raises(Unavailable, match="broken off"):
            await watch.settled()


async def test_where_nothing_publishes_it_says_what_to_check() -> None:
    with pytest.raises(Unavailable, match="HUNCH_KV_EVENTS"):
        async with watched_blocks("tcp://127.0.0.1:9"):
            pass


@pytest.mark.parametrize("greeting", [b"HTTP/1.1 400 Bad Request\r\n" + bytes(64), b"\xff"])
async def test_what_is_no_publisher_is_told(greeting: bytes) -> None:
    async with kv_publisher() as publisher:
        publisher.greeting = greeting[:64]
        attempt = asyncio.create_task(_watched(publisher.address))
        if len(greeting) < 64:
            await publisher.came.wait()
            await publisher.leave()
        with pytest.raises((Nonsense, Unavailable), match="is no ZeroMQ publisher"):
            await attempt


async def _watched(address: str) -> None:
    async with watched_blocks(address):
        pass


@pytest.mark.parametrize(
    "payload",
    [b"", b"\xc1", ormsgpack.packb(4), ormsgpack.packb([1, [4]]), ormsgpack.packb([1, [{}]])],
)
def test_what_is_no_batch_of_events_is_nonsense(payload: bytes) -> None:
    with pytest.raises(Nonsense):
        read_events(payload)
