"""An intent is known by the whole of what is said; a question that only looks alike is none."""

from typing import Any

import pytest

from bot.domain.tutor.intents import Intent, Meant, intent_of
from tests.eval.intents import QUESTION, said, taken_for
from tests.eval.questions import PARTS, on_course

KNOWN_OF_FRESH = 0.95


@pytest.mark.parametrize(("label", "text"), said("tuned"))
def test_what_is_wanted_is_known(label: str, text: str) -> None:
    assert taken_for(text) == label


def test_wordings_that_nobody_tuned_on_are_known_too() -> None:
    fresh = said("fresh")
    assert len(fresh) == 60
    missed = [text for label, text in fresh if taken_for(text) != label]
    assert len(missed) <= (1 - KNOWN_OF_FRESH) * len(fresh), missed


@pytest.mark.parametrize("is_reply", [False, True])
@pytest.mark.parametrize("lot", ["tuned", "fresh"])
def test_a_question_that_looks_alike_is_a_question(lot: str, is_reply: bool) -> None:
    alike = [text for label, text in said(lot) if label == QUESTION]
    assert [text for text in alike if intent_of(text, is_reply=is_reply)] == []


@pytest.mark.parametrize("is_reply", [False, True])
@pytest.mark.parametrize("part", PARTS)
def test_no_question_about_the_course_is_taken_for_an_intent(part: Any, is_reply: bool) -> None:
    assert [x.text for x in on_course(part) if intent_of(x.text, is_reply=is_reply)] == []


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("quiz me on KV cache", "kv cache"),
        ("Can you test me on the roofline, please?", "roofline"),
        ("ask me something about batching", "batching"),
        ("quiz me on this", ""),
    ],
)
def test_a_quiz_may_have_a_topic(text: str, topic: str) -> None:
    assert intent_of(text) == Meant(Intent.QUIZ, topic)


@pytest.mark.parametrize("text", ["how long does it take?", "how much is it?", "what comes next?"])
def test_after_an_answer_a_bare_question_asks_about_that_answer(text: str) -> None:
    assert intent_of(text, is_reply=True) is None


@pytest.mark.parametrize("text", ["that's right", "it is true", "you are right", "what?", "why?"])
def test_who_agrees_does_not_disagree(text: str) -> None:
    found = intent_of(text, is_reply=True)
    assert found is None or found.intent is not Intent.DISAGREE
