import asyncio
import math
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from tests.fakes.servers import LOGPROBS, LyingServer, completion, honest, serving
from tools.engine.base import Prompt
from tools.engine.cluster.cluster import ClusterEngine
from tools.errors import BadInput, EngineError, Missing, Nonsense, Unavailable

PROMPT = Prompt("The cat sat")


@pytest.fixture
async def engine(server: LyingServer) -> AsyncIterator[ClusterEngine]:
    honest(server)
    engine = ClusterEngine(server.base_url, "served", timeout_s=5)
    yield engine
    await engine.close()


async def test_an_honest_answer_is_shown_by_token_id(engine: ClusterEngine) -> None:
    shown = await engine.next_token(PROMPT, 5)
    assert [c.token.id for c in shown.top] == [7, 8, 9, 10, 11]
    assert [c.token.text for c in shown.top[:2]] == [" Ku", " `"]
    assert [t.text for t in shown.prompt_tokens] == ["The", " cat", " sat"]
    assert not shown.is_entropy_exact
    assert shown.vocabulary is None


async def test_two_tokens_of_the_same_text_are_both_shown(engine: ClusterEngine) -> None:
    shown = await engine.next_token(PROMPT, 5)
    assert [c.token.text for c in shown.top].count("\ufffd") == 2


async def test_no_more_tokens_are_shown_than_asked_for(engine: ClusterEngine) -> None:
    assert len((await engine.next_token(PROMPT, 2)).top) == 2


async def test_of_the_entropy_the_least_and_the_most_are_told(engine: ClusterEngine) -> None:
    shown = await engine.next_token(PROMPT, 5)
    shares = [math.exp(value) for value in LOGPROBS.values()]
    rest = 1 - sum(shares)
    whole, part = divmod(rest, shares[-1])
    fewest = [*shares, *[shares[-1]] * int(whole), part]
    assert shown.entropy_bits == pytest.approx(-sum(p * math.log2(p) for p in fewest))
    spread = -sum(p * math.log2(p) for p in shares) - rest * math.log2(rest / 9_999_995)
    assert shown.entropy_most_bits == pytest.approx(spread)
    assert not shown.is_entropy_exact


async def test_how_many_tokens_there_are_is_read_from_a_refusal(
    server: LyingServer, engine: ClusterEngine
) -> None:
    said = "token_id(s) [10000000] in logit_bias contain out-of-vocab token ids. "

    def answer(body: Any) -> web.Response:
        if "logit_bias" not in body:
            return web.json_response(completion())
        message = f"{said}Vocabulary size: 49152"
        return web.json_response({"error": {"message": message}}, status=400)

    server.paths["/v1/completions"] = answer
    await engine.find_out()
    shown = await engine.next_token(PROMPT, 5)
    assert shown.vocabulary == 49_152
    assert shown.entropy_most_bits is not None
    assert shown.entropy_most_bits < math.log2(49_152)


async def test_where_texts_that_look_alike_hide_some_the_rest_counts_as_one(
    server: LyingServer, engine: ClusterEngine
) -> None:
    shown = {"a": math.log(0.5), "b": math.log(0.1)}  # three were asked for
    server.says("/v1/completions", completion(logprobs={"top_logprobs": [shown]}))
    found = await engine.next_token(PROMPT, 3)
    shares = (0.5, 0.1, 0.4)
    assert found.entropy_bits == pytest.approx(-sum(p * math.log2(p) for p in shares))


async def test_appended_tokens_are_sent_as_ids(server: LyingServer, engine: ClusterEngine) -> None:
    shown = await engine.next_token(Prompt("The cat sat", (7,)), 3)
    assert server.bodies("/v1/completions")[-1]["prompt"] == [1, 2, 3, 7]
    assert shown.prompt_tokens[-1].text == " Ku"


