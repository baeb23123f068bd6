from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.engine import CountingEngine, distribution
from tools.algorithms.drafting import DraftPass, draft, passes
from tools.engine.base import Candidate, Distribution, Prompt, Token
from tools.engine.local.local import LocalEngine
from tools.errors import Missing
from tools.exhibit.drawn_text import table_text
from tools.exhibit.exhibit import Exhibit, Prose, Table, Tokens
from tools.instruments import speculate
from tools.instruments.speculate import Speculate

IDS = st.lists(st.integers(0, 3), min_size=1, max_size=30)


def _facts(shown: Exhibit) -> dict[str, float | str]:
    return {fact.name: fact.value for fact in shown.facts}


@pytest.mark.parametrize(
    ("ids", "match", "most", "expected"),
    [
        ([1, 2, 3, 1, 2], 2, 3, (3, 1, 2)),  # 1 2 stood before, followed by 3 1 2
        ([1, 2, 3, 1, 2], 2, 1, (3,)),
        ([9, 2, 3, 1, 2], 2, 2, (3, 1)),  # 1 2 didn't, 2 did
        ([2, 5, 2, 6, 2], 1, 1, (6,)),  # the later place counts
        ([1, 2, 3], 2, 4, ()),
        ([1], 2, 4, ()),
        ([7, 7, 7], 2, 4, (7,)),
    ],
)
def test_a_draft_is_what_followed_before(
    ids: list[int], match: int, most: int, expected: tuple[int, ...]
) -> None:
    assert draft(ids, match, most) == expected


def test_passes_by_hand() -> None:
    # 1 2 3 1 2 → the model goes on 3 1 9 9 5
    assert passes([1, 2, 3, 1, 2], [3, 1, 9, 9, 5], 2, 3) == (
        DraftPass((3, 1, 2), 2, (3, 1, 9)),  # 3 and 1 agree; 9 is the model's own
        DraftPass((), 0, (9,)),  # 1 9 and 9 never stood before
        DraftPass((9,), 0, (5,)),  # 9 did, followed by 9; the model says 5
    )


@given(IDS, IDS, st.integers(1, 4), st.integers(1, 8))
def test_drafts_never_change_the_text(
    prompt: list[int], greedy: list[int], match: int, most: int
) -> None:
    found = passes(prompt, greedy, match, most)
    assert [number for one in found for number in one.made] == greedy
    assert len(found) <= len(greedy)
    for one in found:
        assert one.drafted[: one.accepted] == one.made[: one.accepted]
        assert len(one.drafted) <= most


async def test_a_text_that_repeats_itself_needs_fewer_passes(embedded: LocalEngine) -> None:
    shown = await speculate.run(embedded, Speculate())
    facts = _facts(shown)
    assert facts["tokens"] == 16
    assert isinstance(facts["passes"], int)
    assert facts["passes"] < 16
    assert facts["fewer passes"] == pytest.approx(16 / facts["passes"], abs=0.01)
    table = shown.parts[0]
    assert isinstance(table, Table)
    assert len(table_text(table, 22).splitlines()) == len(table.rows) + 1


async def test_the_text_is_the_models_greedy_one(embedded: LocalEngine) -> None:
    shown = await speculate.run(embedded, Speculate(length=6))
    tokens = shown.parts[1]
    assert isinstance(tokens, Tokens)
    prompt = Prompt(speculate.REPETITIVE)
    for text in tokens.texts[-tokens.fresh :]:
        best = (await embedded.next_token(prompt, 1)).top[0].token
        assert best.text.replace(" ", "␣").replace("\n", "⏎") == text
        prompt = Prompt(prompt.text, (*prompt.appended, best.id))


async def test_a_text_without_repetition_saves_nothing_and_says_so() -> None:
    class Counting(CountingEngine):
        async def next_token(self, prompt: Prompt, k: int) -> Distribution:
            number = 500 + len(prompt.appended)
            return replace(distribution(), top=(Candidate(Token(number, f" {number}"), -1.0),))

    shown = await speculate.run(Counting(), Speculate(length=12))
    assert _facts(shown)["passes"] == 12
    assert _facts(shown)["accepted"] == 0
    prose = shown.parts[2]
    assert isinstance(prose, Prose)
    assert "nothing is saved" in prose.text
    table = shown.parts[0]
    assert isinstance(table, Table)
    assert table.rows[-1] == ("9…", "", "0/0", "+4")


async def test_without_ids_of_the_prompt_nothing_is_drafted() -> None:
    class Nameless(CountingEngine):
        async def next_token(self, prompt: Prompt, k: int) -> Distribution:
            return replace(distribution(), prompt_tokens=(Token(-1, "x"),))

    with pytest.raises(Missing):
        await speculate.run(Nameless(), Speculate())
