from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.engine import CountingEngine, distribution
from tools.algorithms.drafting import DraftPass, draft, passes, times_as_fast
from tools.engine.base import Candidate, Capability, Distribution, Prompt, Token
from tools.engine.local.local import LocalEngine
from tools.errors import BadInput, Missing
from tools.exhibit.exhibit import Exhibit, Prose, Table, Tokens
from tools.exhibit.monospace import PHONE
from tools.exhibit.table_text import table_text
from tools.instruments import speculate
from tools.instruments.speculate import Speculate

IDS = st.lists(st.integers(0, 3), min_size=1, max_size=30)


def _tables(shown: Exhibit) -> list[Table]:
    return [part for part in shown.parts if isinstance(part, Table)]


def _prose(shown: Exhibit) -> str:
    return " ".join(part.text for part in shown.parts if isinstance(part, Prose))


def _facts(shown: Exhibit) -> dict[str, float | str]:
    return {fact.name: fact.value for fact in shown.facts}


def as_vllm_proposes(ids: list[int], min_ngram: int, max_ngram: int, k: int) -> list[int]:
    """vLLM 0.32.0's _find_longest_matched_ngram_and_propose_tokens, told over: a KMP table on the
    text turned round, the last place of the longest match there.
    """
    total = len(ids)
    if total < min_ngram:
        return []
    tokens, lps = ids[::-1], [0] * max_ngram
    longest = position = prev = 0
    i = 1
    while i < total:
        if tokens[prev] == tokens[i]:
            prev += 1
            if prev >= longest:
                longest, position = prev, i
            if i < max_ngram:
                lps[i] = prev
            if prev == max_ngram:
                prev = lps[max_ngram - 1]
            i += 1
        elif prev:
            prev = lps[prev - 1]
        else:
            i += 1
    if longest < min_ngram:
        return []
    start = total - 1 - position + longest
    return ids[start : start + min(k, total - start)]


@pytest.mark.against("speculate", by="vLLM 0.32.0's n-gram proposer, told over")
@given(IDS, st.integers(1, 5), st.integers(0, 4), st.integers(1, 8))
def test_a_draft_is_what_vllm_proposes(ids: list[int], low: int, more: int, most: int) -> None:
    expected = as_vllm_proposes(ids, low, low + more, most)
    assert list(draft(ids, low, low + more, most)) == expected


@pytest.mark.parametrize(
    ("ids", "shortest", "longest", "most", "expected"),
    [
        ([1, 2, 3, 1, 2], 1, 2, 3, (3, 1, 2)),  # 1 2 stood before, followed by 3 1 2
        ([1, 2, 3, 1, 2], 1, 2, 1, (3,)),
        ([9, 2, 3, 1, 2], 1, 2, 2, (3, 1)),  # 1 2 didn't, 2 did
        ([9, 2, 3, 1, 2], 2, 2, 2, ()),  # and two are wanted
        ([2, 5, 2, 6, 2], 1, 1, 1, (5,)),  # the earliest place counts
        ([1, 2, 3], 1, 2, 4, ()),
        ([1], 1, 2, 4, ()),
        ([7, 7, 7], 1, 2, 4, (7,)),
    ],
)
def test_a_draft_is_what_followed_first(
    ids: list[int], shortest: int, longest: int, most: int, expected: tuple[int, ...]
) -> None:
    assert draft(ids, shortest, longest, most) == expected


def test_passes_by_hand() -> None:
    # 1 2 3 1 2 → the model goes on 3 1 9 9 5
    assert passes([1, 2, 3, 1, 2], [3, 1, 9, 9, 5], 1, 2, 3) == (
        DraftPass((), 0, (3,)),  # the prompt is read; vLLM drafts from then on
        DraftPass((1, 2, 3), 1, (1, 9)),  # 2 3 stood before, followed by 1; 9 is the model's own
        DraftPass((), 0, (9,)),  # 1 9 and 9 never did
        DraftPass((9,), 0, (5,)),  # 9 did, followed by 9; the model says 5
    )


def test_no_more_is_drafted_than_can_be_checked() -> None:
    """`--length 2 --draft 8` counted drafts that nothing could check."""
    _, last = passes([1, 2, 3, 4, 1], [2, 3], 1, 1, 8)
    assert last == DraftPass((3,), 1, (3,))


