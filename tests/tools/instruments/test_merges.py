from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transformers import AutoTokenizer

from tests.fakes.engine import CountingEngine
from tools import catalogue
from tools.engine.local.local import LocalEngine
from tools.errors import BadInput
from tools.exhibit.exhibit import Exhibit, Knob, Prose, Stages, Tokens
from tools.exhibit.monospace import PHONE
from tools.exhibit.text import exhibit_text, part_text
from tools.instruments import merges
from tools.instruments.merges import WORDS, Merges, MergeState, merged

STATES = (
    (b"t", b"i", b"n", b" ", b"t"),
    (b"t", b"in", b" ", b"t"),
    (b"t", b"in", b" t"),
    (b"tin", b" t"),
)


class Merging(CountingEngine):
    async def merges(self, text: str) -> tuple[MergeState, ...]:
        return STATES


async def _shown(steps: int) -> Exhibit:
    return await merges.run(Merging(), Merges(word="tin t", steps=steps))


def _knobs(shown: Exhibit) -> dict[str, str]:
    return {one.label: one.value for one in shown.controls if isinstance(one, Knob)}


def _prose(shown: Exhibit) -> str:
    return next(part.text for part in shown.parts if isinstance(part, Prose))


async def test_before_the_first_merge_there_are_bytes() -> None:
    shown = await _shown(0)
    assert shown.parts[0] == Tokens(("t", "i", "n", "␣", "t"))
    assert shown.parts[1] == Stages(("1 i + n",), lit=0)
    assert _knobs(shown) == {"Step": "1", "To the end": "3"}


async def test_each_step_joins_a_pair_and_names_the_next() -> None:
    shown = await _shown(2)
    assert shown.parts[0] == Tokens(("t", "in", "␣t"))
    assert shown.parts[1] == Stages(("1 i + n", "2 ␣ + t", "3 t + in"), lit=2)
    assert _knobs(shown) == {"Step": "3", "Back": "1", "From the start": "0"}


async def test_the_end_says_that_these_are_the_tokens() -> None:
    shown = await _shown(99)
    assert shown.parts[1] == Stages(("1 i + n", "2 ␣ + t", "3 t + in"))
    assert _prose(shown).endswith("these are the tokens.")
    assert _knobs(shown) == {"Back": "2", "From the start": "0"}
    assert [(fact.name, fact.value) for fact in shown.facts] == [
        ("merges", 3),
        ("pieces", 2),
        ("bytes", 5),
    ]


@pytest.mark.parametrize(
    ("before", "after", "pair"),
    [
        ((b"a", b"b", b"c"), (b"ab", b"c"), (b"a", b"b")),
        ((b"a", b"b", b"c"), (b"a", b"bc"), (b"b", b"c")),
        ((b"a", b"a", b"a"), (b"aa", b"a"), (b"a", b"a")),
        ((b"\xe6", b"\x97", b"\xa5"), (b"\xe6\x97", b"\xa5"), (b"\xe6", b"\x97")),
    ],
)
def test_the_merged_pair_is_found(before: MergeState, after: MergeState, pair: MergeState) -> None:
    assert merged(before, after) == pair


def test_states_further_apart_are_no_merge() -> None:
    with pytest.raises(ValueError, match="one merge apart"):
        merged((b"a", b"b", b"c"), (b"abc",))


@pytest.mark.against("merges", by="transformers' tokenizer")
@pytest.mark.parametrize("word", WORDS)
async def test_the_last_state_is_what_the_tokenizer_makes(
    word: str, embedded: LocalEngine, embedded_folder: Path
) -> None:
    tokenizer = AutoTokenizer.from_pretrained(embedded_folder)
    theirs = [tokenizer.decode([one]) for one in tokenizer(word)["input_ids"]]
    shown = await merges.run(embedded, Merges(word=word, steps=240))
    run = shown.parts[0]
    assert isinstance(run, Tokens)
    assert [text.replace("␣", " ") for text in run.texts] == theirs


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    word=st.text(
        alphabet=st.characters(codec="utf-8", categories=["L", "N", "P", "S"]),
        min_size=1,
        max_size=12,
    )
)
async def test_every_merge_of_any_script_can_be_told(word: str, embedded: LocalEngine) -> None:
    states = await embedded.merges(word)
    for before, after in pairwise(states):
        left, right = merged(before, after)
        assert (left, right) in pairwise(before)


async def test_the_lines_fit_a_phone_at_the_longest(embedded: LocalEngine) -> None:
    shown = await merges.run(embedded, Merges(word="unbelievable " * 4, steps=30))
    lines = part_text(shown.parts[1], PHONE).splitlines()
    assert len(lines) == 7
    assert lines[-1].startswith("▸ 31 ")
    assert all(len(line) <= 22 for line in lines)


async def test_halves_of_a_character_are_shown_as_bytes(embedded: LocalEngine) -> None:
    shown = await merges.run(embedded, Merges(word="👩‍💻"))
    lines = part_text(shown.parts[1])
    assert lines == "▸ 1 ‹e2› + ‹80›"
    assert "\ufffd" not in exhibit_text(shown)
    end = await merges.run(embedded, Merges(word="👩‍💻", steps=240))
    assert isinstance(end.parts[0], Tokens)
    assert end.parts[0].texts[0] == "‹f0 9f›"
    assert len(end.parts[0].texts) == 8


async def test_a_byte_that_is_dropped_is_told(embedded: LocalEngine) -> None:
    shown = await merges.run(embedded, Merges(word="i\x04n", steps=9))
    assert shown.parts[0] == Tokens(("i", "n"))
    assert shown.parts[-1] == Prose(
        "Dropped without a word, since this vocabulary can't spell it: ‹U+0004› (04)."
    )


async def test_a_blank_is_a_word_and_nothing_is_none(embedded: LocalEngine) -> None:
    shown = await merges.run(embedded, Merges(word="  ", steps=9))
    assert shown.parts[0] == Tokens(("␣␣",))
    with pytest.raises(BadInput):
        catalogue.parameters("merges", {"word": ""})
