import pytest

from tests.fakes.stub_vllm import StubVllm
from tests.tools.instruments.serving_checks import (
    check_shown,
    facts,
    only,
    prose,
    tables,
    turn_every_knob,
)
from tools import catalogue
from tools.engine.local.local import LocalEngine
from tools.engine.sharing.shared import SharedEngine
from tools.errors import BadInput, Nonsense
from tools.exhibit.exhibit import Curve, Origin, Provenance
from tools.instruments.phases import LengthTimes, Phases, PhaseTimes, exhibit

FOUND = [
    LengthTimes((PhaseTimes(20, 0.1, 0.05),)),
    LengthTimes((PhaseTimes(500, 0.5, 0.08),)),
]
TOGETHER = LengthTimes((PhaseTimes(600, 1.0, 0.0),))
SOURCE = Provenance(Origin.LIVE, "m", "cluster")


def test_both_times_stand_against_the_prompts_length() -> None:
    shown = exhibit(FOUND, Phases(), SOURCE)
    first, between = only(shown, Curve).series
    assert first.points == ((20, 100), (500, 500))
    assert between.points == ((20, 50), (500, 80))
    assert tables(shown)[0].rows == (("20", "100", "50"), ("500", "500", "80"))


def test_speeds_are_those_of_the_longest_prompt() -> None:
    told = facts(exhibit(FOUND, Phases(), SOURCE))
    assert told["reads"].endswith("1,000 tokens/s")
    assert "12.5" in told["writes"]
    assert "80" in told["reading is"]


async def test_without_usage_words_are_called_words(stub: StubVllm, served: SharedEngine) -> None:
    """Class: a server that leaves something uncounted. Its words passed for tokens."""
    stub.has_usage = False
    shown = await catalogue.run(served, "phases", {"lengths": "16 64", "tokens": 3, "samples": 1})
    check_shown(shown, served)
    assert only(shown, Curve).x_title == "words in the prompt"
    assert tables(shown)[0].header == ("words", "first", "next")
    assert [row[0] for row in tables(shown)[0].rows] == ["16", "64"]
    told = facts(shown)
    assert told["reads"].endswith(" words/s")
    assert told["writes"].endswith(" tokens/s")
    assert "reading is" not in told
    assert "tells no `usage`" in prose(shown)


def test_one_sample_without_a_count_leaves_no_length_in_tokens() -> None:
    halves = LengthTimes((PhaseTimes(20, 0.1, 0.05, 16), PhaseTimes(None, 0.1, 0.05, 16)))
    whole = LengthTimes((PhaseTimes(500, 0.5, 0.08, 400), PhaseTimes(500, 0.5, 0.08, 400)))
    shown = exhibit([halves, whole], Phases(), SOURCE)
    assert only(shown, Curve).series[0].points == ((16, 100), (400, 500))
    assert only(exhibit([whole, whole], Phases(), SOURCE), Curve).series[0].points[0] == (500, 500)


def test_tokens_that_came_all_together_have_no_speed() -> None:
    assert set(facts(exhibit([*FOUND, TOGETHER], Phases(), SOURCE))) == {"reads"}


async def test_each_length_is_sent_as_often_as_asked_and_none_begins_like_another(
    stub: StubVllm, served: SharedEngine
) -> None:
    chosen = {"lengths": "16, 64", "tokens": 3, "samples": 2}
    shown = await catalogue.run(served, "phases", chosen)
    check_shown(shown, served)
    assert [len(prompt.split()) for prompt in stub.prompts] == [64, 16, 64, 16, 64]
    assert [body["max_tokens"] for body in stub.bodies] == [2, 3, 3, 3, 3]
    assert [row[0] for row in tables(shown)[0].rows] == ["16", "64"]
    assert stub.hits < 16


def test_several_samples_are_shown_with_their_spread() -> None:
    """One sample a length passed for the truth."""
    samples = tuple(PhaseTimes(500, first_s, 0.08) for first_s in (0.5, 0.4, 0.52))
    shown = exhibit([FOUND[0], LengthTimes(samples)], Phases(), SOURCE)
    assert tables(shown)[0].rows[1] == ("500", "500±60", "80±0.0")
    assert only(shown, Curve).series[0].points[1] == (500, 500)
    assert "Medians of 3, ± half their range" in prose(shown)


def test_the_reading_of_a_long_prompt_is_not_called_one_pass() -> None:
    """With chunked prefill a prompt beyond the budget takes several."""
    shown = exhibit(FOUND, Phases(), SOURCE)
    assert "one pass" not in shown.title
    assert "in chunks of at most max_num_batched_tokens" in prose(shown)


async def test_every_knob_turns(served: SharedEngine) -> None:
    for shown in await turn_every_knob(served, "phases", {"lengths": "8 16", "tokens": 2}):
        check_shown(shown, served)


@pytest.mark.parametrize(
    "lengths", ["", "16", "16 16", "3 16", "16 5000", "a b", "1 2 3 4 5 6 7", "-16 64", "²16 64"]
)
def test_lengths_that_do_not_fit_are_told(lengths: str) -> None:
    with pytest.raises(BadInput, match="lengths: "):
        catalogue.parameters("phases", {"lengths": lengths})


async def test_words_beyond_a_persons_limit_of_signs_are_read(embedded: LocalEngine) -> None:
    """`--lengths "4 4096"` was told that a prompt of 16,578 characters be cut."""
    shown = await catalogue.run(
        embedded, "phases", {"lengths": "4 1100", "tokens": 2, "samples": 1}
    )
    assert only(shown, Curve).series[0].points[1][0] == pytest.approx(1100, rel=0.05)


async def test_words_beyond_the_context_are_refused_before_anything_is_measured(
    embedded: LocalEngine,
) -> None:
    with pytest.raises(BadInput, match=r"4,096 words are too many for smollm2-135m\. .*2,048"):
        await catalogue.run(embedded, "phases", {"lengths": "4 4096"})


async def test_a_server_that_ends_after_one_token_is_told(
    stub: StubVllm, served: SharedEngine
) -> None:
    stub.most_tokens = 1
    with pytest.raises(Nonsense, match="after one token"):
        await catalogue.run(served, "phases", {})


async def test_the_embedded_model_is_measured_a_call_a_token(embedded: LocalEngine) -> None:
    shown = await catalogue.run(embedded, "phases", {"lengths": "8 200", "tokens": 3})
    check_shown(shown, embedded)
    short, long = only(shown, Curve).series[0].points
    assert 8 <= short[0] <= 12
    assert 200 <= long[0] <= 230
    assert long[1] > short[1]
