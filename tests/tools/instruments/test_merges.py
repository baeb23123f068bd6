from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transformers import AutoTokenizer

from tests.fakes.engine import CountingEngine
from tools.engine.local.local import LocalEngine
from tools.errors import BadInput
from tools.exhibit.exhibit import Exhibit, Knob, Prose, Stages, Tokens
from tools.exhibit.text import part_text
from tools.instruments import merges
from tools.instruments.merges import WORDS, Merges, MergeState, merged

STATES = (
    ("t", "i", "n", " ", "t"),
    ("t", "in", " ", "t"),
    ("t", "in", " t"),
    ("tin", " t"),
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
        (("a", "b", "c"), ("ab", "c"), ("a", "b")),
        (("a", "b", "c"), ("a", "bc"), ("b", "c")),
        (("a", "a", "a"), ("aa", "a"), ("a", "a")),
        (("\ufffd", "\ufffd", "x"), ("\ufffd", "x"), ("\ufffd", "\ufffd")),
        (("\ufffd", "\ufffd"), ("\ufffd",), ("\ufffd", "\ufffd")),
    ],
)
def test_the_merged_pair_is_found(before: MergeState, after: MergeState, pair: MergeState) -> None:
    assert merged(before, after) == pair


def test_states_further_apart_are_no_merge() -> None:
    with pytest.raises(ValueError, match="one merge apart"):
        merged(("a", "b", "c"), ("abc",))


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
    lines = part_text(shown.parts[1], 22).splitlines()
    assert len(lines) == 7
    assert lines[-1].startswith("▸ 31 ")
    assert all(len(line) <= 22 for line in lines)


async def test_a_blank_is_refused() -> None:
    with pytest.raises(BadInput):
        await merges.run(Merging(), Merges(word="  "))
