"""What an intent gets, from where the learner stands; and never a key that is yet to be guessed."""

from dataclasses import replace

import pytest

from bot.domain.lesson.attempt import Attempt, Phase
from bot.domain.tutor.briefing import brief_for, newcomer
from bot.domain.tutor.intents import Intent, Meant
from bot.domain.tutor.passages import Source
from bot.domain.tutor.serving import served
from bot.domain.tutor.talk import Brief, Outcome, PastGuess, Question, Reply
from bot.domain.tutor.whereabouts import asked_in
from curriculum.kinds.choice import ChoiceStep
from curriculum.schema import Course, Lesson
from tests.agent.attacks import keys_to
from tests.domain.lesson.walks import standing_at

STEP = Source(1, step="one-step")
WRONG = PastGuess(STEP, "What does one such step put out?", "a word", False, "Almost: look again.")
RIGHT = PastGuess(Source(7, step="what-to-keep"), "What is kept?", "the keys", True, "Just so.")


def say(course: Course, brief: Brief, intent: Intent, *near: Source, topic: str = "") -> Reply:
    return served(Meant(intent, topic), course, brief, Question(topic or "…"), near)


def at_step(lesson: Lesson, step: str, *, draft: str | None = None) -> Attempt:
    return replace(standing_at(lesson, step), phase=Phase.ASKING, draft=draft)


@pytest.fixture
def at_one_step(shipped: Course) -> Brief:
    """The brief of who stands before the second question of the first lesson."""
    return brief_for(shipped, [at_step(shipped.lessons[0], "one-step")], is_private=True)


def test_a_quiz_is_the_step_where_one_stands(shipped: Course, at_one_step: Brief) -> None:
    reply = say(shipped, at_one_step, Intent.QUIZ)
    assert (reply.outcome, reply.guess_first) == (Outcome.HINTED, STEP)
    assert WRONG.ask in reply.text


def test_a_quiz_on_a_topic_is_a_step_that_is_near_it(shipped: Course, at_one_step: Brief) -> None:
    near = Source(8, step="warm-and-idle")
    reply = say(shipped, at_one_step, Intent.QUIZ, near, topic="kv cache")
    assert reply.citations == (near,)


def test_a_quiz_on_what_the_course_has_not_says_so(shipped: Course, at_one_step: Brief) -> None:
    reply = say(shipped, at_one_step, Intent.QUIZ, topic="cheese")
    assert reply.outcome is Outcome.WELCOMED
    assert "no question on that" in reply.text


def test_who_has_guessed_everything_is_asked_from_memory(shipped: Course) -> None:
    reply = say(shipped, Brief(guesses=(WRONG, RIGHT)), Intent.QUIZ)
    assert (reply.outcome, reply.citations) == (Outcome.ANSWERED, (STEP,))  # the wrong one first
    assert "From memory" in reply.text


def test_my_guess_is_the_latest_and_gets_its_own_reply(shipped: Course) -> None:
    brief = Brief(guesses=(RIGHT, WRONG))
    reply = say(shipped, brief, Intent.GUESS)
    assert reply.text.startswith("Your guess wasn't it.")
    assert WRONG.said in reply.text
    assert WRONG.reply in reply.text
    assert reply.citations == (STEP,)


def test_my_guess_is_the_one_at_the_card_or_the_one_spoken_of(shipped: Course) -> None:
    brief = Brief(guesses=(RIGHT, WRONG))
    at_card = Question("was I right?", about=RIGHT.source)
    assert served(Meant(Intent.GUESS), shipped, brief, at_card).text.startswith("Your guess was r")
    named = Question("was my guess about the keys right?")
    assert served(Meant(Intent.GUESS), shipped, brief, named).citations == (RIGHT.source,)


def test_a_guess_that_is_not_locked_in_is_not_judged(shipped: Course) -> None:
    said = set()
    for key in "ABC":
        run = at_step(shipped.lessons[0], "one-step", draft=key)
        reply = say(shipped, brief_for(shipped, [run], is_private=True), Intent.GUESS)
        assert (reply.outcome, reply.guess_first) == (Outcome.HINTED, STEP)
        said.add(reply.text)
    assert len(said) == 1  # whichever it is


def test_what_is_left_is_told_in_minutes(shipped: Course, at_one_step: Brief) -> None:
    text = say(shipped, at_one_step, Intent.HOW_LONG).text
    assert "to the end of lesson 1: you are at step 4 of" in text
    assert "minutes" in text, text
    assert "Nothing is left" in say(shipped, Brief(), Intent.HOW_LONG).text


def test_next_and_lost_name_the_question_that_waits(shipped: Course, at_one_step: Brief) -> None:
    for intent in (Intent.NEXT, Intent.LOST):
        assert WRONG.ask in say(shipped, at_one_step, intent).text


def test_in_public_nothing_tells_how_far_somebody_is(shipped: Course) -> None:
    far, new = at_step(shipped.lessons[6], "what-it-saves"), newcomer(shipped)
    public = brief_for(shipped, [far], is_private=False)
    for intent in Intent:
        assert say(shipped, public, intent) == say(shipped, replace(new, is_private=False), intent)


def test_no_intent_tells_a_key_to_who_stands_before_it(shipped: Course) -> None:
    """At every step that asks, with the right answer picked and not locked in."""
    found = []
    for source in [one.source for one in asked_in(shipped, Brief())]:
        lesson = next(one for one in shipped.lessons if one.number == source.lesson)
        step = lesson.step(source.step or "")
        run = at_step(lesson, step.id, draft=step.answer if isinstance(step, ChoiceStep) else None)
        brief = brief_for(shipped, [run], is_private=True)
        quoting = (Intent.QUIZ, Intent.NEXT, Intent.GUESS)
        told = " ".join(say(shipped, brief, intent).text for intent in quoting).casefold()
        found += [(source, key) for key in keys_to(step) if key.casefold() in told]
    assert found == []


def test_no_question_of_a_quiz_tells_the_key_of_another(shipped: Course) -> None:
    every, new = asked_in(shipped, Brief()), newcomer(shipped)
    assert len(every) > 100
    asked = [say(shipped, new, Intent.QUIZ, one.source, topic="it").text for one in every]
    told = " ".join(asked).casefold()
    keys = {k for lesson in shipped.lessons for step in lesson.steps for k in keys_to(step)}
    assert [key for key in keys if key.casefold() in told] == []
