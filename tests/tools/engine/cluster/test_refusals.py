"""What others' servers say instead of an answer, and that what they say is told."""

from typing import Any

import pytest
from aiohttp import web

from tests.fakes.servers import LyingServer, completion, honest, serving
from tools.engine.base import Prompt
from tools.engine.cluster import wire
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.cluster.refusals import NoSuchPath, Refused, TooLong, is_about_length, reason_in
from tools.engine.cluster.server import Server
from tools.errors import BadInput, EngineError, Nonsense, Unavailable

BODY = {"model": "m", "prompt": "The"}
PAGE = "<!DOCTYPE html><html><body><h1>It works!</h1></body></html>"
ERRORS: tuple[Any, ...] = (
    {"error": {"message": "No models loaded.", "code": None}},
    {"error": "No models loaded."},
)


async def failure_of(server: LyingServer, *, path: str = "completions") -> EngineError:
    asked = Server(server.base_url, timeout_s=5)
    try:
        with pytest.raises(EngineError) as told:
            await asked.post(path, BODY, at_root=path == "tokenize")
        return told.value
    finally:
        await asked.close()


@pytest.mark.parametrize("body", ERRORS)
@pytest.mark.parametrize("status", [200, 400, 401, 402, 403, 404, 429, 500, 501, 503])
async def test_the_servers_own_reason_and_its_status_come_with_every_failure(
    server: LyingServer, body: Any, status: int
) -> None:
    server.says("/v1/completions", body, status)
    told = await failure_of(server)
    assert (told.status, told.reason) == (status, "No models loaded")
    assert "No models loaded" in str(told)


@pytest.mark.parametrize("body", ERRORS)
async def test_an_error_in_place_of_a_stream_is_told_with_its_reason(
    server: LyingServer, body: Any
) -> None:
    server.says("/v1/completions", body)
    asked = Server(server.base_url, timeout_s=5)
    with pytest.raises(Refused, match="No models loaded"):
        async with asked.stream("completions", BODY):
            pass
    await asked.close()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 422, 500, 501, 502, 503])
@pytest.mark.parametrize("body", [{"error": {"message": "no"}}, PAGE])
async def test_a_path_that_not_all_servers_have_is_an_ability_less_however_it_fails(
    server: LyingServer, status: int, body: Any
) -> None:
    if body is PAGE:
        server.says_text("/tokenize", PAGE, status)
    else:
        server.says("/tokenize", body, status)
    told = await failure_of(server, path="tokenize")
    assert isinstance(told, NoSuchPath)
    assert told.status == status
    assert "KEY" not in str(told)


@pytest.mark.parametrize("lie", [PAGE, '{"error": "Unexpected endpoint or method. (POST /x)"}'])
async def test_a_path_that_is_not_there_may_answer_with_200(server: LyingServer, lie: str) -> None:
    server.says_text("/tokenize", lie)
    assert isinstance(await failure_of(server, path="tokenize"), NoSuchPath)


async def test_only_what_may_pass_is_to_be_tried_again(server: LyingServer) -> None:
    for status, again in ((400, False), (402, False), (404, False), (501, False), (503, True)):
        server.says("/v1/completions", {"error": {"message": "no"}}, status)
        assert ("Try again" in str(await failure_of(server))) is again
    server.says("/v1/completions", {"error": {"message": "You exceeded your quota."}}, 429)
    assert "Try again" not in str(await failure_of(server))


TOO_LONG = (
    "This model's maximum context length is 2048 tokens. However, you requested 2050 tokens",
    "the request exceeds the available context size, try increasing it",  # llama.cpp
    "The input (9000 tokens) is longer than the model's context length (4096 tokens).",  # SGLang
    "`inputs` tokens + `max_new_tokens` must be <= 2048. Given: 2000 `inputs` tokens",  # TGI
    "The decoder prompt (length 5000) is longer than the maximum model length of 2048",
    "ContextWindowExceededError: prompt is too long",  # LiteLLM
)


@pytest.mark.parametrize("reason", TOO_LONG)
@pytest.mark.parametrize("status", [200, 400, 413, 422, 500])
async def test_too_long_is_understood_in_every_servers_words(
    server: LyingServer, reason: str, status: int
) -> None:
    server.says("/v1/completions", {"error": {"message": reason}}, status)
    asked = Server(server.base_url, timeout_s=5)
    with pytest.raises(TooLong) as told:
        await asked.post("completions", BODY)
    await asked.close()
    assert (told.value.status, told.value.reason) == (status, reason.rstrip("."))
    assert isinstance(told.value, BadInput)


