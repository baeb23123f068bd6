"""What a served model's tokens are called: never by one sign, and each with its source."""

import unicodedata
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from tests.fakes.families import FAMILIES
from tests.fakes.served_family import served_family
from tests.fakes.servers import LyingServer
from tests.fakes.texts import TEXTS
from tools.engine.base import Prompt, bytes_of
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.cluster.told_bytes import doubled, spelt_by
from tools.engine.model.fast_tokenizer import FastTokenizer
from tools.exhibit.text import exhibit_text
from tools.instruments import next_token

BYTE_LEVEL = ("gpt2", "qwen", "llama3", "deepseek")
every_family = pytest.mark.parametrize("family", FAMILIES)


@pytest.fixture
async def engine(server: LyingServer) -> AsyncIterator[ClusterEngine]:
    engine = ClusterEngine(server.base_url, "served", timeout_s=5)
    yield engine
    await engine.close()


@every_family
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_a_served_text_is_spelt_as_the_tokenizer_itself_would(
    server: LyingServer, engine: ClusterEngine, family: str, text: str
) -> None:
    """Class: a start token turned all into byte signs; `café` became `f�`; ‹0x0A› had six bytes."""
    served_family(server, FAMILIES[family](), {"mat": -0.7})
    own = FastTokenizer(FAMILIES[family]())
    tokens = await engine.tokenize(text)
    if "<think>" not in text:  # a control token is broken up on its way
        assert [token.id for token in tokens] == list(own.ids(text))
    assert [token.spelt for token in tokens] == [own.token(token.id).spelt for token in tokens]
    assert not any(token.is_as_written for token in tokens)


@every_family
async def test_rows_that_differ_by_a_space_are_told_apart(
    server: LyingServer, engine: ClusterEngine, family: str
) -> None:
    space = "Ġ" if family in BYTE_LEVEL else "▁"
    served_family(server, FAMILIES[family](), {f"{space}mat": -0.7, "mat": -1.6, space: -2.5})
    shown = await engine.next_token(Prompt("The cat sat on the"), 3)
    assert [one.token.label for one in shown.top] == ["␣mat", "mat", "␣"]
    assert "as the server wrote it" not in exhibit_text(next_token.exhibit(shown))


@pytest.mark.parametrize("family", ["llama2", "gemma"])
async def test_a_byte_among_the_likeliest_is_its_byte(
    server: LyingServer, engine: ClusterEngine, family: str
) -> None:
    served_family(server, FAMILIES[family](), {"<0x0A>": -0.7, "<0xF0>": -1.6})
    first, second = (await engine.next_token(Prompt("The cat"), 2)).top
    assert (first.token.label, second.token.text) == ("⏎", "\ufffd")
    await engine.tokenize("🙂")  # where the server has told its byte, it is known
    _, second = (await engine.next_token(Prompt("The cat"), 2)).top
    assert second.token.label == "‹f0›"


async def test_what_the_server_alone_says_is_marked(
    server: LyingServer, engine: ClusterEngine
) -> None:
    served_family(server, FAMILIES["llama2"](), {"▁mat": -0.7})
    del server.paths["/tokenize"], server.paths["/detokenize"]
    shown = await engine.next_token(Prompt("The cat sat on the"), 1)
    assert (shown.top[0].token.text, shown.top[0].token.is_as_written) == ("mat", True)
    assert "as the server wrote it" in exhibit_text(next_token.exhibit(shown))


async def test_texts_that_aren_t_one_thing_twice_are_marked(
    server: LyingServer, engine: ClusterEngine
) -> None:
    """Class: a server that ignores what it is asked for."""
    served_family(server, FAMILIES["llama2"](), {"▁mat": -0.7})
    server.paths["/detokenize"] = lambda body: web.json_response({"prompt": "mat"})
    (first,) = (await engine.next_token(Prompt("The dog"), 1)).top
    assert (first.token.text, first.token.is_as_written) == ("mat", True)


@every_family
async def test_a_conversation_is_spelt_too_though_nobody_knows_its_text(
    server: LyingServer, engine: ClusterEngine, family: str
) -> None:
    tokenizer = FAMILIES[family]()
    served_family(server, tokenizer, {"mat": -0.7})
    cut = tokenizer.encode("the café")
    server_says = {"tokens": cut.ids, "token_strs": cut.tokens}
    spelling = engine._asked.spelling
    tokens = await spelling.named("served", server_says, None)
    own = FastTokenizer(tokenizer)
    assert [bytes_of(token) for token in tokens] == [bytes_of(own.token(n)) for n in cut.ids]


@pytest.mark.parametrize(
    ("twice", "once"),
    [("matmat", "mat"), ("mat mat", " mat"), (" mat mat", " mat"), (" ", " "), ("  ", " ")],
)
def test_a_token_twice_in_a_row_tells_its_space(twice: str, once: str) -> None:
    assert doubled(twice) == once


@pytest.mark.parametrize("text", ["mat", "abc ab", "\ufffd€\ufffd"])
def test_what_isn_t_one_thing_twice_tells_nothing(text: str) -> None:
    assert doubled(text) is None


def test_pieces_that_don_t_spell_the_text_are_read_no_way() -> None:
    assert spelt_by(["Ġa", "b"], " ac") is None
    assert spelt_by(["<s>", "<s>", "<s>", "<s>", "<s>", "a"], "a") is None
    assert spelt_by(["a"], "ab") is None


def test_the_composed_form_of_a_text_is_its_text_too() -> None:
    text = "cafe\u0301"
    found = spelt_by(["caf", "Ã©"], text)
    assert found is not None
    assert b"".join(raw or b"" for raw in found.raw).decode() == unicodedata.normalize("NFC", text)