@given(IDS, IDS, st.integers(1, 4), st.integers(1, 8))
def test_drafts_never_change_the_text(
    prompt: list[int], greedy: list[int], match: int, most: int
) -> None:
    found = passes(prompt, greedy, 1, match, most)
    assert [number for one in found for number in one.made] == greedy
    assert len(found) <= len(greedy)
    assert not found[0].drafted
    for one in found:
        assert one.drafted[: one.accepted] == one.made[: one.accepted]
        assert len(one.drafted) <= most


def test_the_gain_is_what_the_passes_cost() -> None:
    """A pass over a draft of 4 costs 2.2 × one token here, so a third of the passes isn't 3 ×."""
    found = (
        DraftPass((), 0, (1,)),
        DraftPass((2, 3, 4, 5), 4, (2, 3, 4, 5, 6)),
        DraftPass((), 0, (7,)),
    )
    assert times_as_fast(found, {1: 10.0, 5: 22.0}.__getitem__) == pytest.approx(60 / 32)


async def test_a_text_that_repeats_itself_needs_fewer_passes(embedded: LocalEngine) -> None:
    shown = await speculate.run(embedded, Speculate())
    facts = _facts(shown)
    assert facts["tokens"] == 16
    assert isinstance(facts["passes"], int)
    assert facts["passes"] < 16
    assert facts["fewer passes"] == pytest.approx(16 / facts["passes"], abs=0.01)
    for table in _tables(shown):
        assert len(table_text(table, PHONE).splitlines()) == len(table.rows) + 1


async def test_what_a_pass_costs_is_measured_where_it_can_be(embedded: LocalEngine) -> None:
    """It said that a pass over a draft costs about as much as one over a token."""
    shown = await speculate.run(embedded, Speculate())
    costs = _tables(shown)[1]
    assert (costs.header[0], costs.rows[0][0], costs.rows[0][3]) == ("over", "1", "1.0×")
    assert [row[0] for row in costs.rows[1:]] == ["5"]
    gain = _facts(shown)["as timed here"]
    assert isinstance(gain, float)
    assert 0 < gain < _facts(shown)["fewer passes"]  # type: ignore[operator]


async def test_a_pass_over_more_tokens_takes_longer(embedded: LocalEngine) -> None:
    one, many = await embedded.pass_timing(64, (1, 16))
    assert (one.tokens, many.tokens, len(one.samples_ms)) == (1, 16, 5)
    assert 0 < one.samples_ms[0] < many.samples_ms[2]
    assert list(many.samples_ms) == sorted(many.samples_ms)


@pytest.mark.parametrize(("length", "sizes"), [(0, (1,)), (513, (1,)), (8, ()), (8, (17,))])
async def test_passes_that_are_not_timed_are_refused(
    embedded: LocalEngine, length: int, sizes: tuple[int, ...]
) -> None:
    with pytest.raises(BadInput):
        await embedded.pass_timing(length, sizes)


async def test_where_a_pass_cannot_be_timed_it_says_what_would_show_it() -> None:
    class OnAServer(CountingEngine):
        def capabilities(self) -> frozenset[Capability]:
            return frozenset({Capability.NEXT_TOKEN})

    shown = await speculate.run(OnAServer(), Speculate(length=4))
    assert "as timed here" not in _facts(shown)
    assert "--speculative-config" in _prose(shown)


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
        def capabilities(self) -> frozenset[Capability]:
            return frozenset({Capability.NEXT_TOKEN})

        async def next_token(self, prompt: Prompt, k: int) -> Distribution:
            number = 500 + len(prompt.appended)
            return replace(distribution(), top=(Candidate(Token(number, f" {number}"), -1.0),))

    shown = await speculate.run(Counting(), Speculate(length=12))
    assert _facts(shown)["passes"] == 12
    assert _facts(shown)["accepted"] == 0
    assert "nothing is saved" in _prose(shown)
    assert _tables(shown)[0].rows[-1] == ("9…", "", "0/0", "+4")


async def test_without_ids_of_the_prompt_nothing_is_drafted() -> None:
    class Nameless(CountingEngine):
        async def next_token(self, prompt: Prompt, k: int) -> Distribution:
            return replace(distribution(), prompt_tokens=(Token(-1, "x"),))

    with pytest.raises(Missing):
        await speculate.run(Nameless(), Speculate())
