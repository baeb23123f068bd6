from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.engine import CountingEngine, distribution
from tests.tools.instruments.turning import assert_it_fits_and_turns, values
from tools import catalogue
from tools.engine.base import Capability
from tools.engine.local.local import LocalEngine
from tools.errors import BadInput, Missing
from tools.exhibit.exhibit import Dial, Entry, Exhibit, Portions, Prose, Table
from tools.exhibit.monospace import PHONE
from tools.exhibit.table_text import table_text
from tools.instruments import sampling
from tools.instruments.sampling import Sampling, of_shown

FRANCE = "The capital of France is Paris. The capital of France is"


class Served(CountingEngine):
    """A server that names its likeliest tokens and hands no raw scores over."""

    def capabilities(self) -> frozenset[Capability]:
        return frozenset({Capability.NEXT_TOKEN, Capability.TOKENIZE})


def table(shown: Exhibit) -> Table:
    (found,) = [part for part in shown.parts if isinstance(part, Table)]
    return found


def row(shown: Exhibit, label: str) -> tuple[str, str]:
    """What a token had, and has."""
    (found,) = [row for row in table(shown).rows if row[0] == label]
    return found[1], found[2]


def picture(shown: Exhibit) -> Portions:
    (found,) = [part for part in shown.parts if isinstance(part, Portions)]
    return found


async def test_the_picture_shows_the_tail_before_and_after(embedded: LocalEngine) -> None:
    wild = picture(await sampling.run(embedded, Sampling(temperature=2))).rows[-1]
    assert (wild.label, wild.is_rest) == ("49,146 others", True)
    was, now = wild.values
    assert was is not None
    assert now is not None
    assert was < 0.5 < 0.9 < now
    short = picture(await sampling.run(embedded, Sampling(top_k=3))).rows
    assert [row.values[1] is None for row in short] == [False] * 3 + [True] * 4


def test_a_picture_of_shown_tokens_claims_nothing_of_those_unnamed() -> None:
    found = picture(of_shown(distribution(), Sampling(temperature=0.5)))
    rest = found.rows[-1]
    assert rest.label == "not named"
    assert rest.values[0] == rest.values[1]


def prose(shown: Exhibit) -> str:
    return " ".join(part.text for part in shown.parts if isinstance(part, Prose))


@pytest.mark.parametrize(
    ("prompt", "knobs", "token", "was", "now"),
    [
        ("To be, or not to", {"penalty": 1}, "␣be", "85.8", "85.8"),
        ("To be, or not to", {"penalty": 1.3}, "␣be", "85.8", "1.3"),
        ("To be, or not to", {"top_k": 20}, "␣be", "85.8", "91.5"),
        ("To be, or not to", {"penalty": 1.3, "top_k": 20}, "␣be", "85.8", "2.5"),
        ("A rose is a rose is a", {"penalty": 1.3, "top_k": 20}, "␣rose", "41.4", "2.2"),
        ("A rose is a rose is a", {"penalty": 1.3}, "␣rose", "41.4", "0.7"),
        (FRANCE, {"penalty": 1.05}, "␣Paris", "24.5", "12.4"),
        (FRANCE, {"penalty": 1.2}, "␣Paris", "24.5", "1.7"),
    ],
)
async def test_a_repetition_penalty_is_on_raw_scores(
    prompt: str, knobs: dict[str, Any], token: str, was: str, now: str, embedded: LocalEngine
) -> None:
    shown = await sampling.run(embedded, Sampling(prompt=prompt, **knobs))
    assert row(shown, token) == (was, now)
    assert "Exact: from the raw scores of all 49,152 tokens" in prose(shown)
    assert "as in vLLM 0.32" in prose(shown)


async def test_the_penalty_is_shown_at_work(embedded: LocalEngine) -> None:
    shown = await sampling.run(embedded, Sampling(prompt="To be, or not to", penalty=1.3))
    assert "␣be scores 26.85 ÷ 1.3 = 20.66" in prose(shown)


async def test_what_the_others_hold_is_told_after_the_temperature(embedded: LocalEngine) -> None:
    shown = await sampling.run(embedded, Sampling(temperature=2))
    assert values(shown)["beyond the 20 likeliest"] == "92.4 %"  # at temperature 1: 34.1
    assert row(shown, "others") == ("46.4", "95.7")


@pytest.mark.parametrize("temperature", [0.1, 0.2])
async def test_no_token_is_cut_by_a_top_p_that_is_off(
    temperature: float, embedded: LocalEngine
) -> None:
    for shown in (
        await sampling.run(embedded, Sampling(temperature=temperature)),
        of_shown(distribution(), Sampling(temperature=temperature)),
    ):
        assert [name for name in values(shown) if name.startswith("cut")] == []


@pytest.mark.parametrize(
    ("knobs", "kept"), [({"top_p": 0.9}, 372), ({"top_p": 0.5}, 5), ({"min_p": 0.05}, 10)]
)
async def test_the_cuts_see_the_whole_vocabulary(
    knobs: dict[str, Any], kept: int, embedded: LocalEngine
) -> None:
    shown = await sampling.run(embedded, Sampling(**knobs))
    assert values(shown)["kept"] == kept


