"""The sampler against vLLM's own rule, written down here from its source, and transformers'."""

import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import (
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from tools.algorithms.sampled import SamplingKnobs, unseen_bounds
from tools.algorithms.sampler import KEPT, TOP_P, drawn, sampled, settled
from tools.engine.base import Prompt
from tools.engine.local.local import LocalEngine

PROMPTS = (
    "It was a beautiful",
    "The capital of France is Paris. The capital of France is",
    "for pod in pods:\n    print(pod",
    "1, 2, 3, 4,",
)


def by_vllm(
    raw: Sequence[float], prompt: Sequence[int], written: Sequence[int], knobs: SamplingKnobs
) -> torch.Tensor:
    """What vLLM 0.32.0 draws from, by id: its tensor operations, for one request, in float64."""
    logits = torch.tensor([list(raw)], dtype=torch.float64)
    size = logits.shape[1]
    # LogitBiasLogitsProcessor.apply
    for number, added in knobs.bias.items():
        logits[0, number] += added
    # apply_penalties: bin counts of prompt and output
    counts = torch.zeros(1, size, dtype=torch.long)
    counts.scatter_add_(1, torch.tensor([list(written)], dtype=torch.long), _ones(written))
    in_prompt = torch.zeros(1, size, dtype=torch.bool)
    in_prompt[0, list(prompt)] = True
    repeated = in_prompt | (counts > 0)
    one = torch.ones((), dtype=torch.float64)
    factor = torch.where(repeated, one * knobs.repetition, one)
    logits = logits * torch.where(logits > 0, one / factor, factor)
    logits -= knobs.frequency * counts.double()
    logits -= knobs.presence * (counts > 0).double()
    if knobs.temperature < 1e-5:  # SamplingParams: greedy, and the cuts are reset
        return torch.nn.functional.one_hot(logits.argmax(-1), size)[0].double()
    logits = logits.div(max(knobs.temperature, 0.01))
    # MinPLogitsProcessor.apply
    if knobs.min_p:
        chances = logits.softmax(-1)
        logits.masked_fill_(chances < chances.amax(-1, keepdim=True) * knobs.min_p, -torch.inf)
    # apply_top_k_top_p_pytorch
    order, places = logits.sort(dim=-1, descending=False, stable=True)
    if 0 < knobs.top_k < size:
        order.masked_fill_(order < order[0, size - knobs.top_k], -torch.inf)
    if knobs.top_p < 1:
        tail = order.softmax(-1).cumsum(-1) <= 1 - knobs.top_p
        tail[:, -1] = False
        order.masked_fill_(tail, -torch.inf)
    return logits.scatter(-1, places, order).softmax(-1)[0]


def _ones(written: Sequence[int]) -> torch.Tensor:
    return torch.ones(1, len(written), dtype=torch.long)


def some_knobs(dice: random.Random, size: int) -> SamplingKnobs:
    """Any setting that vLLM takes; each knob stands still about half the time."""

    def maybe(turned: float, still: float) -> float:
        return turned if dice.random() < 0.5 else still

    bias = {dice.randrange(size): dice.uniform(-9, 9) for _ in range(dice.randrange(4))}
    return SamplingKnobs(
        temperature=maybe(dice.choice([0.0, 0.003, dice.uniform(0.01, 2)]), 1.0),
        top_k=int(maybe(dice.randint(1, 60), 0)),
        top_p=maybe(dice.uniform(0.01, 1), 1.0),
        min_p=maybe(dice.uniform(0, 1) ** 4, 0.0),
        repetition=maybe(dice.uniform(0.5, 2.5), 1.0),
        presence=maybe(dice.uniform(-2, 2), 0.0),
        frequency=maybe(dice.uniform(-2, 2), 0.0),
        bias=bias if dice.random() < 0.5 else {},
    )


def assert_alike(raw: Sequence[float], prompt: list[int], written: list[int], knobs: SamplingKnobs):
    ours = settled(raw, prompt, written, knobs)
    theirs = by_vllm(raw, prompt, written, knobs).numpy()
    assert np.array_equal(ours.shares > 0, theirs > 0), knobs
    assert np.abs(ours.shares - theirs).max() < 1e-12, knobs
    assert ours.shares.sum() == pytest.approx(1)
    assert not ours.shares[ours.cut_by != KEPT].any()


@pytest.mark.against("sampling", by="vLLM 0.32.0's tensor operations, 500 settings", within=1e-12)
def test_500_random_settings_do_what_vllm_does_on_made_up_scores() -> None:
    dice = random.Random(7)
    for _ in range(500):
        size = dice.choice([2, 30, 400])
        raw = [dice.gauss(0, 6) for _ in range(size)]
        prompt = [dice.randrange(size) for _ in range(dice.randint(1, 12))]
        written = [dice.randrange(size) for _ in range(dice.randrange(9))]
        assert_alike(raw, prompt, written, some_knobs(dice, size))


@pytest.mark.against("sampling", by="the same, 80 settings a prompt", within=1e-12)
@pytest.mark.parametrize("text", PROMPTS)
async def test_80_random_settings_do_what_vllm_does_on_real_scores(
    text: str, embedded: LocalEngine
) -> None:
    found = await embedded.raw_scores(text, " day, a day and a day")
    prompt, written = [[one.id for one in ids] for ids in (found.prompt, found.written)]
    dice = random.Random(text)
    for _ in range(80):
        assert_alike(found.scores, prompt, written, some_knobs(dice, len(found.scores)))


async def test_the_raw_scores_are_those_behind_the_distribution(embedded: LocalEngine) -> None:
    raw = await embedded.raw_scores("It was a", " beautiful", (" day", "x y"))
    ids = tuple(token.id for token in raw.written)
    found = await embedded.next_token(Prompt("It was a", ids), 20)
    assert found.prompt_tokens == (*raw.prompt, *raw.written)
    chances = torch.tensor(raw.scores, dtype=torch.float64).softmax(-1)
    for one in found.top:
        assert float(chances[one.token.id]) == pytest.approx(one.probability, abs=1e-9)
    assert [[token.text for token in cut] for cut in raw.words] == [[" day"], ["x", " y"]]
    assert await embedded.named((ids[0], 0)) == (raw.written[0], (await embedded.named((0,)))[0])


@pytest.mark.against("sampling", by="transformers' logits processors", within=1e-9)
@pytest.mark.parametrize(
    "knobs",
    [
        SamplingKnobs(),
        SamplingKnobs(temperature=0.3),
        SamplingKnobs(temperature=1.9),
        SamplingKnobs(top_k=3),
        SamplingKnobs(top_p=0.6),
        SamplingKnobs(min_p=0.2),
        SamplingKnobs(repetition=1.5),
        SamplingKnobs(0.7, 10, 0.9, 0.05, 1.2),
        SamplingKnobs(1.5, 15, 0.5, 0.01, 2.0),
    ],
)
async def test_where_transformers_has_the_knob_it_does_the_same(
    knobs: SamplingKnobs, embedded: LocalEngine
) -> None:
    raw = await embedded.raw_scores("the cat and the dog and the")
    ids = torch.tensor([[token.id for token in raw.prompt]])
    found = torch.tensor([list(raw.scores)], dtype=torch.float64)
    steps = [RepetitionPenaltyLogitsProcessor(knobs.repetition)]
    steps += [TemperatureLogitsWarper(knobs.temperature), MinPLogitsWarper(knobs.min_p)]
    steps += [TopKLogitsWarper(knobs.top_k)] if knobs.top_k else []
    steps += [TopPLogitsWarper(knobs.top_p)]
    for step in steps:
        found = step(ids, found)
    ours = settled(raw.scores, ids[0].tolist(), (), knobs)
    assert np.abs(ours.shares - found[0].softmax(-1).numpy()).max() < 1e-9


@given(
    st.lists(st.floats(-30, 30), min_size=2, max_size=20, unique=True),
    st.floats(0.05, 2),
    st.integers(1, 20),
    st.floats(0.01, 0.99),
    st.floats(0, 0.99),
)
def test_whatever_is_cut_the_first_stays_and_the_shares_sum_to_one(
    raw: list[float], temperature: float, top_k: int, top_p: float, min_p: float
) -> None:
    after = settled(raw, (), (), SamplingKnobs(temperature, top_k, top_p, min_p))
    assert after.shares.sum() == pytest.approx(1)
    assert after.cut_by[int(np.argmax(raw))] == KEPT
    assert (after.cut_by == KEPT).sum() >= 1


def test_top_p_keeps_the_token_that_crosses_the_line() -> None:
    after = settled(np.log([0.5, 0.3, 0.2]), (), (), SamplingKnobs(top_p=0.6))
    assert after.cut_by.tolist() == [KEPT, KEPT, TOP_P]


@pytest.mark.parametrize("temperature", [0.1, 0.2, 1.0])
async def test_nothing_is_cut_by_a_top_p_that_is_off(
    temperature: float, embedded: LocalEngine
) -> None:
    raw = await embedded.raw_scores("It was a beautiful")
    after = settled(raw.scores, (), (), SamplingKnobs(temperature=temperature))
    assert (after.cut_by == KEPT).all()


def test_equals_of_the_last_that_top_k_keeps_stay() -> None:
    after = settled([3.0, 2.0, 2.0, 1.0], (), (), SamplingKnobs(top_k=2))
    assert (after.cut_by == KEPT).tolist() == [True, True, True, False]


def test_greedy_takes_the_likeliest_after_the_penalty() -> None:
    after = settled([3.0, 2.5, -1.0], (0, 2), (), SamplingKnobs(temperature=0, repetition=2))
    assert after.shares.tolist() == [0.0, 1.0, 0.0]
    assert after.scores.tolist() == [1.5, 2.5, -2.0]


def test_presence_counts_once_frequency_each_time_and_neither_the_prompt() -> None:
    knobs = SamplingKnobs(presence=1, frequency=0.5)
    after = settled([0.0] * 4, prompt=(0,), written=(1, 2, 2), knobs=knobs)
    assert after.scores.tolist() == [0.0, -1.5, -2.0, 0.0]


def test_the_same_seed_draws_the_same_and_nothing_that_is_cut() -> None:
    shares = np.array([0.5, 0.0, 0.5])
    first, second = [drawn(shares, 20, random.Random(4)) for _ in range(2)]
    assert first == second
    assert set(first) == {0, 2}


def test_draws_follow_the_shares() -> None:
    count = drawn(np.array([0.7, 0.0, 0.2, 0.1]), 10_000, random.Random(1))
    assert [count[place] / 10_000 for place in range(4)] == pytest.approx(
        [0.7, 0, 0.2, 0.1], abs=0.02
    )


def test_what_is_told_adds_up() -> None:
    raw = [float(-place) for place in range(60)]
    found = sampled(
        raw, (0,), (), SamplingKnobs(repetition=2, top_k=50, temperature=2),
        rows=6, draws=20, dice=random.Random(1),
    )  # fmt: skip
    assert (found.kept, dict(found.cut)) == (50, {"top-k": 10})
    assert len(found.top) == 6
    assert sum(found.cut.values()) + found.kept == 60
    likely = sorted((one.now for one in found.top), reverse=True)
    assert [one.now for one in found.top] == likely


@given(
    st.lists(st.floats(0.001, 1), min_size=40, max_size=300),
    st.integers(2, 20),
    st.floats(0.02, 2),
)
def test_what_the_unseen_hold_lies_within_its_bounds(
    weights: list[float], shown: int, temperature: float
) -> None:
    shares = sorted((one / sum(weights) for one in weights), reverse=True)
    powers = [(one / shares[0]) ** (1 / temperature) for one in shares]
    true = sum(powers[shown:]) / sum(powers)
    least, most = unseen_bounds(shares[:shown], temperature)
    assert least - 1e-9 <= true <= most + 1e-9


def test_the_least_that_the_unseen_hold_is_worth_saying() -> None:
    least, most = unseen_bounds([0.5, 0.1, 0.1], 2.0)
    assert least == pytest.approx(3 * 0.1**0.5 / (0.5**0.5 + 5 * 0.1**0.5))
    assert most == 1
    assert unseen_bounds([0.5, 0.25], 1.0) == (0.25, 0.25)


def test_the_knobs_as_they_stand_change_nothing() -> None:
    raw = [1.0, 0.0, -1.0]
    after = settled(raw, (0, 1), (2,), replace(SamplingKnobs()))
    assert after.shares == pytest.approx(torch.tensor(raw).softmax(-1).numpy())
