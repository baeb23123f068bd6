import asyncio
from collections.abc import Generator, Sequence
from typing import Any

import pytest

from tools.engine.base import Prompt
from tools.engine.forward.own.llama import Llama, Reading
from tools.engine.forward.own.own_forward import OwnForward
from tools.engine.inside.timing import cache_timing, decode_speed, memory_bandwidth
from tools.engine.local.local import LocalEngine
from tools.engine.model.causal_model import CausalModel
from tools.errors import BadInput


def finished(work: Generator[None, None, Any]) -> Any:
    """What a measurement comes to, its pauses passed over."""
    while True:
        try:
            next(work)
        except StopIteration as ended:
            return ended.value


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
    assert read.bytes_read == 28_311_552 * 34 // 32 + 106_168_320 * 20 // 32 + 35_136 * 4
    assert 1e7 < read.bytes_per_s < 1e13


async def test_measuring_leaves_nothing_behind(embedded: LocalEngine) -> None:
    prompt = Prompt("Measured before and after")
    before = await embedded.next_token(prompt, 3)
    await embedded.cache_timing((8,))
    assert (await embedded.next_token(prompt, 3)).top[0].token == before.top[0].token


async def test_what_answers_learners_is_what_is_timed(
    embedded: LocalEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await embedded.check()
    assert embedded._loaded is not None
    answering = embedded._loaded.forward
    assert isinstance(answering, OwnForward)
    read: list[int] = []
    honest = Llama.read

    def watched(llama: Llama, readings: Sequence[Reading]) -> Any:
        assert llama is answering.llama
        read.extend(len(reading.fresh) for reading in readings)
        return honest(llama, readings)

    monkeypatch.setattr(Llama, "read", watched)
    await embedded.decode_speed(3)
    assert read == [8, 1, 1, 1]
    read.clear()
    await embedded.cache_timing((16,))
    assert read == [16, *(1, 17) * 3]


async def test_a_model_of_transformers_is_timed_too(tiny: CausalModel) -> None:
    (timed,) = finished(cache_timing(tiny.forward, (4,)))
    assert min(timed.with_ms, timed.without_ms) > 0
    assert finished(decode_speed(tiny.forward, 2)).tokens == 2
    size = sum(weight.numel() * 4 for weight in tiny.network.parameters())
    assert finished(memory_bandwidth(tiny.forward)).bytes_read == size


@pytest.mark.parametrize("lengths", [(), (0,), (513,), (1,) * 7])
async def test_lengths_that_take_too_long_are_refused(
    embedded: LocalEngine, lengths: tuple[int, ...]
) -> None:
    with pytest.raises(BadInput, match="1 to 6 lengths of 1 to 512 tokens"):
        await embedded.cache_timing(lengths)
