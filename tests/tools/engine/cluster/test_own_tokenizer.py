"""HUNCH_TOKENIZER: the served model's own tokenizer spells and cuts what the server doesn't."""

import math
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.usecases.lesson.judging import JudgeToken
from tests.fakes.families import FAMILIES
from tests.fakes.served_family import served_family
from tests.fakes.servers import LyingServer
from tests.fakes.texts import TEXTS
from tools.engine.base import Capability, Prompt
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.model.fast_tokenizer import FastTokenizer
from tools.errors import Missing

CAT = "The cat sat on the"
NewEngine = Callable[[str | None], ClusterEngine]
every_family = pytest.mark.parametrize("family", FAMILIES)


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    """A folder with the files of each family's tokenizer."""
    found = {}
    for family, make in FAMILIES.items():
        found[family] = tmp_path / family
        found[family].mkdir()
        make().save(str(found[family] / "tokenizer.json"))
    return found


@pytest.fixture
async def new_engine(server: LyingServer) -> AsyncIterator[NewEngine]:
    """Engines on a server that has nothing but /v1."""
    made: list[ClusterEngine] = []

    def make(tokenizer: str | None) -> ClusterEngine:
        made.append(ClusterEngine(server.base_url, "served", timeout_s=5, tokenizer=tokenizer))
        return made[-1]

    yield make
    for engine in made:
        await engine.close()


def bare(server: LyingServer, family: str, likely: dict[str, float]) -> None:
    served_family(server, FAMILIES[family](), likely)
    del server.paths["/tokenize"], server.paths["/detokenize"]


@every_family
async def test_it_names_what_the_server_gives_as_numbers(
    server: LyingServer, new_engine: NewEngine, folders: dict[str, Path], family: str
) -> None:
    space = "▁" if family in ("llama2", "gemma") else "Ġ"
    bare(server, family, {f"{space}mat": -0.7, "mat": -1.6, space: -2.5})
    shown = await new_engine(str(folders[family])).next_token(Prompt(CAT), 3)
    assert [one.token.label for one in shown.top] == ["␣mat", "mat", "␣"]
    assert not any(one.token.is_as_written for one in shown.top)
    assert [token.text for token in shown.prompt_tokens][-3:] == [" sat", " on", " the"]


@every_family
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_it_cuts_where_the_server_doesn_t(
    server: LyingServer, new_engine: NewEngine, folders: dict[str, Path], family: str, text: str
) -> None:
    bare(server, family, {"mat": -0.7})
    engine = new_engine(str(folders[family]))
    assert Capability.TOKENIZE in engine.capabilities()
    own = FastTokenizer(FAMILIES[family]())
    tokens = await engine.tokenize(text)
    if "<think>" not in text:  # broken up on its way
        assert [token.id for token in tokens] == list(own.ids(text))
    assert [token.spelt for token in tokens] == [own.token(token.id).spelt for token in tokens]


@every_family
async def test_with_it_a_guess_is_scored_without_tokenize(
    server: LyingServer, new_engine: NewEngine, folders: dict[str, Path], family: str
) -> None:
    space = "▁" if family in ("llama2", "gemma") else "Ġ"
    bare(server, family, {f"{space}mat": -0.7, space: -3.0})
    evidence = await JudgeToken(new_engine(str(folders[family])))(CAT, "mat")
    assert evidence.probability == pytest.approx(math.exp(-0.7))


async def test_half_a_character_among_the_likeliest_has_its_bytes(
    server: LyingServer, new_engine: NewEngine, folders: dict[str, Path]
) -> None:
    bare(server, "qwen", {"Ġmat": -0.7, "æĹ": -1.0})
    shown = await new_engine(str(folders["qwen"])).next_token(Prompt(CAT), 2)
    assert shown.top[1].token.label == "‹e6 97›"


async def test_another_model_s_tokenizer_isn_t_used_and_doctor_says_so(
    server: LyingServer, new_engine: NewEngine, folders: dict[str, Path]
) -> None:
    """Class: an operator's mistake that shows as another model's words."""
    served_family(server, FAMILIES["llama2"](), {"▁mat": -0.7})
    engine = new_engine(str(folders["qwen"]))
    shown = await engine.next_token(Prompt(CAT), 1)
    assert shown.top[0].token.text == " mat"
    assert "is another model's: it isn't used" in await engine.check()


async def test_without_tokenize_it_is_held_against_the_ids_of_a_prompt(
    server: LyingServer, new_engine: NewEngine, folders: dict[str, Path]
) -> None:
    bare(server, "llama2", {"▁mat": -0.7})
    engine = new_engine(str(folders["qwen"]))
    await engine._asked.spelling.ready("served")
    shown = await engine.next_token(Prompt(CAT), 1)
    assert (shown.top[0].token.text, shown.top[0].token.is_as_written) == ("mat", True)
    with pytest.raises(Missing, match="no /tokenize"):
        await engine.tokenize("The cat")


async def test_one_that_can_t_be_read_is_gone_without_and_doctor_says_so(
    server: LyingServer, new_engine: NewEngine, tmp_path: Path
) -> None:
    served_family(server, FAMILIES["llama2"](), {"▁mat": -0.7})
    engine = new_engine(str(tmp_path))
    shown = await engine.next_token(Prompt(CAT), 1)
    assert shown.top[0].token.text == " mat"
    assert f"HUNCH_TOKENIZER={tmp_path} can't be read" in await engine.check()


async def test_one_that_is_used_is_named(
    server: LyingServer, new_engine: NewEngine, folders: dict[str, Path]
) -> None:
    served_family(server, FAMILIES["qwen"](), {"Ġmat": -0.7})
    assert "tokens by HUNCH_TOKENIZER" in await new_engine(str(folders["qwen"])).check()
    assert "HUNCH_TOKENIZER" not in await new_engine(None).check()
