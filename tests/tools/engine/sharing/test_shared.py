import asyncio

import pytest

from tests.fakes.engine import CountingEngine
from tools.engine.base import Prompt
from tools.engine.sharing.shared import SharedEngine
from tools.errors import BadInput, Unavailable

PROMPT = Prompt("The cat")


@pytest.fixture
def inner() -> CountingEngine:
    return CountingEngine()


@pytest.fixture
def shared(inner: CountingEngine) -> SharedEngine:
    return SharedEngine(inner, kept=2)


async def turns(count: int = 5) -> None:
    """Let every task that can go on go on."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_a_hundred_equal_requests_are_one_call(
    inner: CountingEngine, shared: SharedEngine
) -> None:
    answers = await asyncio.gather(*(shared.next_token(PROMPT, 4) for _ in range(100)))
    assert len(inner.calls) == 1
    assert len({answer.top for answer in answers}) == 1


async def test_different_requests_are_not_mixed_up(
    inner: CountingEngine, shared: SharedEngine
) -> None:
    await asyncio.gather(
        shared.next_token(PROMPT, 4),
        shared.next_token(Prompt("The dog"), 4),
        shared.next_token(Prompt("The cat", (1,)), 4),
    )
    assert len(inner.calls) == 3


async def test_a_kept_answer_says_so_and_asks_nobody(
    inner: CountingEngine, shared: SharedEngine
) -> None:
    first = await shared.next_token(PROMPT, 4)
    again = await shared.next_token(PROMPT, 4)
    assert not first.is_kept
    assert again.is_kept
    assert again.at == first.at
    assert len(inner.calls) == 1


async def test_a_longer_kept_answer_serves_a_shorter_request(
    inner: CountingEngine, shared: SharedEngine
) -> None:
    await shared.next_token(PROMPT, 4)
    fewer = await shared.next_token(PROMPT, 2)
    assert len(fewer.top) == 2
    assert fewer.other_probability == pytest.approx(0.25)
    assert len(inner.calls) == 1


async def test_a_shorter_kept_answer_does_not_serve_a_longer_request(
    inner: CountingEngine, shared: SharedEngine
) -> None:
    await shared.next_token(PROMPT, 2)
    assert len((await shared.next_token(PROMPT, 4)).top) == 4
    assert len(inner.calls) == 2


async def test_only_the_latest_are_kept(inner: CountingEngine, shared: SharedEngine) -> None:
    for text in ("one", "two", "three", "one"):
        await shared.next_token(Prompt(text), 1)
    assert len(inner.calls) == 4


async def test_a_failure_reaches_all_who_wait_and_is_not_kept(
    inner: CountingEngine, shared: SharedEngine
) -> None:
    inner.failure = Unavailable("down")
    failed = await asyncio.gather(
        *(shared.next_token(PROMPT, 4) for _ in range(3)), return_exceptions=True
    )
    assert [type(found) for found in failed] == [Unavailable] * 3
    inner.failure = None
    assert (await shared.next_token(PROMPT, 4)).top
    assert len(inner.calls) == 2


async def test_one_who_gives_up_does_not_take_the_others_answer(
    inner: CountingEngine, shared: SharedEngine
) -> None:
    inner.gate.clear()
    first, second = (asyncio.create_task(shared.next_token(PROMPT, 4)) for _ in range(2))
    await turns()
    first.cancel()
    await turns()
    inner.gate.set()
    assert (await second).top
    assert first.cancelled()
    assert inner.cancelled == 0


async def test_when_all_have_given_up_the_work_stops(
    inner: CountingEngine, shared: SharedEngine
) -> None:
    inner.gate.clear()
    waiting = [asyncio.create_task(shared.next_token(PROMPT, 4)) for _ in range(3)]
    await turns()
    for task in waiting:
        task.cancel()
    await turns()
    assert inner.cancelled == 1
    inner.gate.set()
    assert (await shared.next_token(PROMPT, 4)).top


async def test_closing_tells_those_who_wait(inner: CountingEngine, shared: SharedEngine) -> None:
    inner.gate.clear()
    waiting = asyncio.create_task(shared.next_token(PROMPT, 4))
    await turns()
    await shared.close()
    with pytest.raises(Unavailable, match="shut down"):
        await waiting
    assert inner.is_closed


async def test_equal_scores_in_flight_are_one_call(
    inner: CountingEngine, shared: SharedEngine
) -> None:
    await asyncio.gather(*(shared.score(PROMPT, " mat") for _ in range(5)))
    assert len(inner.calls) == 1


@pytest.mark.parametrize("text", ["", "  \n\t ", "x" * 4001, "a\udc00", "a\0b"])
async def test_a_prompt_that_cannot_be_used_reaches_no_engine(
    inner: CountingEngine, shared: SharedEngine, text: str
) -> None:
    with pytest.raises(BadInput):
        await shared.next_token(Prompt(text), 4)
    assert not inner.calls


@pytest.mark.parametrize("k", [0, -1, 21, 1000])
async def test_between_one_and_twenty_tokens_are_shown(shared: SharedEngine, k: int) -> None:
    with pytest.raises(BadInput, match="1 to 20"):
        await shared.next_token(PROMPT, k)


def test_it_passes_on_what_the_engine_is(inner: CountingEngine, shared: SharedEngine) -> None:
    shared.start()
    assert inner.is_started
    assert (shared.name, shared.model) == ("test", "fake")
    assert shared.capabilities() == inner.capabilities()


def test_one_shared_engine_serves_one_event_loop_after_another(shared: SharedEngine) -> None:
    for text in ("one", "two"):
        assert asyncio.run(shared.next_token(Prompt(text), 1)).top
