"""A server's stream: what fails at the server is told, what fails at the caller is left alone."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator

import pytest

from tests.fakes.chat_server import ChatServer, Turn, chat_server, in_turn
from tests.hand_clock import HandClock
from tools.engine.cluster import server as under_test
from tools.engine.cluster.server import Server
from tools.errors import Unavailable

BODY = {"messages": []}
SAID = Turn("It begins and goes on and ends.")


@pytest.fixture
async def talks() -> AsyncIterator[ChatServer]:
    async with chat_server(in_turn(SAID)) as server:
        yield server


@pytest.fixture
async def server(talks: ChatServer) -> AsyncIterator[Server]:
    server = Server(talks.base_url, timeout_s=20)
    yield server
    await server.close()


async def hear(server: Server) -> int:
    """Listen to the end; return how many events there were."""
    async with server.stream("chat/completions", BODY) as events:
        return len([event async for event in events])


async def fail_with(fault: Exception, server: Server) -> None:
    """Listen to one event, and fail by oneself."""
    async with server.stream("chat/completions", BODY) as events:
        await anext(events)
        raise fault


@pytest.mark.parametrize(
    "fault", [ValueError("ours"), TimeoutError("ours"), RecursionError("ours"), OSError("ours")]
)
async def test_what_the_listener_raises_is_not_told_as_the_server_s_failure(
    server: Server, fault: Exception
) -> None:
    with pytest.raises(type(fault), match="ours"):
        await fail_with(fault, server)


async def test_a_listener_who_takes_longer_than_a_stream_may_is_not_cancelled(
    server: Server,
) -> None:
    clock, heard = HandClock(), 0
    async with server.stream("chat/completions", BODY) as events:
        async for _ in events:
            heard += 1
            await clock.passes(under_test.STREAM_TIMEOUT_S + 1)
    assert heard == await hear(server)


async def test_a_stream_that_goes_on_for_too_long_says_which_bound_it_hit(
    talks: ChatServer, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_test, "STREAM_TIMEOUT_S", 0.5)
    talks.script = in_turn(Turn("It begins", hangs=True))
    with pytest.raises(Unavailable, match=r"not come to its end after 0\.5 s of waiting"):
        await hear(server)


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        (Turn(hangs=True), r"gave no answer in 0\.5 s"),
        (Turn("It begins", hangs=True), r"fell silent for 0\.5 s"),
    ],
)
async def test_silence_before_an_answer_and_in_the_midst_of_it_are_told_apart(
    talks: ChatServer, turn: Turn, words: str
) -> None:
    talks.script = in_turn(turn)
    server = Server(talks.base_url, timeout_s=0.5)
    with pytest.raises(Unavailable, match=words):
        await hear(server)
    await server.close()


ROLE = {"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]}


async def test_the_first_token_may_take_as_long_as_a_call_and_the_next_ones_less(
    talks: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_test, "BETWEEN_S", 2.0)
    talks.script = in_turn(Turn("It begins", piece=9, hangs=True))
    server, clock = Server(talks.base_url, timeout_s=20), HandClock()
    async with server.stream("chat/completions", BODY) as events:
        await anext(events)
        waits = asyncio.create_task(anext(events))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        await clock.passes(3)
        with pytest.raises(Unavailable, match="fell silent for 2 s"):
            await waits
    await server.close()


@pytest.mark.parametrize("chunks", [(ROLE,), (b": ping\n\n", ROLE, b": ping\n\n")])
async def test_a_role_or_a_ping_is_no_first_token(
    talks: ChatServer, monkeypatch: pytest.MonkeyPatch, chunks: tuple[object, ...]
) -> None:
    monkeypatch.setattr(under_test, "BETWEEN_S", 0.1)
    talks.script = in_turn(Turn(chunks=chunks, hangs=True))
    server = Server(talks.base_url, timeout_s=0.5)
    with pytest.raises(Unavailable, match=r"gave no answer in 0\.5 s"):
        await hear(server)
    await server.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a full queue refuses")
async def test_a_server_that_takes_no_connection_is_told_with_that_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(under_test, "CONNECT_TIMEOUT_S", 0.2)
    with socket.socket() as deaf, socket.socket() as first, socket.socket() as second:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for one in (first, second):  # nobody accepts: they fill the queue
            one.setblocking(False)
            one.connect_ex(deaf.getsockname())
        server = Server(f"http://127.0.0.1:{deaf.getsockname()[1]}/v1", timeout_s=20)
        with pytest.raises(Unavailable, match=r"can't be reached in 0\.2 s"):
            await server.get("models")
        with pytest.raises(Unavailable, match=r"can't be reached in 0\.2 s"):
            await hear(server)
        await server.close()
