"""Intents through the whole tutor: what they lead to, and that they open no way to a key."""

from collections.abc import Awaitable, Callable

import pytest

from bot.domain.tutor.passages import Source
from bot.domain.tutor.talk import Brief, Exchange, Outcome, Question, Reply
from curriculum.schema import Course
from tests.agent.attacks import keys_to
from tests.agent.conftest import Desk
from tests.agent.red_team import PLAIN, asked_steps, one_step_short

Make = Callable[..., Awaitable[Desk]]
BACK = ("show me", "more simply please", "I disagree")  # to what was asked before
BEFORE = (Exchange("What is temperature?", "…"), Exchange("thanks!", "You're welcome."))


async def replied(at: Desk, text: str, brief: Brief, earlier: tuple[Exchange, ...] = ()) -> Reply:
    events = [event async for event in at.tutor.answer(Question(text, earlier), brief)]
    return next(event for event in events if isinstance(event, Reply))


@pytest.mark.parametrize("text", BACK)
async def test_it_goes_back_to_what_was_asked_before(desk: Make, text: str) -> None:
    at = await desk()
    reply = await replied(at, text, at.finished, BEFORE)
    assert reply.citations[0] == Source(6, term="temperature")
    assert [one.instrument for one in reply.ran] == ["sampling"]


async def test_a_quiz_on_a_topic_leads_to_a_step_on_it(desk: Make) -> None:
    at = await desk()
    reply = await replied(at, "quiz me on batching", at.new)
    assert reply.outcome is Outcome.HINTED
    assert reply.guess_first is not None
    assert reply.guess_first.lesson == 8


async def test_going_back_to_a_step_s_question_tells_no_key(desk: Make, shipped: Course) -> None:
    at, found = await desk(), []
    at.engine.can = PLAIN  # instruments that look inside are run elsewhere, on a real model
    for lesson in shipped.lessons:
        step = asked_steps(lesson)[lesson.number % 5]
        brief = one_step_short(shipped, lesson, step)
        asked = (Exchange(getattr(step, "ask", ""), "Your guess comes first."),)
        ways = (*BACK, "am I right?", "what next?", f"quiz me on {lesson.title}")
        told = [(await replied(at, way, brief, asked)).text.casefold() for way in ways]
        found += [(step.id, key) for key in keys_to(step) if key.casefold() in " ".join(told)]
    assert found == []
