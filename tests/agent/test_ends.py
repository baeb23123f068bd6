"""How answers of a chat server end, and how they are interrupted: whole, cut, or too long."""

import json
from typing import Any

import pytest
from aiohttp import web

from bot.agent.chat import Chat
from bot.agent.chat_turn import MOST_CALLS, Call, ChatTurn
from bot.domain.mode import Mode
from bot.domain.tutor.talk import Exchange, Outcome, Question, Reply
from tests.agent.test_tutor import GROUNDED, QUESTION, Make
from tests.fakes.chat_server import Turn, chat_server, delta_of, in_turn
from tests.fakes.listening import listening
from tools.engine.cluster.server import Server
from tools.errors import Nonsense, Unavailable

ASKED = [{"role": "user", "content": "Why?"}]
TOO_LONG = [  # vLLM, llama.cpp, SGLang, TGI, LM Studio, Anthropic's and Google's gateways
    (400, "This model's maximum context length is 512 tokens. However, you requested 900."),
    (400, "the request exceeds the available context size (4096 tokens), try increasing it"),
    (400, "The input (5000 tokens) is longer than the model's context length (4096 tokens)."),
    (422, "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5"),
    (400, "However, the model is loaded with context length of only 4096 tokens"),
    (400, "prompt is too long: 208310 tokens > 200000 maximum"),
    (400, "The input token count (9) exceeds the maximum number of tokens allowed (8)."),
    (413, "Please reduce the length of the messages or completion."),
    (500, "context window exceeded"),
]


async def read(turn: Turn) -> ChatTurn:
    async with chat_server(in_turn(turn)) as server:
        chat = Chat(Server(server.base_url, timeout_s=5), "m")
        try:
            async with chat.turn(ASKED) as (taken, words):
                async for _ in words:
                    pass
            return taken
        finally:
            await chat.close()


@pytest.mark.parametrize("reason", [None, "stop", "eos_token"])
async def test_a_stream_that_ends_with_done_is_whole_whatever_the_reason(
    reason: str | None,
) -> None:
    assert (await read(Turn(GROUNDED, end=reason))).text == GROUNDED


async def test_a_stream_that_ends_with_a_reason_is_whole_without_done() -> None:
    assert (await read(Turn(GROUNDED, is_done=False))).text == GROUNDED


async def test_a_stream_that_ends_with_neither_was_broken_off() -> None:
    with pytest.raises(Unavailable, match="broke off"):
        await read(Turn(GROUNDED, end=None, is_done=False))


@pytest.mark.parametrize("reason", ["content_filter", "SAFETY", "refusal", "error", "abort"])
async def test_what_a_filter_or_a_failure_ends_is_no_whole_answer(reason: str) -> None:
    """Class: a reason to end that isn't the model's own. It passed for whole."""
    with pytest.raises(Unavailable, match=rf"in the midst \({reason}\)"):
        await read(Turn(GROUNDED, end=reason))


@pytest.mark.parametrize(
    "last",
    [
        b"data: [DONE]",
        b"data: [DONE]\n",
        b"data:  [DONE] \n\n",
        b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}',
        b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\r\n',
        b"event: done\r\ndata: [DONE]\r\n",
    ],
)
async def test_the_last_event_counts_however_its_line_ends(last: bytes) -> None:
    """Class: servers and proxies that leave out what ends an event, or put blanks there."""
    chunks = (delta_of({"content": GROUNDED}), last)
    assert (await read(Turn(chunks=chunks, is_cut=True))).text == GROUNDED


async def test_an_answer_that_comes_whole_though_a_stream_was_asked_for_is_read() -> None:
    """Class: a gateway that doesn't stream. It passed for an answer that was broken off."""
    message = {"role": "assistant", "content": GROUNDED}
    answer = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}

    async def say(_: web.Request) -> web.Response:
        return web.json_response(answer)

    async with listening(web.route("*", "/{tail:.*}", say)) as address:
        chat = Chat(Server(f"{address}/v1", timeout_s=5), "m")
        async with chat.turn(ASKED) as (turn, words):
            assert "".join([word async for word in words]) == GROUNDED
        await chat.close()
    assert turn.is_whole


async def test_of_several_choices_the_one_that_was_asked_for_is_the_answer() -> None:
    other = {"index": 1, "delta": {"content": "Something else."}}
    both = {"choices": [other, {"index": 0, "delta": {"content": GROUNDED}}]}
    assert (await read(Turn(chunks=(both,)))).text == GROUNDED


@pytest.mark.parametrize(
    "content",
    [
        [None, {"type": "text", "text": GROUNDED}, {"type": "text", "text": None}],
        [{"type": "text", "text": {"value": GROUNDED}}],
        [GROUNDED],
        [{"type": "reasoning", "text": "Hm."}, {"text": GROUNDED}],
    ],
)
async def test_a_content_in_parts_is_its_texts(content: Any) -> None:
    assert (await read(Turn(chunks=(delta_of({"content": content}),)))).text == GROUNDED


async def test_half_an_event_at_the_end_was_broken_off() -> None:
    with pytest.raises(Unavailable, match="broke off"):
        await read(Turn(GROUNDED, chunks=(b'data: {"choices": [{"del',), is_cut=True))


@pytest.mark.parametrize(
    "ping",
    [b": ping\n\n", b"event: ping\ndata: {}\n\n", b"data:\n\n", b'event: ping\ndata: "x"\n\n'],
)
async def test_what_only_keeps_the_connection_alive_is_passed_over(ping: bytes) -> None:
    chunks = (ping, delta_of({"content": "a"}), ping, delta_of({"content": "b"}), ping)
    assert (await read(Turn(chunks=chunks))).text == "ab"


