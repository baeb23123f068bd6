import asyncio

import pytest

from tools.engine.base import Prompt
from tools.engine.local import LocalEngine
from tools.errors import BadInput


async def test_without_the_cache_a_token_costs_more_after_more(embedded: LocalEngine) -> None:
    short, long = await embedded.cache_timing((4, 128))
    assert (short.length, long.length) == (4, 128)
    assert min(short.with_ms, short.without_ms, long.with_ms) > 0
    assert long.without_ms > long.with_ms


async def test_others_are_answered_while_something_long_is_measured(embedded: LocalEngine) -> None:
    ended: list[str] = []

    async def long() -> None:
        await embedded.decode_speed(24)
        ended.append("measured")

    async def quick() -> None:
        await embedded.tokenize("Let me through")
        ended.append("answered")

    measuring = asyncio.create_task(long())
    await asyncio.sleep(0)
    await asyncio.gather(measuring, quick())
    assert ended == ["answered", "measured"]


async def test_speed_and_bandwidth_are_plausible(embedded: LocalEngine) -> None:
    speed, read = await embedded.decode_speed(3), await embedded.memory_bandwidth()
    assert speed.tokens == 3
    assert 0.01 < speed.tokens_per_s < 10_000
    assert read.bytes_read == 134_515_008 * 4
    assert 1e7 < read.bytes_per_s < 1e13


async def test_measuring_leaves_nothing_behind(embedded: LocalEngine) -> None:
    prompt = Prompt("Measured before and after")
    before = await embedded.next_token(prompt, 3)
    await embedded.cache_timing((8,))
    assert (await embedded.next_token(prompt, 3)).top[0].token == before.top[0].token


@pytest.mark.parametrize("lengths", [(), (0,), (513,), (1,) * 7])
async def test_lengths_that_take_too_long_are_refused(
    embedded: LocalEngine, lengths: tuple[int, ...]
) -> None:
    with pytest.raises(BadInput, match="1 to 6 lengths of 1 to 512 tokens"):
        await embedded.cache_timing(lengths)
