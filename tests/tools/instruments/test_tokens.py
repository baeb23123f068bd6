from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transformers import AutoTokenizer

from tests.fakes.engine import CountingEngine
from tools import catalogue
from tools.engine.base import Engine, Token, bytes_of
from tools.engine.local.local import LocalEngine
from tools.engine.sharing.shared import SharedEngine
from tools.errors import BadInput, WeightsError
from tools.exhibit.exhibit import Exhibit, Knob, Prose, Stages, Table
from tools.exhibit.exhibit import Tokens as Run
from tools.exhibit.monospace import PHONE
from tools.exhibit.table_text import table_text
from tools.exhibit.text import exhibit_text, fact_text
from tools.instruments import tokens
from tools.instruments.tokens import SAMPLES, TokensParams


def _table(shown: Exhibit) -> Table:
    (table,) = [part for part in shown.parts if isinstance(part, Table)]
    return table


async def test_each_piece_has_its_id_and_bytes(embedded: LocalEngine) -> None:
    shown = await tokens.run(embedded, TokensParams(text="The cat sat on the"))
    assert shown.parts[0] == Run(("The", "␣cat", "␣sat", "␣on", "␣the"))
    assert _table(shown).rows == (
        ("The", "504", "3"),
        ("␣cat", "2644", "4"),
        ("␣sat", "2643", "4"),
        ("␣on", "335", "3"),
        ("␣the", "260", "4"),
    )
    assert [fact_text(fact) for fact in shown.facts] == [
        "tokens 5",
        "characters a token 3.6",
        "characters 18",
        "bytes 18",
    ]


async def test_half_characters_show_their_bytes(embedded: LocalEngine) -> None:
    shown = await tokens.run(embedded, TokensParams(text="猫"))
    assert "".join(row[2] for row in _table(shown).rows).replace(" ", "") == "e78cab"


@pytest.mark.against("tokens", by="transformers' tokenizer")
@pytest.mark.parametrize("text", SAMPLES)
async def test_the_ids_are_the_tokenizers_own(
    text: str, embedded: LocalEngine, embedded_folder: Path
) -> None:
    theirs = AutoTokenizer.from_pretrained(embedded_folder)(text)["input_ids"]
    shown = await tokens.run(embedded, TokensParams(text=text))
    rows = _table(shown).rows[: min(10, len(theirs))]
    assert [row[1] for row in rows] == [str(number) for number in theirs[:10]]
    facts = {fact.name: fact.value for fact in shown.facts}
    assert facts["tokens"] == len(theirs)
    assert len(table_text(_table(shown), PHONE).splitlines()) == len(_table(shown).rows) + 1


async def test_every_sample_can_be_a_choice_of_a_menu() -> None:
    assert all(0 < len(text) <= 40 for text in SAMPLES)


async def test_a_long_text_is_counted_whole_and_shown_in_part(embedded: LocalEngine) -> None:
    shown = await tokens.run(embedded, TokensParams(text="cat " * 400))
    run = shown.parts[0]
    assert isinstance(run, Run)
    assert run.texts[-1].startswith("… +")
    assert len(_table(shown).rows) == 11
    assert shown.facts[0].value == 401


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"])))
async def test_any_script_comes_back_from_its_bytes(text: str, embedded: LocalEngine) -> None:
    if not text:
        return
    found = await embedded.tokenize(text)
    assert len(found) <= len(text.encode())
    shown = tokens.exhibit(text, [(embedded, found)])
    assert len(_table(shown).rows) == min(len(found), 10) + (len(found) > 10)


async def test_nothing_to_cut_is_refused() -> None:
    with pytest.raises(BadInput):
        await tokens.run(CountingEngine(), TokensParams(text=""))


async def test_spaces_alone_can_be_cut(embedded: LocalEngine) -> None:
    for engine in (embedded, SharedEngine(embedded)):
        shown = await tokens.run(engine, TokensParams(text="   "))
        assert _table(shown).rows == (("␣␣␣", "333", "3"),)


async def test_a_part_of_a_character_is_shown_as_its_bytes(embedded: LocalEngine) -> None:
    shown = await tokens.run(embedded, TokensParams(text="猫がマットの上に座った。"))
    assert [row[2] for row in _table(shown).rows[:4]] == ["e7", "8c", "ab", "e3 81"]
    assert "part" not in exhibit_text(shown)
    assert "\ufffd" not in exhibit_text(shown)
    run = shown.parts[0]
    assert isinstance(run, Run)
    assert run.texts[:3] == ("‹e7›", "‹8c›", "‹ab›")