async def test_presence_and_frequency_count_the_answer_alone(embedded: LocalEngine) -> None:
    prompt = "Say day, day, day:"
    alone = await sampling.run(embedded, Sampling(prompt=prompt, presence=2, frequency=2))
    assert "the answer so far, which is empty" in prose(alone)
    assert all(was == now for _, was, now, _ in table(alone).rows)
    said, less = [
        await sampling.run(embedded, Sampling(prompt=prompt, written=" day, day,", presence=off))
        for off in (0, 2)
    ]
    assert float(row(said, "␣day")[1]) > 2 * float(row(less, "␣day")[1])
    assert {"presence", "frequency"} <= {one.name for one in less.controls}
    assert sum(isinstance(one, Dial) for one in less.controls) <= 6  # a card shows no more


async def test_a_bias_is_added_to_a_word_or_an_id(embedded: LocalEngine) -> None:
    by_word = await sampling.run(embedded, Sampling(bias="day: -5"))
    (day,) = (await embedded.raw_scores("x", "", (" day",))).words[0]
    by_number = await sampling.run(embedded, Sampling(bias=f"#{day.id}: -5"))
    assert row(by_word, "␣day") == row(by_number, "␣day") == ("20.7", "0.2")
    forced = await sampling.run(embedded, Sampling(bias="=dog: 1, cat: 100", top_k=1))
    assert table(forced).rows[0][2] == "100"


@pytest.mark.parametrize("bias", ["day", "day: much", "day: 101", ": 3", "#: x"])
def test_a_bias_that_can_not_be_read_is_refused_before_a_model_is_asked(bias: str) -> None:
    with pytest.raises(BadInput, match=r"^sampling: bias: Write a bias as be: -5"):
        catalogue.parameters("sampling", {"bias": bias})


async def test_a_bias_on_no_token_is_refused(embedded: LocalEngine) -> None:
    with pytest.raises(BadInput, match=r"kubernetes is 3 tokens \(␣k #501, uber #23385"):
        await sampling.run(embedded, Sampling(bias="kubernetes: 3"))
    with pytest.raises(BadInput, match=r"There is no token 49152: ids go from 0 to 49,151"):
        await sampling.run(embedded, Sampling(bias="#49152: 3"))


async def test_a_temperature_that_vllm_raises_says_so(embedded: LocalEngine) -> None:
    shown = await sampling.run(embedded, Sampling(temperature=0.001))
    assert "It draws with 0.01 at least" in prose(shown)


async def test_of_a_server_the_table_tells_what_was_kept_cut_and_drawn() -> None:
    shown = await sampling.run(Served(), Sampling(prompt="The cat", top_k=2, seed=3))
    rows = table(shown).rows
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


@pytest.mark.parametrize(
    ("params", "word"),
    [
        (Sampling(), "as if alone"),
        (Sampling(temperature=0.5), "as if alone"),
        (Sampling(top_p=0.5), "as if alone"),
        (Sampling(top_k=3), "Exact"),
        (Sampling(min_p=0.3), "Exact"),
        (Sampling(temperature=0), "Exact"),
    ],
)
def test_of_a_server_what_is_not_exact_says_so(params: Sampling, word: str) -> None:
    assert word in prose(of_shown(distribution(), params))


def test_of_a_server_what_the_unseen_hold_is_bounded_after_the_temperature() -> None:
    shares = [0.05 - 0.001 * place for place in range(20)]  # 81 % together
    texts = [f" {place}" for place in range(20)]
    found = distribution(20, shares, texts)
    warm, cold = [prose(of_shown(found, Sampling(temperature=t))) for t in (2, 0.5)]
    assert "the others hold at least 21.8 % at temperature 2" in warm
    assert "the others hold at most 14.7 % at temperature 0.5" in cold


@pytest.mark.parametrize(
    ("knobs", "reason"),
    [
        ({"penalty": 1.2}, "divides raw scores above 0 and multiplies those below"),
        ({"presence": 1}, "past tokens that aren't shown"),
        ({"frequency": 1}, "past tokens that aren't shown"),
        ({"bias": "a: 1"}, "past tokens that aren't shown"),
    ],
)
async def test_of_a_server_what_needs_raw_scores_is_refused_with_the_reason(
    knobs: dict[str, Any], reason: str
) -> None:
    engine = Served()
    with pytest.raises(Missing, match=reason):
        await sampling.run(engine, Sampling(**knobs))
    assert engine.calls == []
    shown = of_shown(distribution(), Sampling())
    assert not {"penalty", "presence", "bias"} & {one.name for one in shown.controls}


async def test_the_real_table_fits_a_phone_and_counts_every_draw(embedded: LocalEngine) -> None:
    for params in (
        Sampling(),
        Sampling(temperature=2),
        Sampling(top_p=0.1),
        Sampling(top_k=1),
        Sampling(penalty=2, written=" day", presence=1, bias="day: 3"),
    ):
        shown = await sampling.run(embedded, params)
        found = table(shown)
        assert sum(int(row[3] or 0) for row in found.rows) == 20
        assert len(table_text(found, PHONE).splitlines()) == len(found.rows) + 1
        assert len(found.rows) <= 8
    assert any(isinstance(one, Entry) for one in shown.controls)
    turnable = tuple(one for one in shown.controls if one.name != "bias")  # not any text is one
    await assert_it_fits_and_turns(embedded, "sampling", replace(shown, controls=turnable))


@pytest.mark.parametrize(
    "wrong",
    [{"temperature": -1}, {"temperature": 2.5}, {"top_k": -1}, {"top_p": 0}, {"penalty": 0}],
)
def test_a_knob_turned_further_than_vllm_goes_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadInput):
        catalogue.parameters("sampling", wrong)