def part(index: int | None, id_: str | None, name: str | None, said: Any) -> dict[str, Any]:
    call = {"index": index, "id": id_, "function": {"name": name, "arguments": said}}
    return delta_of({"tool_calls": [call]})


@pytest.mark.parametrize(
    "chunks",
    [
        (part(0, "a", "lens", "{}"), part(0, "b", "fit", "{}")),
        (part(None, "a", "lens", '{"p'), part(None, "a", "", '": 1}'), part(None, "b", "fit", "")),
        (part(0, None, "lens", ""), part(0, None, None, "{}"), part(0, None, "fit", "{}")),
        (part(0, "", "lens", {"p": 1}), part(0, "", "fit", {})),
        (part(1, "b", "fit", ""), part(0, "a", "lens", "{"), part(0, None, None, "}")),
    ],
)
async def test_parallel_calls_stay_apart_however_they_are_numbered(
    chunks: tuple[Any, ...],
) -> None:
    calls = (await read(Turn(chunks=chunks, end="tool_calls"))).calls
    assert [call.name for call in calls] == ["lens", "fit"]
    assert len({call.id for call in calls}) == 2
    assert all(isinstance(json.loads(call.arguments or "{}"), dict) for call in calls)


async def test_two_calls_of_one_tool_without_ids_stay_apart() -> None:
    chunks = (part(0, None, "lens", '{"p": 1}'), part(0, None, "lens", '{"p": 2}'))
    assert (await read(Turn(chunks=chunks))).calls == (
        Call("call-0", "lens", '{"p": 1}'),
        Call("call-1", "lens", '{"p": 2}'),
    )


async def test_an_answer_that_the_limit_cuts_ends_with_a_sentence_and_says_so(desk: Make) -> None:
    cut = Turn(f"{GROUNDED} And what the model does next is", end="length")
    reply = (await (await desk(in_turn(cut))).ask(QUESTION)).reply
    assert reply.text == GROUNDED.replace(" [1]", "")
    assert "600 tokens" in (reply.note or "")


async def test_a_server_that_keeps_to_no_limit_is_left_where_the_limit_should_be(
    desk: Make,
) -> None:
    reply = (await (await desk(in_turn(Turn(GROUNDED + " and" * 200_000)))).ask(QUESTION)).reply
    assert "600 tokens" in (reply.note or "")
    assert len(reply.text) < 4_000


@pytest.mark.parametrize("sent", ["content", "reasoning_content"])
def test_words_and_thoughts_beyond_the_limit_are_not_kept(sent: str) -> None:
    turn = ChatTurn(most=1000)
    for _ in range(300):
        turn.take({"choices": [{"delta": {sent: "word "}}]})
    assert turn.is_over
    assert turn.is_cut
    assert len(turn.text) <= 1000


def test_calls_without_end_are_refused() -> None:
    turn = ChatTurn()
    for place in range(MOST_CALLS):
        turn.take(part(place, f"id-{place}", "lens", "{}"))
    with pytest.raises(Nonsense, match="without coming to an end"):
        turn.take(part(MOST_CALLS, "one-more", "lens", "{}"))


async def test_a_model_that_says_nothing_leaves_the_course_s_words(desk: Make) -> None:
    reply = (await (await desk(in_turn(Turn("")))).ask(QUESTION)).reply
    assert reply.mode is Mode.NOTES
    assert "without a word" in (reply.note or "")


async def test_a_model_that_fails_after_its_tools_leaves_the_course_s_words(desk: Make) -> None:
    call = ("calculate", '{"expression": "1+1"}')
    script = in_turn(Turn("Let me look.", calls=(call,)), Turn(status=500, reason="no memory"))
    reply = (await (await desk(script)).ask(QUESTION)).reply
    assert reply.mode is Mode.NOTES
    assert "no memory" in (reply.note or "")
    assert "Let me look" not in reply.text


def narrow(status: int, says: str, most: int) -> Any:
    """Refuse what is longer than so many characters."""

    def script(body: dict[str, Any]) -> Turn:
        sent = json.dumps([body["messages"], body.get("tools", [])], ensure_ascii=False)
        return Turn(GROUNDED) if len(sent) <= most else Turn(status=status, reason=says)

    return script


@pytest.mark.parametrize(("status", "says"), TOO_LONG)
async def test_what_is_too_long_for_the_model_is_shortened(
    desk: Make, status: int, says: str
) -> None:
    at = await desk(narrow(status, says, 3600))
    earlier = tuple(Exchange("What is a token?", "A piece of text. " * 40) for _ in range(6))
    question = Question(QUESTION, earlier)
    replies = [e async for e in at.tutor.answer(question, at.finished) if isinstance(e, Reply)]
    assert replies[0].mode is Mode.MODEL
    assert replies[0].outcome is Outcome.ANSWERED
    last = at.server.bodies[-1]
    assert QUESTION in last["messages"][-1]["content"]
    assert "keys and values" in last["messages"][-1]["content"]
    assert at.tutor.mode is Mode.MODEL


async def test_what_never_fits_leaves_the_course_s_words_and_blames_nobody(desk: Make) -> None:
    at = await desk(narrow(400, TOO_LONG[0][1], 0))
    reply = (await at.ask(QUESTION)).reply
    assert reply.outcome is Outcome.ANSWERED
    assert reply.mode is Mode.NOTES
    assert "model's context is too short" in (reply.note or "")
    assert len(at.server.bodies) == 3