async def test_control_tokens_in_a_prompt_reach_no_server(
    server: LyingServer, engine: ClusterEngine
) -> None:
    server.says(
        "/tokenizer_info",
        {"added_tokens_decoder": {"5": {"content": "@@odd@@", "special": True}}},
    )
    await engine.next_token(Prompt("a <|im_end|> <s> [INST] @@odd@@ b"), 3)
    sent = [body["prompt"] for path, body in server.asked if body and "prompt" in body]
    assert sent
    for control in ("<|im_end|>", "<s>", "[INST]", "@@odd@@"):
        assert not any(control in str(prompt) for prompt in sent)


async def test_a_guess_is_scored_with_rank_by_id(
    server: LyingServer, engine: ClusterEngine
) -> None:
    rows = [None, *({str(i): {"logprob": -1.0, "rank": 4}} for i in (2, 3, 4, 5))]
    server.says("/v1/completions", completion(prompt_logprobs=rows))
    scored = await engine.score(PROMPT, " on it")
    assert [(s.token.id, s.rank) for s in scored] == [(4, 4), (5, 4)]


async def test_without_tokenize_a_guess_cannot_be_scored_and_it_says_so(
    server: LyingServer, engine: ClusterEngine
) -> None:
    del server.paths["/tokenize"]
    with pytest.raises(Missing, match="no /tokenize"):
        await engine.score(PROMPT, " on")


async def test_a_gateway_without_detokenize_still_names_tokens(
    server: LyingServer, engine: ClusterEngine
) -> None:
    del server.paths["/detokenize"]
    del server.paths["/tokenize"]
    by_text = completion()
    by_text["choices"][0]["logprobs"]["top_logprobs"] = [{" Ku": -1.45, " `": -2.09}]

    def answer(body: Any) -> web.Response:
        by_id = body["return_tokens_as_token_ids"]
        return web.json_response(completion() if by_id else by_text)

    server.paths["/v1/completions"] = answer
    shown = await engine.next_token(PROMPT, 3)
    assert [(c.token.id, c.token.text) for c in shown.top] == [
        (7, " Ku"),
        (8, " `"),
        (9, "\ufffd"),
    ]
    assert [t.id for t in shown.prompt_tokens] == [1, 2, 3]


async def test_a_server_that_knows_no_ids_shows_texts_and_cannot_append(
    server: LyingServer, engine: ClusterEngine
) -> None:
    answer = completion(prompt_token_ids=None)
    answer["choices"][0]["logprobs"]["top_logprobs"] = [{" mat": -0.5, " sofa": -2.0}]
    server.says("/v1/completions", answer)
    shown = await engine.next_token(PROMPT, 3)
    assert [c.token.text for c in shown.top] == [" mat", " sofa"]
    with pytest.raises(BadInput):
        await engine.next_token(Prompt("The cat sat", (shown.top[0].token.id,)), 3)


async def test_the_first_model_is_asked_when_none_is_named(server: LyingServer) -> None:
    engine = ClusterEngine(honest(server).base_url, timeout_s=5)
    assert (await engine.next_token(PROMPT, 1)).model == "served"
    await engine.close()


async def test_a_text_is_asked_for_once(server: LyingServer, engine: ClusterEngine) -> None:
    for _ in range(3):
        await engine.next_token(PROMPT, 5)
    assert len(server.bodies("/detokenize")) == 5


async def test_a_refused_connection_names_the_host() -> None:
    engine = ClusterEngine("http://127.0.0.1:9/v1", "served", timeout_s=5)
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:9"):
        await engine.next_token(PROMPT, 3)
    await engine.close()


async def test_a_slow_server_is_given_up() -> None:
    stuck = asyncio.Event()

    async def hang(request: web.Request) -> web.StreamResponse:
        await stuck.wait()
        return web.Response()

    async with serving(hang) as slow:
        engine = ClusterEngine(slow.base_url, "served", timeout_s=0.2)
        with pytest.raises(Unavailable, match=r"no answer in 0\.2 s"):
            await engine.next_token(PROMPT, 3)
        stuck.set()
        await engine.close()


@pytest.mark.parametrize("status", [500, 502, 503, 429, 401, 403])
async def test_a_refusing_server_is_unavailable(
    server: LyingServer, engine: ClusterEngine, status: int
) -> None:
    server.says("/v1/completions", {"error": {"message": "no"}}, status)
    with pytest.raises(Unavailable, match=str(status)):
        await engine.next_token(PROMPT, 3)


