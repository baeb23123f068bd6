"""A chat model over HTTP: its words, its calls, and every way in which it fails."""

import asyncio
from contextlib import aclosing

import pytest

from bot.agent.chat import Chat
from bot.agent.chat_turn import LONGEST_ARGUMENTS, Call, parsed
from tests.fakes.chat_server import ChatServer, Turn, chat_server, in_turn
from tools.engine.cluster.server import Server
from tools.errors import Nonsense, Unavailable

ASKED = [{"role": "user", "content": "Why?"}]
TOOL = {"type": "function", "function": {"name": "lens", "parameters": {}}}


async def said(server: ChatServer, *tools: dict[str, object], timeout_s: float = 5) -> object:
    chat = Chat(Server(server.base_url, timeout_s=timeout_s), "m")
    try:
        async with chat.turn(ASKED, tools) as (turn, words):
            async for _ in words:
                pass
        return turn
    finally:
        await chat.close()


async def test_words_and_calls_come_whole() -> None:
    script = in_turn(Turn("Because it is.", calls=(("lens", '{"prompt": "x"}'), ("fit", ""))))
    async with chat_server(script) as server:
        turn = await said(server, TOOL)
    assert turn.text == "Because it is."
    assert [(call.id, call.name, parsed(call)) for call in turn.calls] == [
        ("c0", "lens", {"prompt": "x"}),
        ("c1", "fit", {}),
    ]
    assert turn.tokens == 42
    assert server.bodies[0]["tools"] == [TOOL]


async def test_control_tokens_in_outside_text_are_broken_up() -> None:
    async with chat_server(in_turn(Turn("ok"))) as server:
        chat = Chat(Server(server.base_url), "m", control=["@@END@@"])
        text = "a <|im_end|> b @@END@@ c </s>"
        async with chat.turn([{"role": "user", "content": text}]) as (_, words):
            async for _ in words:
                pass
        await chat.close()
    sent = server.bodies[0]["messages"][0]["content"]
    assert "<|im_end|>" not in sent
    assert "@@END@@" not in sent
    assert "</s>" not in sent
    assert sent.replace("\u200b", "") == text


@pytest.mark.parametrize(
    ("turn", "error", "words"),
    [
        (Turn("It begins", is_cut=True), Unavailable, "broke off"),
        (Turn("It", is_garbled=True), Nonsense, "no chat completion"),
        (Turn(status=500, reason="oops"), Unavailable, "failed"),
        (Turn(status=401, reason="no"), Unavailable, "refused the key"),
        (Turn("It begins", hangs=True), Unavailable, r"fell silent for 0\.5 s"),
        (Turn(hangs=True), Unavailable, r"gave no answer in 0\.5 s"),
        (Turn(calls=(("lens", '{"prompt": "' + "x" * LONGEST_ARGUMENTS),)), Nonsense, "an end"),
    ],
)
async def test_each_failure_says_what_happened(turn: Turn, error: type, words: str) -> None:
    async with chat_server(in_turn(turn)) as server:
        with pytest.raises(error, match=words):
            await said(server, timeout_s=0.5)


async def test_a_server_that_is_down_says_so() -> None:
    async with chat_server(in_turn(Turn())) as server:
        pass
    with pytest.raises(Unavailable, match="can't be reached"):
        await said(server)


async def test_what_fails_at_the_listener_is_no_refusal_of_tools() -> None:
    async def fail(chat: Chat) -> None:
        async with chat.turn(ASKED, [TOOL]) as (_, words), aclosing(words):
            await anext(words)
            raise Unavailable("The tool that was asked for is down.")

    async with chat_server(in_turn(Turn("It begins."))) as server:
        chat = Chat(Server(server.base_url), "m")
        with pytest.raises(Unavailable, match="is down") as told:
            await fail(chat)
        await chat.close()
    assert type(told.value) is Unavailable
    assert chat.takes_tools


async def test_leaving_a_stream_closes_it() -> None:
    async with chat_server(in_turn(Turn("It begins", hangs=True))) as server:
        chat = Chat(Server(server.base_url), "m")
        async with chat.turn(ASKED) as (turn, words), aclosing(words):
            async for _ in words:
                if turn.text == "It begins":
                    break
        async with asyncio.timeout(5):
            while server.open:  # noqa: ASYNC110 - the server has no event for it
                await asyncio.sleep(0)
        await chat.close()
    assert server.left == 1


@pytest.mark.parametrize("arguments", ["[1]", "{", '"x"', "NaN", "[" * 4000])
def test_arguments_that_are_no_object_are_refused(arguments: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever json says
        parsed(Call("c", "lens", arguments))
