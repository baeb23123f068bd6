"""Parts of a request that a server refuses: left out, remembered, and told to the operator."""

from typing import Any

import pytest

from bot.agent.chat import Chat
from tests.fakes.chat_server import Turn, chat_server, in_turn, refusing
from tools.engine.cluster.server import Server
from tools.errors import Unavailable

ASKED = [{"role": "user", "content": "Why?"}]
TOOL = {"type": "function", "function": {"name": "lens", "parameters": {}}}
SCHEMA = {"type": "object"}
# as OpenAI, a FastAPI server, Ollama, llama.cpp and OpenRouter say it
REFUSALS = [
    (
        "max_tokens",
        400,
        "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
    ),
    ("temperature", 400, "Unsupported value: 'temperature' does not support 0.2 with this model."),
    ("stream_options", 422, "stream_options: Extra inputs are not permitted"),
    ("stream_options", 422, "Extra inputs are not permitted"),
    ("temperature", 400, "Bad request"),
    ("tools", 400, "m does not support tools"),
    ("tools", 400, '"auto" tool choice requires --enable-auto-tool-choice'),
    ("tools", 404, "No endpoints found that support tool use."),
    ("tools", 422, "Unprocessable"),
    ("tools", 500, "tools param requires --jinja flag"),
    ("response_format", 400, "response_format json_schema is not supported"),
    ("response_format", 500, "failed to parse grammar"),
]


async def said(chat: Chat) -> str:
    async with chat.turn(ASKED, [TOOL]) as (turn, words):
        async for _ in words:
            pass
    return turn.text


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (400, "System role not supported"),
        (500, "Jinja Exception: System role not supported"),
        (400, "Conversation roles must alternate user/assistant/user/assistant/..."),
        (422, "system messages are not allowed for this model"),
    ],
)
async def test_without_a_system_role_its_words_go_before_the_learners(
    status: int, says: str
) -> None:
    """Class: a template that takes less than OpenAI's roles, as Gemma 2's."""

    def script(body: dict[str, Any]) -> Turn:
        is_refused = body["messages"][0]["role"] == "system"
        return Turn(status=status, reason=says) if is_refused else Turn("ok")

    rules = {"role": "system", "content": "Be brief."}
    async with chat_server(script) as server:
        chat = Chat(Server(server.base_url), "m")
        for _ in range(2):
            async with chat.turn([rules, *ASKED], [TOOL]) as (_, words):
                assert [word async for word in words] == ["ok"]
        await chat.close()
    assert len(server.bodies) == 3
    assert all(one["messages"] == [rules, *ASKED] for one in server.bodies[:1])
    assert server.bodies[-1]["messages"] == [{"role": "user", "content": "Be brief.\n\nWhy?"}]
    assert "tools" in server.bodies[-1]
    assert chat.left_out == ("system",)


@pytest.mark.parametrize(("part", "status", "says"), REFUSALS)
async def test_what_a_server_refuses_is_left_out_and_never_asked_for_again(
    part: str, status: int, says: str
) -> None:
    async with chat_server(refusing(says, status, part)) as server:
        chat = Chat(Server(server.base_url), "m")
        for _ in range(2):
            assert await said(chat) == "ok"
            assert await chat.complete(ASKED, SCHEMA) == "ok"
        await chat.close()
    last = server.bodies[-2:]
    assert not any(part in body for body in last)
    if says not in ("Bad request", "Unprocessable"):
        assert sum(part in body for body in server.bodies) == 1
    assert any(name.startswith(part) for name in chat.left_out)
    assert ("max_completion_tokens" in last[0]) is (part == "max_tokens")
    if says != "Unprocessable":  # that names nothing, so what costs less goes first
        kept = {"stream_options", "temperature", "tools"} - {part}
        assert kept - set(last[0]) <= {"stream_options"}  # left out where nothing is named


async def test_a_server_that_takes_a_limit_under_neither_name_gets_none() -> None:
    says = "{} is not allowed"
    async with chat_server(refusing(says, 400, "max_tokens", "max_completion_tokens")) as server:
        chat = Chat(Server(server.base_url), "m")
        assert await said(chat) == "ok"
        await chat.close()
    assert chat.left_out == ("max_tokens",)


@pytest.mark.parametrize(
    ("status", "says"),
    [(500, "out of memory"), (401, "no tools for you"), (429, "tools: slow down"), (404, "no m")],
)
async def test_what_is_no_fault_of_the_request_leaves_it_as_it_is(status: int, says: str) -> None:
    async with chat_server(in_turn(Turn(status=status, reason=says), Turn("ok"))) as server:
        chat = Chat(Server(server.base_url), "m")
        with pytest.raises(Unavailable):
            await said(chat)
        assert await said(chat) == "ok"
        await chat.close()
    assert chat.left_out == ()
    assert server.bodies[0] == server.bodies[1]


async def test_nothing_is_remembered_of_a_server_that_refuses_everything() -> None:
    async with chat_server(in_turn(Turn(status=400, reason="Bad request"))) as server:
        chat = Chat(Server(server.base_url), "m")
        with pytest.raises(Unavailable):
            await said(chat)
        await chat.close()
    assert chat.left_out == ()
    assert len(server.bodies) == 4


async def test_a_check_says_how_soon_it_answers_and_what_it_refuses() -> None:
    def script(body: dict[str, Any]) -> Turn:
        odd = [name for name in ("max_tokens", "tools", "response_format") if name in body]
        return Turn(status=400, reason=f"{odd[0]} is unknown") if odd else Turn('{"ok": 1}')

    async with chat_server(script) as server:
        chat = Chat(Server(server.base_url), "m")
        line = await chat.check()
        await chat.close()
    assert line.startswith(f"m at {server.base_url[7:-3]}: first token after ")
    left_out = "max_tokens (max_completion_tokens in its place), response_format, tools"
    assert line.endswith(f"it refuses {left_out}")


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        (Turn(status=401, reason="bad key"), "refused the key"),
        (Turn(status=404, reason="The model `m` does not exist."), "does not exist"),
        (Turn(status=503, reason="loading"), "loading"),
        (Turn(""), "without a word"),
    ],
)
async def test_a_check_that_fails_tells_the_reason(turn: Turn, words: str) -> None:
    async with chat_server(in_turn(turn)) as server:
        chat = Chat(Server(server.base_url), "m")
        with pytest.raises(Unavailable, match=words):
            await chat.check()
        await chat.close()
