"""Limits and breaker before a real HTTP server that answers as it is told to."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import count

import pytest
from aiohttp import web

from tests.fakes.engine import CountingEngine
from tests.fakes.servers import LyingServer, completion, honest, serving
from tests.fakes.stub_vllm import StubVllm
from tools.engine.asker import asker, asking_as
from tools.engine.base import Prompt
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.internals import HEAVY_QUESTIONS
from tools.engine.sharing.breaker import FAILURES
from tools.engine.sharing.guard import Guard
from tools.engine.sharing.limits import Limits
from tools.engine.sharing.shared import SharedEngine
from tools.errors import BadInput, Busy, Resting, Unavailable

CAT = Prompt("The cat")
COMPLETIONS = "/v1/completions"


class Clock:
    """Stands still until it is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def shared(server: LyingServer, clock: Clock) -> AsyncIterator[SharedEngine]:
    honest(server)
    engine = ClusterEngine(server.base_url, "served", timeout_s=5)
    engine._server._client.max_retries = 0
    shared = SharedEngine(engine, guard=Guard(clock=clock))
    yield shared
    await shared.close()


@pytest.fixture
def prompts() -> Iterator[Prompt]:
    """Prompts that nobody has asked yet."""
    return (Prompt(f"The cat {number}") for number in count())


async def turns(count: int = 5) -> None:
    """Let every task that can go on go on."""
    for _ in range(count):
        await asyncio.sleep(0)


async def ask_for(shared: SharedEngine, learner: int, prompt: Prompt) -> object:
    with asking_as(learner):
        return await shared.next_token(prompt, 3)


async def test_two_hundred_learners_on_one_prompt_are_one_request(
    server: LyingServer, shared: SharedEngine
) -> None:
    found = await asyncio.gather(*(ask_for(shared, learner, CAT) for learner in range(200)))
    assert len({id(one) for one in found}) == 1
    assert len(server.bodies(COMPLETIONS)) == 1


async def test_kept_and_shared_answers_cost_a_learner_nothing(
    server: LyingServer, prompts: Iterator[Prompt]
) -> None:
    honest(server)
    guard = Guard(Limits(each_room=2, each_per_s=0.1), clock=Clock())
    shared = SharedEngine(ClusterEngine(server.base_url, "served"), guard=guard)
    await ask_for(shared, 1, CAT)
    for _ in range(20):
        await ask_for(shared, 1, CAT)
    await ask_for(shared, 1, next(prompts))
    with pytest.raises(Busy, match=r"Try again in 10 s\."):
        await ask_for(shared, 1, next(prompts))
    await ask_for(shared, 1, CAT)
    await ask_for(shared, 2, next(prompts))
    await shared.close()


async def test_one_learners_refusal_is_not_anothers(server: LyingServer) -> None:
    honest(server)
    guard = Guard(Limits(each_room=1, each_per_s=0.1), clock=Clock())
    shared = SharedEngine(ClusterEngine(server.base_url, "served"), guard=guard)
    await ask_for(shared, 1, CAT)
    spent, fresh = await asyncio.gather(
        *(ask_for(shared, learner, Prompt("The dog")) for learner in (1, 2)),
        return_exceptions=True,
    )
    assert isinstance(spent, Busy)
    assert not isinstance(fresh, BaseException)
    await shared.close()


async def test_no_more_are_sent_at_a_time_than_the_limit_says(prompts: Iterator[Prompt]) -> None:
    running = most = 0
    held = asyncio.Event()

    async def slow(request: web.Request) -> web.Response:
        nonlocal running, most
        if request.path == COMPLETIONS:
            running += 1
            most = max(most, running)
            if running == 3:
                held.set()
            await held.wait()
            running -= 1
        answer = await other.answer(request)
        assert isinstance(answer, web.Response)
        return answer

    other = honest(LyingServer())
    async with serving(slow) as server:
        engine = ClusterEngine(server.base_url, "served", timeout_s=5)
        shared = SharedEngine(engine, guard=Guard(Limits(at_once=3)))
        await asyncio.gather(*(ask_for(shared, n, next(prompts)) for n in range(20)))
        await shared.close()
    assert most == 3


async def test_a_server_that_fails_is_left_alone_probed_and_taken_back(
    server: LyingServer, shared: SharedEngine, clock: Clock, prompts: Iterator[Prompt]
) -> None:
    server.says(COMPLETIONS, {}, status=503)
    for _ in range(FAILURES):
        with pytest.raises(Unavailable, match=r"failed \(503\)"):
            await shared.next_token(next(prompts), 3)
    asked = len(server.bodies(COMPLETIONS))
    with pytest.raises(Resting, match=r"\(503\)\. It failed 5 times .* Try again in 5 s\."):
        await shared.next_token(next(prompts), 3)
    assert len(server.bodies(COMPLETIONS)) == asked

    clock.now = 5
    both = [shared.next_token(next(prompts), 3) for _ in range(2)]
    probe, other = await asyncio.gather(*both, return_exceptions=True)
    assert not isinstance(probe, Resting)
    assert isinstance(other, Resting)
    assert len(server.bodies(COMPLETIONS)) == asked + 1
    with pytest.raises(Resting, match=r"Try again in 10 s\."):
        await shared.next_token(next(prompts), 3)

    server.says(COMPLETIONS, completion())
    clock.now = 15
    assert await shared.next_token(next(prompts), 3)
    found = await asyncio.gather(*(shared.next_token(next(prompts), 3) for _ in range(9)))
    assert len(found) == 9


