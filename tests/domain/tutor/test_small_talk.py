"""Small talk is known by its kind: plain words and a cue, in whatever wording."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.tutor.small_talk import SmallTalk, small_talk, without_greeting
from tests.eval.questions import PARTS, on_course

SAID: Any = yaml.safe_load(Path(__file__).with_name("small_talk.yaml").read_text("utf-8"))
TUNED = [(kind, text) for kind, texts in SAID["tuned"].items() for text in texts]
KNOWN_OF_HELD = 0.9


def known(text: str) -> SmallTalk | None:
    """Return it as the gate does for a text on which the course has nothing."""
    return small_talk(text) or small_talk(text, is_elsewhere=True)


@pytest.mark.parametrize(("kind", "text"), TUNED)
def test_greetings_thanks_and_sighs_are_known(kind: str, text: str) -> None:
    found = known(text)
    assert found is not None
    assert kind in ("any", found.value)


def test_wordings_that_nobody_tuned_on_are_known_too() -> None:
    held = SAID["held"]
    assert len(held) >= 40
    missed = [text for text in held if known(text) is None]
    assert len(missed) <= (1 - KNOWN_OF_HELD) * len(held), missed


@pytest.mark.parametrize("text", SAID["questions"])
def test_a_question_in_plain_words_is_a_question(text: str) -> None:
    assert small_talk(text) is None


@pytest.mark.parametrize("part", PARTS)
def test_no_question_about_the_course_is_taken_for_small_talk(part: Any) -> None:
    assert [one.text for one in on_course(part) if small_talk(one.text) is not None] == []


def test_after_an_answer_how_does_it_work_asks_about_that_answer() -> None:
    assert small_talk("how does it work?") is SmallTalk.ASKS
    assert small_talk("how does it work?", is_reply=True) is None
    assert small_talk("I don't get it", is_reply=True) is SmallTalk.STUCK


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("hi, what is a token?", "what is a token?"),
        ("Thanks! And what is a KV cache?", "And what is a KV cache?"),
        ("hey there ... ok, why is it slow", "why is it slow"),
        ("hidden states?", "hidden states?"),
        ("okayish answers", "okayish answers"),
        ("hello!", "hello!"),
    ],
)
def test_a_greeting_before_a_question_is_left_out(said: str, left: str) -> None:
    assert without_greeting(said) == left
