"""Class: the expert's answer marked wrong. A guess at a token is scored by what was meant."""

import pytest

from tests.fakes.model import FakeEngine
from tests.journeys.player import Player
from tests.journeys.test_model_fails import to_step

SMALL = {" `": 0.4, " k": 0.2, " kube": 0.009, " sofa": 0.0001}


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(likely=SMALL)


async def guessed(alice: Player, text: str) -> str:
    await to_step(alice, 6)
    await alice.press("Type what comes next")
    return await alice.write(text)


async def test_the_expert_s_word_is_scored_as_it_was_meant(alice: Player) -> None:
    text = await guessed(alice, "kube-scheduler")
    assert "✗" not in text
    said = text.split("### ")[1].splitlines()
    assert said[0] == "✓ Qwen3.6-27B-FP8 would have begun as you did: `␣kube`, 38.9 %."
    assert said[2].startswith(
        "The model here: Of your `kube-scheduler` the first token, `␣kube`: the model gave it"
        " 1 in 110."
    )
    assert said[3] == "All of it, token by token: 1 in 220."


async def test_a_guess_that_the_larger_model_has_further_down_says_where(alice: Player) -> None:
    text = await guessed(alice, "scheduler")
    assert "✗" not in text
    assert "✓" not in text
    assert "### Qwen3.6-27B-FP8 has your start as its number 2: `␣scheduler`, 18.4 %." in text


async def test_the_model_under_test_comes_first_where_it_agrees(alice: Player) -> None:
    text = await guessed(alice, "`")
    assert "### ✓ Your `␣ˋ`: the model's first choice too, 40.0 %" in text


async def test_a_guess_that_no_model_has_is_told_in_words(alice: Player) -> None:
    text = await guessed(alice, "sofa")
    assert "✗" not in text
    assert "Your `␣sofa`: the model gave it 1 in 10,000. Its first choice was `␣ˋ`" in text