@pytest.mark.parametrize(
    "reason", ["logprobs: the maximum is 5", "max_tokens is not supported", "key too short"]
)
def test_other_bounds_are_not_the_prompts_length(reason: str) -> None:
    assert not is_about_length(reason)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"detail": "Not Found"}, "Not Found"),
        ({"detail": [{"loc": ["body"], "msg": "field required"}]}, "field required"),
        ({"object": "error", "message": "no such model", "code": 404}, "no such model"),
        ({"error": "out of memory", "error_type": "generation"}, "out of memory"),
        ([], ""),
        (None, ""),
        ({"error": {"error": {"error": {"error": {"error": "deep"}}}}}, ""),
        (PAGE, ""),
        ("x" * 500, "x" * 199 + "…"),
    ],
)
def test_the_reason_is_found_where_each_server_puts_it(body: Any, reason: str) -> None:
    assert reason_in(body) == reason


async def test_neither_key_nor_prompt_goes_to_another_host(server: LyingServer) -> None:
    there: list[str] = []

    async def takes(request: web.Request) -> web.StreamResponse:
        there.append(request.headers.get("Authorization", "") + await request.text())
        return web.json_response(completion())

    async with serving(takes) as other:
        elsewhere = other.base_url.replace("127.0.0.1", "localhost")
        for status in (301, 302, 307, 308):
            server.paths["/v1/completions"] = lambda _, status=status: web.Response(
                status=status, headers={"Location": f"{elsewhere}/completions"}
            )
            told = await failure_of(server)
            assert isinstance(told, Refused)
            assert "localhost" in str(told)
            assert told.status == status
    assert there == []


async def test_a_redirect_on_the_same_host_is_followed(server: LyingServer) -> None:
    honest(server)
    server.paths["/v1/completions"] = lambda _: web.Response(
        status=307, headers={"Location": "/v1/completions/"}
    )
    server.says("/v1/completions/", completion())
    engine = ClusterEngine(server.base_url, "served", timeout_s=5)
    assert (await engine.next_token(Prompt("The"), 3)).top
    await engine.close()


async def test_an_answer_without_an_end_is_cut_off(
    server: LyingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "MOST_BYTES", 2_000_000)
    server.says("/v1/completions", {"x": "y" * 2_000_001})
    told = await failure_of(server)
    assert isinstance(told, Nonsense)
    assert "more than 2 MB" in str(told)


async def test_no_password_of_the_address_is_ever_shown() -> None:
    async with serving() as server:
        base = server.base_url.replace("://", "://me:secret@")
        for path in ("/v1/completions", "/v1/models"):
            server.says(path, {"error": "no"}, 500)
        engine = ClusterEngine(base, "served", timeout_s=5)
        with pytest.raises(Unavailable) as told:
            await engine.next_token(Prompt("The"), 3)
        assert "secret" not in f"{told.value} {engine.address}"
        await engine.close()


async def test_a_server_that_knows_openais_api_alone_is_asked_in_its_own_words(
    server: LyingServer,
) -> None:
    """OpenAI refuses what it doesn't know, and more than 5 log-probabilities."""
    known = {"model", "prompt", "max_tokens", "temperature", "logprobs", "stream", "stream_options"}
    by_text = completion(logprobs={"top_logprobs": [{" a": -0.5}]}, prompt_token_ids=None)

    def answer(body: Any) -> web.Response:
        if strange := body.keys() - known:
            reason = f"Unrecognized request argument supplied: {min(strange)}"
            return web.json_response({"error": {"message": reason}}, status=400)
        if body.get("logprobs", 0) > 5:
            return web.json_response({"error": {"message": "logprobs: at most 5"}}, status=400)
        return web.json_response(by_text)

    honest(server).paths["/v1/completions"] = answer
    engine = ClusterEngine(server.base_url, "served", timeout_s=5)
    for _ in range(2):
        shown = await engine.next_token(Prompt("The"), 20)
        assert [one.token.text for one in shown.top] == [" a"]
    assert len(server.bodies("/v1/completions")) == 3, "it is remembered"
    found = await engine.find_out()
    assert (found.logprobs, found.token_ids, found.prompt_logprobs) == (True, False, False)
    await engine.close()