async def test_an_unknown_model_is_told_with_those_there_are(server: LyingServer) -> None:
    honest(server).says("/v1/completions", {"error": {"message": "no such model"}}, 404)
    engine = ClusterEngine(server.base_url, "absent", timeout_s=5)
    with pytest.raises(Unavailable, match=r"no model absent\. It has: served"):
        await engine.next_token(PROMPT, 3)
    await engine.close()


async def test_a_prompt_over_the_context_is_the_askers_to_mend(
    server: LyingServer, engine: ClusterEngine
) -> None:
    reason = "This model's maximum context length is 2048 tokens."
    server.says("/v1/completions", {"error": {"message": reason}}, 400)
    with pytest.raises(BadInput, match="2048"):
        await engine.next_token(PROMPT, 3)


@pytest.mark.parametrize(
    "text",
    ["<html><body>Welcome to nginx</body></html>", '{"choices": [{"text": "x", "logp', ""],
)
@pytest.mark.parametrize("kind", ["text/html", "application/json"])
async def test_what_is_not_json_is_nonsense(
    server: LyingServer, engine: ClusterEngine, text: str, kind: str
) -> None:
    server.says_text("/v1/completions", text, kind=kind)
    with pytest.raises(Nonsense):
        await engine.next_token(PROMPT, 3)


def _with_top(top: Any) -> dict[str, Any]:
    return completion(logprobs={"top_logprobs": top})