@pytest.mark.parametrize("sign", "\x04\x06\x13\x14\x16\x1d")
async def test_a_character_that_the_vocabulary_lacks_is_said_to_be_dropped(
    sign: str, embedded: LocalEngine
) -> None:
    shown = await tokens.run(embedded, TokensParams(text=f"a{sign}b{sign}"))
    number = f"{ord(sign):02x}"
    assert shown.parts[:2] == (
        Run(("a", "b")),
        Prose(
            "Dropped without a word, since this vocabulary can't spell it: "
            f"‹U+00{number.upper()}› ({number})."
        ),
    )
    alone = await tokens.run(embedded, TokensParams(text=sign))
    assert [type(part) for part in alone.parts] == [Prose]


async def test_a_character_that_is_dropped_in_part_is_told(embedded: LocalEngine) -> None:
    shown = await tokens.run(embedded, TokensParams(text="\U00050000"))
    (said,) = [part.text for part in shown.parts if isinstance(part, Prose)]
    assert said.endswith("‹U+50000› (f1 90 80 80).")


async def test_nothing_is_said_to_be_dropped_of_what_is_spelt(embedded: LocalEngine) -> None:
    for text in (*SAMPLES, "नमस्ते שלום Привет", "\x01", "a\u00a0b"):
        assert (
            tokens.told_dropped(text, b"".join(map(bytes_of, await embedded.tokenize(text)))) == ""
        )


class Other(CountingEngine):
    """Cuts by letters."""

    def __init__(self) -> None:
        super().__init__()
        self.model = "letters"

    async def tokenize(self, text: str) -> tuple[Token, ...]:
        return tuple(Token(ord(sign), sign) for sign in text)


async def beside(other: Engine, chosen: dict[str, object] | None = None) -> Exhibit:
    """Run it with another engine at hand."""
    return await catalogue.run(CountingEngine(), "tokens", {"text": "cat"} | (chosen or {}), other)


def knobs(shown: Exhibit) -> list[str]:
    return [one.label for one in shown.controls if isinstance(one, Knob)]


async def test_two_tokenizers_stand_one_below_the_other() -> None:
    shown = await beside(Other())
    assert shown.parts == (
        Stages(("fake: 1 tokens",)),
        Run(("cat",)),
        Stages(("letters: 3 tokens",)),
        Run(("c", "a", "t")),
    )
    named = [fact.name for fact in shown.facts]
    assert named[0] == "tokens of fake"
    assert named[2] == "tokens of letters"
    assert shown.provenance.model == "fake and letters"
    assert knobs(shown) == ["One alone"]


async def test_one_alone_is_shown_with_ids_and_bytes() -> None:
    shown = await beside(Other(), {"beside": False})
    assert isinstance(shown.parts[1], Table)
    assert shown.provenance.model == "fake"
    assert knobs(shown) == ["Beside letters"]


async def test_a_tokenizer_is_not_compared_with_itself(embedded: LocalEngine) -> None:
    shown = await catalogue.run(embedded, "tokens", {"text": "The cat sat"}, embedded)
    assert [type(part) for part in shown.parts] == [Run, Table, Prose]
    assert shown.parts[-1] == Prose("smollm2-135m (embedded) cuts it into the same ids.")
    assert shown.provenance.model == "smollm2-135m"
    assert knobs(shown) == []


async def test_a_second_that_fails_is_left_out() -> None:
    class Missing(Other):
        async def tokenize(self, text: str) -> tuple[Token, ...]:
            raise WeightsError("not installed")

    shown = await beside(Missing())
    assert isinstance(shown.parts[1], Table)
    assert knobs(shown) == []


async def test_a_served_model_and_the_embedded_one_stand_side_by_side(
    served: SharedEngine, embedded: LocalEngine
) -> None:
    shown = await catalogue.run(served, "tokens", {"text": "The cat sat"}, embedded)
    assert [part for part in shown.parts if isinstance(part, Run)] == [
        Run(("The", "␣cat", "␣sat"))
    ] * 2
    assert shown.provenance.engine == "cluster and embedded"
    assert {"tokens of served", "tokens of smollm2-135m"} <= {fact.name for fact in shown.facts}


def test_a_server_without_ids_shows_none() -> None:
    engine: Engine = CountingEngine()
    cut: Sequence[tuple[Engine, Sequence[Token]]] = [(engine, [Token(-1, "cat")])]
    assert _table(tokens.exhibit("cat", cut)).rows == (("cat", "?", "3"),)
