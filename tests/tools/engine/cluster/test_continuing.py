"""A guess is the tokens that it becomes behind its prompt: on servers of several families."""

import math
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.usecases.lesson.judging import JudgeToken
from tests.fakes.families import FAMILIES
from tests.fakes.served_family import NEVER_THOUGHT_OF, served_family
from tests.fakes.servers import LyingServer
from tools.engine.base import Prompt
from tools.engine.cluster.cluster import ClusterEngine
from tools.errors import Missing

CAT, SHIP = "The cat sat on the", "The ship left the"
BYTE_LEVEL = ("gpt2", "qwen", "llama3", "deepseek")
every_family = pytest.mark.parametrize("family", FAMILIES)


def spaced(family: str, word: str) -> str:
    return f"{'Ġ' if family in BYTE_LEVEL else '▁'}{word}"


@pytest.fixture
async def engine(server: LyingServer) -> AsyncIterator[ClusterEngine]:
    engine = ClusterEngine(server.base_url, "served", timeout_s=5)
    yield engine
    await engine.close()


@every_family
@pytest.mark.parametrize("typed", ["mat", " mat"])
async def test_a_word_is_scored_as_the_word_behind_the_text(
    server: LyingServer, engine: ClusterEngine, family: str, typed: str
) -> None:
    """Class: a guess scored as the space that a tokenizer puts before it."""
    space = spaced(family, "")
    served_family(server, FAMILIES[family](), {spaced(family, "mat"): -0.7, space: -3.0})
    evidence = await JudgeToken(engine)(CAT, typed)
    assert (evidence.rank, evidence.whole_probability) == (1, None)
    assert evidence.probability == pytest.approx(math.exp(-0.7))


@every_family
async def test_beyond_those_shown_it_is_scored_there_too(
    server: LyingServer, engine: ClusterEngine, family: str
) -> None:
    served_family(
        server, FAMILIES[family](), {spaced(family, "mat"): -0.1, spaced(family, ""): -9.0}
    )
    evidence = await JudgeToken(engine)(SHIP, "port")
    assert evidence.token == " port"
    assert evidence.probability == pytest.approx(math.exp(NEVER_THOUGHT_OF))


@every_family
async def test_several_tokens_are_scored_as_they_stand(
    server: LyingServer, engine: ClusterEngine, family: str
) -> None:
    served_family(
        server, FAMILIES[family](), {spaced(family, "mat"): -0.7, spaced(family, "and"): -1.0}
    )
    evidence = await JudgeToken(engine)(CAT, "mat and")
    assert evidence.probability == pytest.approx(math.exp(-0.7))
    assert evidence.whole_probability == pytest.approx(math.exp(-1.7))


@every_family
async def test_behind_a_space_the_word_alone_is_what_was_typed(
    server: LyingServer, engine: ClusterEngine, family: str
) -> None:
    """The whole is cut otherwise; the piece that spells the guess and nothing else is its own."""
    served_family(server, FAMILIES[family](), {"mat": -0.7, spaced(family, "mat"): -1.5})
    (token,) = await engine.continuation(Prompt(f"{CAT} "), "mat")
    assert token.text == "mat"
    assert (await JudgeToken(engine)(f"{CAT} ", "mat")).probability == pytest.approx(math.exp(-0.7))


@every_family
@pytest.mark.parametrize("typed", ["日", "語", "👩‍💻", "שלום", "e\u0301", "naïve", "\n\n", "ß"])
async def test_whatever_is_typed_its_tokens_spell_it(
    server: LyingServer, engine: ClusterEngine, family: str, typed: str
) -> None:
    served_family(server, FAMILIES[family](), {spaced(family, "mat"): -0.7})
    tokens = await engine.continuation(Prompt(CAT), f" {typed}")
    ids = [token.id for token in tokens]
    tokenizer = FAMILIES[family]()
    whole = tokenizer.encode(f"{CAT} {typed}").ids
    assert whole[len(whole) - len(ids) :] == ids


async def test_what_no_piece_spells_alone_isn_t_scored_and_it_says_why(
    server: LyingServer, engine: ClusterEngine
) -> None:
    """Class: a probability of something else than was typed."""
    served_family(server, FAMILIES["qwen"](), {"Ġmat": -0.7})
    server.paths["/tokenize"] = lambda body: web.json_response(
        {"tokens": [7] * max(1, body["prompt"].count("The")), "token_strs": ["Ġmat"]}
    )
    with pytest.raises(Missing, match="isn't scored"):
        await JudgeToken(engine)("The ma", "t")


async def test_without_tokenize_nothing_is_scored_by_its_piece(
    server: LyingServer, engine: ClusterEngine
) -> None:
    served_family(server, FAMILIES["qwen"](), {"Ġmat": -0.7})
    del server.paths["/tokenize"]
    with pytest.raises(Missing, match="no /tokenize"):
        await JudgeToken(engine)(CAT, "mat")