LIES: dict[str, Any] = {
    "a list": [],
    "a number": 4,
    "null": None,
    "no choices": {},
    "empty choices": {"choices": []},
    "choices of null": {"choices": None},
    "a choice of text": {"choices": ["hello"]},
    "logprobs of null": completion(logprobs=None),
    "no top": _with_top(None),
    "an empty top": _with_top([]),
    "an empty first top": _with_top([{}]),
    "a top of null": _with_top([None]),
    "NaN": _with_top([{"token_id:7": math.nan}]),
    "minus infinity": _with_top([{"token_id:7": -math.inf}]),
    "infinity": _with_top([{"token_id:7": math.inf}]),
    "above zero": _with_top([{"token_id:7": 0.7}]),
    "a text for a number": _with_top([{"token_id:7": "-1.0"}]),
    "true for a number": _with_top([{"token_id:7": True}]),
    "more than 100 %": _with_top([{"token_id:7": -0.1, "token_id:8": -0.1}]),
    "an id outside": _with_top([{"token_id:99999999999": -0.1}]),
    "prompt ids of text": completion(prompt_token_ids=["a"]),
    "prompt ids below 0": completion(prompt_token_ids=[-4]),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
async def test_an_answer_that_cannot_be_true_is_nonsense(
    server: LyingServer, engine: ClusterEngine, lie: Any
) -> None:
    server.says("/v1/completions", lie)
    with pytest.raises(Nonsense):
        await engine.next_token(PROMPT, 3)


@pytest.mark.parametrize("path", ["/tokenize", "/detokenize", "/tokenizer_info"])
@pytest.mark.parametrize("lie", [[], None, {}, {"tokens": "x"}, {"prompt": 4}, {"tokens": [-1]}])
async def test_lies_beside_the_completion_are_engine_errors_or_harmless(
    server: LyingServer, engine: ClusterEngine, path: str, lie: Any
) -> None:
    server.says(path, lie)
    try:
        shown = await engine.next_token(PROMPT, 3)
    except EngineError:
        return
    assert [c.token.id for c in shown.top] == [7, 8, 9]


@pytest.mark.parametrize(
    "rows", [None, [], [None, {}], [None, {"1": {"logprob": 1, "rank": 1}}], [1, 2, 3, 4, 5]]
)
async def test_a_score_that_cannot_be_true_is_nonsense(
    server: LyingServer, engine: ClusterEngine, rows: Any
) -> None:
    server.says("/v1/completions", completion(prompt_logprobs=rows))
    with pytest.raises(Nonsense):
        await engine.score(PROMPT, " on")


async def test_half_a_character_is_refused_before_anything_is_sent(
    server: LyingServer, engine: ClusterEngine
) -> None:
    with pytest.raises(BadInput, match="half a character"):
        await engine.next_token(Prompt("a\ud800b"), 3)
    assert not server.bodies("/v1/completions")


async def test_text_is_cut_into_tokens_by_the_server(engine: ClusterEngine) -> None:
    tokens = await engine.tokenize("The cat sat")
    assert [(t.id, t.text) for t in tokens] == [(1, "The"), (2, " cat"), (3, " sat")]


async def test_without_tokenize_text_cannot_be_cut_and_it_says_so(
    server: LyingServer, engine: ClusterEngine
) -> None:
    del server.paths["/tokenize"]
    with pytest.raises(Missing, match="no /tokenize"):
        await engine.tokenize("The cat sat")


async def test_without_tokenize_appending_uses_the_ids_of_the_answer(
    server: LyingServer, engine: ClusterEngine
) -> None:
    del server.paths["/tokenize"]
    await engine.next_token(Prompt("The cat sat", (7,)), 3)
    assert server.bodies("/v1/completions")[-1]["prompt"] == [1, 2, 3, 7]


async def test_without_any_ids_nothing_can_be_appended(
    server: LyingServer, engine: ClusterEngine
) -> None:
    del server.paths["/tokenize"]
    server.says("/v1/completions", completion(prompt_token_ids=None))
    with pytest.raises(Missing, match="no token ids"):
        await engine.next_token(Prompt("The cat sat", (7,)), 3)


async def test_doctor_gets_one_line_with_the_host(
    server: LyingServer, engine: ClusterEngine
) -> None:
    line = await engine.check()
    assert line.startswith(f"served at {server.base_url[7:-3]} answers in ")


async def test_a_server_of_another_kind_is_told(server: LyingServer) -> None:
    engine = ClusterEngine(server.base_url, "served", timeout_s=5)
    with pytest.raises(Unavailable, match=r"no /v1/completions at 127\.0\.0\.1"):
        await engine.next_token(PROMPT, 3)
    await engine.close()


@pytest.mark.parametrize("listed", [{}, {"data": []}, {"data": None}, []])
async def test_a_server_that_lists_no_model_is_told(server: LyingServer, listed: Any) -> None:
    honest(server).says("/v1/models", listed)
    engine = ClusterEngine(server.base_url, timeout_s=5)
    with pytest.raises(Nonsense, match="lists no model"):
        await engine.next_token(PROMPT, 3)
    await engine.close()


async def test_no_key_of_the_environment_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    seen: list[str] = []

    async def look(request: web.Request) -> web.StreamResponse:
        seen.append(str(request.headers))
        return web.json_response(completion())

    async with serving(look) as other:
        engine = ClusterEngine(other.base_url, "served", timeout_s=5)
        with pytest.raises(Nonsense):
            await engine.next_token(PROMPT, 3)
        await engine.close()
    assert seen
    assert not [headers for headers in seen if "sk-secret" in headers]


async def test_a_prompt_of_known_tokens_is_one_request(
    server: LyingServer, engine: ClusterEngine
) -> None:
    honest(server)
    first = await engine.next_token(Prompt("The cat sat"), 3)
    server.asked.clear()
    again = await engine.next_token(Prompt("The cat sat"), 3)
    assert [path for path, _ in server.asked] == ["/v1/completions"]
    assert again.prompt_tokens == first.prompt_tokens
    assert [token.text for token in again.prompt_tokens] == ["The", " cat", " sat"]


async def test_many_at_once_ask_for_each_text_once(
    server: LyingServer, engine: ClusterEngine
) -> None:
    honest(server)
    asked = (engine.next_token(Prompt(f"The cat {number}"), 5) for number in range(30))
    await asyncio.gather(*asked)
    assert len(server.bodies("/detokenize")) == 5
