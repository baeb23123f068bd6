"""Each way of asking /tokenize, and that no tokens of a text are never a count."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from tests.fakes.servers import LyingServer, completion, cut, honest
from tools.engine.base import Capability, Prompt, bytes_of
from tools.engine.cluster.cluster import ClusterEngine
from tools.errors import Missing

TEXT = "The日"
LLAMA_CPP = [{"id": 7, "piece": "The"}, {"id": 8, "piece": [230, 151]}, {"id": 9, "piece": [165]}]
TGI = [{"id": 7, "text": "The", "start": 0, "stop": 3}, {"id": 8, "text": "日"}]


@pytest.fixture
async def engine(server: LyingServer) -> AsyncIterator[ClusterEngine]:
    engine = ClusterEngine(honest(server).base_url, "served", timeout_s=5)
    yield engine
    await engine.close()


@pytest.mark.parametrize("status", [200, 400, 422, 500])
async def test_a_server_that_wants_content_is_asked_so(
    server: LyingServer, engine: ClusterEngine, status: int
) -> None:
    def tokenize(body: Any) -> web.Response:
        known = "content" in body
        told = {"tokens": LLAMA_CPP if known else []}
        return web.json_response(told, status=200 if known else status)

    server.paths["/tokenize"] = tokenize
    found = await engine.tokenize(TEXT)
    assert [(token.id, bytes_of(token)) for token in found] == [
        (7, b"The"),
        (8, b"\xe6\x97"),
        (9, b"\xa5"),
    ]
    asked = len(server.bodies("/tokenize"))
    await engine.tokenize(TEXT)
    assert len(server.bodies("/tokenize")) == asked + 1, "the way of asking is remembered"


async def test_a_server_that_wants_inputs_is_asked_so(
    server: LyingServer, engine: ClusterEngine
) -> None:
    def tokenize(body: Any) -> web.Response:
        return web.json_response(TGI if "inputs" in body else {}, status=200)

    server.paths["/tokenize"] = tokenize
    server.paths["/detokenize"] = lambda _: web.json_response({"detail": "no"}, status=404)
    assert [token.id for token in await engine.tokenize(TEXT)] == [7, 8]


@pytest.mark.parametrize("lie", [{"tokens": []}, [], {}, {"tokens": None}])
async def test_no_tokens_of_a_text_are_never_a_count(
    server: LyingServer, engine: ClusterEngine, lie: Any
) -> None:
    server.says("/tokenize", lie)
    found = await engine.find_out()
    assert not found.tokenize
    assert Capability.TOKENIZE not in engine.capabilities()
    assert Capability.SCORE not in engine.capabilities()
    with pytest.raises(Missing):
        await engine.tokenize(TEXT)
    shown = await engine.next_token(Prompt(TEXT), 3)
    assert [token.id for token in shown.prompt_tokens] == cut(TEXT)  # as the completion told


async def test_a_start_token_alone_is_no_cut_either(
    server: LyingServer, engine: ClusterEngine
) -> None:
    server.says("/tokenize", {"tokens": [1]})
    assert not (await engine.find_out()).tokenize


@pytest.mark.parametrize("same", [[1], [1, 2]], ids=["start", "start and end"])
async def test_a_server_that_frames_what_it_doesn_t_read_cuts_nothing(
    server: LyingServer, engine: ClusterEngine, same: list[int]
) -> None:
    """Class: a /tokenize that ignores the text. Its start token was shown as "tokens 1"."""
    server.says("/tokenize", {"tokens": same})
    with pytest.raises(Missing, match="the same tokens to every text"):
        await engine.tokenize("The ship left")


async def test_the_way_that_is_read_is_found_behind_one_that_is_ignored(
    server: LyingServer, engine: ClusterEngine
) -> None:
    def tokenize(body: Any) -> web.Response:
        return web.json_response({"tokens": LLAMA_CPP if "content" in body else [1]})

    server.paths["/tokenize"] = tokenize
    assert [token.id for token in await engine.tokenize("The ship")] == [7, 8, 9]


async def test_a_token_of_several_words_is_one(server: LyingServer, engine: ClusterEngine) -> None:
    server.paths["/tokenize"] = lambda body: web.json_response(
        {"tokens": [1] if body["prompt"] == "by the way" else [1, 2, 1]}
    )
    assert [token.id for token in await engine.tokenize("by the way")] == [1]


@pytest.mark.parametrize("word", ["prompt", "content", "text"])
async def test_a_text_for_an_id_is_read_by_each_of_its_names(
    server: LyingServer, engine: ClusterEngine, word: str
) -> None:
    server.says("/detokenize", {word: " mat"})
    shown = await engine.next_token(Prompt(TEXT), 1)
    assert shown.top[0].token.text == " mat"


async def test_scoring_is_claimed_only_where_a_prompt_has_log_probabilities(
    server: LyingServer, engine: ClusterEngine
) -> None:
    await engine.find_out()
    assert Capability.SCORE not in engine.capabilities()
    with pytest.raises(Missing, match="no log-probabilities of a prompt") as told:
        await engine.score(Prompt(TEXT), " mat")
    assert "again" not in str(told.value)
    rows = [None, {"1": {"logprob": -1.0, "rank": 1}}]
    server.says("/v1/completions", completion(prompt_logprobs=rows))
    await engine.find_out()
    assert Capability.SCORE in engine.capabilities()
