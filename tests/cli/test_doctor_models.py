"""What `hunch doctor` says of a model server that fails: the culprit, and the one thing to do.

The class: each way in which somebody else's server can fail, for the model that is shown at work
and for the one that chats. Nothing says "again" of what the next try won't mend.
"""

import asyncio
import re
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.cli.models import FailedError, ask_chat_model, ask_model
from bot.settings import Settings, WhoAnswers
from tests.fakes.chat_server import Turn, chat_server, in_turn
from tests.fakes.servers import completion, honest, serving

PATHS = {"model": "/v1/completions", "chat": "/v1/chat/completions"}
PASSES = {"busy", "still loading"}  # what another try, later, may find mended
PAGE = "<html><body>Welcome</body></html>"

works = pytest.mark.parametrize("work", ["model", "chat"])


def chosen(work: str, url: str, model: str, key: str) -> Settings:
    if work == "model":
        return Settings(model_url=url, model=model, model_key=SecretStr(key), model_timeout_s=5)
    return Settings(chat_url=url, chat_model=model, chat_key=SecretStr(key))


async def line(work: str, url: str, model: str = "served", key: str = "", **more: Any) -> str:
    """Return the one line on a failure; it names no variable of the other model."""
    settings = chosen(work, url, model, key).model_copy(update=more)
    ask = ask_model if work == "model" else ask_chat_model
    with pytest.raises(FailedError) as failed:
        await ask(settings)
    said = str(failed.value)
    assert said.endswith(".")
    assert "\n" not in said
    assert "  " not in said
    assert "/v1 " not in said.replace("in /v1 ", "")
    named = re.findall(r"HUNCH_(MODEL|CHAT)", said)
    assert {*named} <= {work.upper()}
    return said


REFUSALS = {  # what is wrong: status, body, model asked for, key set; what has to be said
    "a key that is missing": (401, "no key", "served", "", "wants a key (401). Set HUNCH_X_KEY."),
    "a key that is wrong": (401, "bad key", "served", "k", "Copy it anew into HUNCH_X_KEY."),
    "a key that may not": (403, "forbidden", "served", "k", "Set HUNCH_X_KEY to another"),
    "a model's name that is wrong": (404, "no such", "sevred", "", "It has: served. Set HUNCH_X"),
    "the same, told by a 400": (400, "unknown model", "sevred", "", "It has: served. Set HUNCH_X"),
    "another kind of server": (404, "no route", "served", "", "serves served, but doesn't "),
    "a method that isn't allowed": (405, "", "served", "", "serves served, but doesn't "),
    "what it can't do": (400, "no template", "served", "", "no template. Name another server in"),
    "what it can't read": (422, "extra field", "served", "", "extra field. Name another server in"),
    "busy": (429, "slow down", "served", "", "is busy (429). Wait a minute"),
    "no money left": (
        429,
        "exceeded your quota",
        "served",
        "k",
        "Top it up, or change HUNCH_X_KEY",
    ),
    "broken": (500, "CUDA error", "served", "", "Look into the log of that server."),
    "still loading": (503, "loading", "served", "", "If its model is still loading, wait"),
}


@works
@pytest.mark.parametrize("kind", REFUSALS)
async def test_a_refusal_names_the_culprit_and_what_to_do(work: str, kind: str) -> None:
    status, reason, model, key, says = REFUSALS[kind]
    async with serving() as server:
        honest(server).says(PATHS[work], {"error": {"message": reason}}, status)
        said = await line(work, server.base_url, model, key)
    assert says.replace("HUNCH_X", f"HUNCH_{work.upper()}") in said
    assert ("again" in said) <= (kind in PASSES)
    assert "Ask again" not in said


@works
@pytest.mark.parametrize(
    ("kind", "url", "says"),
    [
        ("nobody listens", "http://127.0.0.1:9/v1", "Start the server, or correct HUNCH_X_URL."),
        ("no such host", "http://gpu.invalid/v1", "There is no host gpu.invalid. Correct the add"),
    ],
)
async def test_an_address_where_nobody_is(work: str, kind: str, url: str, says: str) -> None:
    said = await line(work, url)
    assert says.replace("HUNCH_X", f"HUNCH_{work.upper()}") in said
    assert "again" not in said


@works
async def test_an_address_that_ends_too_early(work: str) -> None:
    async with serving() as server:
        honest(server)
        said = await line(work, server.base_url.removesuffix("/v1") + "/api")
    assert f"HUNCH_{work.upper()}_URL has to end where the API begins, mostly in /v1." in said
    assert "again" not in said


@works
async def test_https_where_only_http_is_spoken(work: str) -> None:
    async with serving() as server:
        said = await line(work, server.base_url.replace("http:", "https:"))
    assert f"Write http:// in HUNCH_{work.upper()}_URL." in said
    assert "again" not in said


@pytest.mark.parametrize(
    ("kind", "body", "says"),
    [
        ("a page for people", PAGE, "HUNCH_MODEL_URL has to end where the API begins"),
        ("no completion", "{}", "Name another server in HUNCH_MODEL_URL."),
        ("figures that can't be", "NaN", "Name another server in HUNCH_MODEL_URL."),
    ],
)
async def test_an_answer_that_cant_be_used(kind: str, body: str, says: str) -> None:
    async with serving() as server:
        honest(server).says_text("/v1/completions", body, kind="application/json")
        if body == "NaN":
            odd = {"tokens": ["token_id:7"], "token_logprobs": [0], "top_logprobs": [{"a": 7.5}]}
            server.says("/v1/completions", completion(logprobs=odd))
        said = await line("model", server.base_url)
    assert says in said
    assert "again" not in said


async def test_a_server_that_says_nothing_is_told_with_how_long_it_was_waited_for() -> None:
    async with serving(_never) as server:
        said = await line("model", server.base_url, model_timeout_s=0.3)
    assert "gave no answer in 0.3 s. See that it runs" in said
    assert "again" not in said


async def _never(request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


async def test_a_chat_that_comes_to_nothing() -> None:
    async with chat_server(in_turn(Turn(""))) as server:
        said = await line("chat", server.base_url)
    assert "ended its answer without a word. See that it runs" in said
    assert "again" not in said


async def test_a_chat_model_that_answers_is_told_by_name_and_host() -> None:
    async with chat_server(in_turn(Turn("Ready."))) as server:
        said = await ask_chat_model(chosen("chat", server.base_url, "served", ""))
    assert re.match(r"served at 127\.0\.0\.1:\d+: first token after \d+\.\d s", said)


async def test_a_chat_model_on_the_same_server_goes_by_that_servers_variables() -> None:
    """Who set only HUNCH_MODEL_URL is not sent to look for HUNCH_CHAT_URL."""
    settings = Settings(model_url="http://127.0.0.1:9/v1", model="served", tutor=WhoAnswers.MODEL)
    with pytest.raises(FailedError, match=r"correct HUNCH_MODEL_URL\.$"):
        await ask_chat_model(settings)


async def test_where_the_course_answers_no_chat_model_is_asked() -> None:
    settings = Settings(
        chat_url="http://127.0.0.1:9/v1", chat_model="served", tutor=WhoAnswers.NOTES
    )
    assert "in the course's own words" in await ask_chat_model(settings)