async def test_what_is_kept_is_shown_while_the_server_is_left_alone(
    server: LyingServer, shared: SharedEngine, prompts: Iterator[Prompt]
) -> None:
    await shared.next_token(CAT, 3)
    server.says(COMPLETIONS, {}, status=500)
    for _ in range(FAILURES):
        with pytest.raises(Unavailable):
            await shared.next_token(next(prompts), 3)
    assert (await shared.next_token(CAT, 3)).is_kept


async def test_prompts_that_cannot_be_used_never_open_it(
    server: LyingServer, shared: SharedEngine, prompts: Iterator[Prompt]
) -> None:
    told = {"error": {"message": "maximum context length is 2048"}}
    server.says(COMPLETIONS, told, status=400)
    for _ in range(3 * FAILURES):
        with pytest.raises(BadInput, match="too long"):
            await shared.next_token(next(prompts), 3)


async def test_a_prober_who_leaves_lets_the_next_one_probe(clock: Clock) -> None:
    inner = CountingEngine()
    shared = SharedEngine(inner, guard=Guard(clock=clock))
    inner.failure = Unavailable("down.")
    for number in range(FAILURES):
        with pytest.raises(Unavailable):
            await shared.next_token(Prompt(f"{number}"), 1)
    clock.now, inner.failure = 5, None
    inner.gate.clear()
    prober = asyncio.create_task(shared.next_token(CAT, 1))
    await turns()
    assert len(inner.calls) == FAILURES + 1
    prober.cancel()
    await asyncio.gather(prober, return_exceptions=True)
    inner.gate.set()
    assert await shared.next_token(CAT, 1)


async def test_a_stream_that_is_left_is_closed_and_gives_its_place_up(stub: StubVllm) -> None:
    guard = Guard(Limits(at_once=1))
    shared = SharedEngine(ClusterEngine(stub.base_url, "served", timeout_s=5), guard=guard)
    stub.gate.clear()
    left = asyncio.create_task(shared.stream_timed("The cat", 4))
    await stub.until_running(1)
    waits = asyncio.create_task(shared.stream_timed("The dog", 4))
    left.cancel()
    with pytest.raises(asyncio.CancelledError):
        await left
    stub.gate.set()
    assert (await waits).tokens == 4
    assert (stub.left, stub.most_running) == (1, 1)
    await shared.close()


class Heavy(CountingEngine):
    """Can be looked into, when it is let; counts how many look at a time."""

    looking = most = 0

    async def look(self, question: str, *arguments: object) -> str:
        self.looking += 1
        self.most = max(self.most, self.looking)
        await self.gate.wait()
        self.looking -= 1
        return question


@pytest.mark.parametrize("question", sorted(HEAVY_QUESTIONS))
async def test_heavy_looks_are_one_at_a_time(question: str) -> None:
    inner = Heavy()
    shared = SharedEngine(inner)
    await asyncio.gather(*(shared.look(question, number) for number in range(4)))
    assert inner.most == 1


async def test_light_requests_go_on_beside_a_heavy_one() -> None:
    inner = Heavy()
    shared = SharedEngine(inner)
    inner.gate.clear()
    heavy = asyncio.create_task(shared.look("train", "x", 1, 0.1))
    await turns()
    assert inner.looking
    assert await shared.tokenize("a")
    inner.gate.set()
    assert await heavy == "train"


async def test_a_learner_may_have_one_heavy_look_and_one_that_waits() -> None:
    inner = Heavy()
    shared = SharedEngine(inner)
    inner.gate.clear()

    async def look(learner: int, number: int) -> str:
        with asking_as(learner):
            found = await shared.look("train", number)
        assert isinstance(found, str)
        return found

    mine = [asyncio.create_task(look(1, number)) for number in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Busy, match="You have 2 requests under way"):
        await look(1, 2)
    inner.gate.set()
    assert await asyncio.gather(*mine, look(2, 3)) == ["train"] * 3


async def test_the_asker_is_known_in_tasks_and_forgotten_behind_the_block() -> None:
    async def who() -> int | None:
        return asker()

    with asking_as(7):
        begun = asyncio.create_task(who())
        with asking_as(8):
            assert await who() == 8
        assert await asyncio.gather(who(), begun) == [7, 7]
    assert asker() is None
