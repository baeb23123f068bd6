import math
import random
from collections.abc import Sequence

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from transformers import (
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from tests.fakes.engine import CountingEngine, distribution
from tools.algorithms.sampling import SampleCandidate, SamplingKnobs, settled, shares, tallied
from tools.engine.base import Prompt
from tools.engine.local.local import LocalEngine
from tools.exhibit.drawn_text import table_text
from tools.exhibit.exhibit import Exhibit, Prose, Table
from tools.instruments import sampling
from tools.instruments.sampling import Sampling, after_knobs


def _transformers(
    scores: Sequence[float], seen: Sequence[int], knobs: SamplingKnobs
) -> list[float]:
    """The same knobs in the same order, by transformers' own processors; probabilities by id."""
    found = torch.tensor([scores], dtype=torch.float64)
    ids = torch.tensor([seen], dtype=torch.long)
    steps = [TemperatureLogitsWarper(knobs.temperature), MinPLogitsWarper(knobs.min_p)]
    steps += [TopKLogitsWarper(knobs.top_k), TopPLogitsWarper(knobs.top_p)]
    if seen:
        found = RepetitionPenaltyLogitsProcessor(knobs.penalty)(ids, found)
    for step in steps:
        found = step(ids, found)
    return found[0].softmax(-1).tolist()


@pytest.mark.parametrize(
    "knobs",
    [
        SamplingKnobs(),
        SamplingKnobs(temperature=0.3),
        SamplingKnobs(temperature=2.5),
        SamplingKnobs(top_k=3),
        SamplingKnobs(top_p=0.6),
        SamplingKnobs(min_p=0.2),
        SamplingKnobs(penalty=1.5),
        SamplingKnobs(0.7, 10, 0.9, 0.05, 1.2),
        SamplingKnobs(1.5, 15, 0.5, 0.01, 2.0),
    ],
)
async def test_each_knob_does_what_transformers_does(
    knobs: SamplingKnobs, embedded: LocalEngine
) -> None:
    found = await embedded.next_token(Prompt("the cat and the dog and the"), 20)
    seen = [token.id for token in found.prompt_tokens]
    place_of = {one.token.id: place for place, one in enumerate(found.top)}
    repeated = [place_of[number] for number in seen if number in place_of]
    choices = [SampleCandidate(place, one.logprob) for place, one in enumerate(found.top)]
    after = settled(choices, repeated, knobs)
    ours = dict(zip((one.id for one in after), shares(after), strict=True))
    theirs = _transformers([one.logprob for one in found.top], repeated, knobs)
    assert [ours[place] for place in range(20)] == pytest.approx(theirs, abs=1e-9)


@given(
    st.lists(st.floats(-30, 30), min_size=2, max_size=20, unique=True),
    st.floats(0.05, 5),
    st.integers(1, 20),
    st.floats(0.01, 0.99),
    st.floats(0, 0.99),
)
def test_whatever_the_knobs_the_first_stays_and_the_shares_sum_to_one(
    scores: list[float], temperature: float, top_k: int, top_p: float, min_p: float
) -> None:
    choices = [SampleCandidate(place, score) for place, score in enumerate(scores)]
    after = settled(choices, (), SamplingKnobs(temperature, top_k, top_p, min_p))
    found = shares(after)
    assert sum(found) == pytest.approx(1)
    assert after[0].cut_by == ""
    assert scores[after[0].id] == max(scores)
    assert all(share == 0 for one, share in zip(after, found, strict=True) if one.cut_by)
    assert sum(not one.cut_by for one in after) <= top_k


def test_top_p_keeps_the_token_that_crosses_the_line() -> None:
    halves = [
        SampleCandidate(place, math.log(share)) for place, share in enumerate((0.5, 0.3, 0.2))
    ]
    kept = [one.id for one in settled(halves, (), SamplingKnobs(top_p=0.6)) if not one.cut_by]
    assert kept == [0, 1]


def test_temperature_0_is_greedy() -> None:
    after = settled(
        [SampleCandidate(1, -2.0), SampleCandidate(2, -1.0)], (), SamplingKnobs(temperature=0)
    )
    assert shares(after) == (1.0, 0.0)
    assert after[0].id == 2


def test_the_penalty_may_change_who_is_first() -> None:
    after = settled(
        [SampleCandidate(1, -1.0), SampleCandidate(2, -1.2)], {1}, SamplingKnobs(penalty=2)
    )
    assert [one.id for one in after] == [2, 1]
    assert after[1].score == -2.0
    (raw,) = settled([SampleCandidate(1, 3.0)], {1}, SamplingKnobs(penalty=2))
    assert raw.score == 1.5


def test_the_same_seed_draws_the_same() -> None:
    assert tallied([0.5, 0.5], 20, random.Random(4)) == tallied([0.5, 0.5], 20, random.Random(4))
    assert set(tallied([0.0, 1.0], 20, random.Random(4))) == {1}


def _table(shown: Exhibit) -> Table:
    (table,) = [part for part in shown.parts if isinstance(part, Table)]
    return table


def _prose(shown: Exhibit) -> str:
    return " ".join(part.text for part in shown.parts if isinstance(part, Prose))


async def test_the_table_tells_what_was_kept_cut_and_drawn() -> None:
    shown = await sampling.run(CountingEngine(), Sampling(prompt="The cat", top_k=2, seed=3))
    rows = _table(shown).rows
    assert [row[:3] for row in rows] == [
        ("␣floor", "50.0", "66.7"),
        ("⏎", "25.0", "33.3"),
        ("\ufffd", "12.5", "cut"),
        ("<|im_e…", "6.2", "cut"),
        ("others", "6.2", "cut"),
    ]
    assert sum(int(row[3] or 0) for row in rows) == 20
    facts = [(fact.name, fact.value) for fact in shown.facts]
    assert facts == [("kept", 2), ("cut by top-k", 2), ("top-k", "2"), ("seed", 3)]


async def test_the_real_table_fits_a_phone_and_counts_every_draw(embedded: LocalEngine) -> None:
    for params in (Sampling(), Sampling(temperature=5), Sampling(top_p=0.1), Sampling(top_k=1)):
        shown = await sampling.run(embedded, params)
        table = _table(shown)
        assert sum(int(row[3] or 0) for row in table.rows) == 20
        assert len(table_text(table, 22).splitlines()) == len(table.rows) + 1
        assert len(table.rows) <= 10


@pytest.mark.parametrize(
    ("params", "word"),
    [
        (Sampling(), "Approximate"),
        (Sampling(temperature=0.5), "Approximate"),
        (Sampling(top_p=0.5), "Approximate"),
        (Sampling(top_k=3), "Exact"),
        (Sampling(min_p=0.3), "Exact"),
        (Sampling(temperature=0), "Exact"),
        (Sampling(top_k=3, penalty=1.1), "Approximate"),
    ],
)
def test_what_is_approximate_says_so(params: Sampling, word: str) -> None:
    assert word in _prose(sampling.exhibit(distribution(), params))


def test_what_is_called_exact_does_not_depend_on_how_many_are_shown() -> None:
    for params in (Sampling(top_k=2), Sampling(min_p=0.3), Sampling(temperature=0)):
        few, more = (
            [
                (one.id, share)
                for one, share in zip(after, shares(after), strict=True)
                if not one.cut_by
            ]
            for after in (after_knobs(distribution(k), params) for k in (3, 4))
        )
        assert few == more


@pytest.mark.parametrize(
    "wrong", [{"temperature": -1}, {"top_k": 0}, {"top_k": 21}, {"top_p": 0}, {"penalty": 0.9}]
)
def test_a_knob_turned_too_far_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Sampling.model_validate(wrong)
