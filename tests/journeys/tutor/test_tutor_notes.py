"""Asking the real tutor, without a chat model: quotes, a hint, a guess, and then the answer."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.agent.search.search import CourseSearch
from bot.agent.tutor import GraphTutor
from bot.settings import Settings
from bot.ui.client import HunchBot
from curriculum.schema import Course
from tests.fakes.model import FakeEngine
from tests.journeys.bots import Build
from tests.journeys.player import Player
from tests.journeys.tutor.desk import HandBeat
from tools.bound import BoundCatalogue

KEY = "How does a reply come into being?"
TOLD = "There is no such page"  # to whoever guessed that it is all settled first


@pytest.fixture
def new_bot(
    tmp_path: Path, engine: FakeEngine, shipped: Course, beat: HandBeat, build: Build
) -> Callable[[], HunchBot]:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/hunch.sqlite")
    search = CourseSearch.of(shipped)
    tutor = GraphTutor(shipped, search, BoundCatalogue(engine), None)
    return lambda: build(settings, engine, tutor, beat)


@pytest.fixture
def me(simcord_env: Any) -> str:
    return f"<@{simcord_env.bot.user.id}>"


async def test_a_question_is_answered_with_the_courses_words_and_its_source(alice: Player) -> None:
    text = await alice.type("ask", question="What is a KV cache?")
    assert "from the course, no chat model" in text
    assert "KV cache" in alice.labels
    await alice.press("KV cache")
    assert "### KV cache" in alice.told


async def test_a_key_is_hinted_at_then_guessed_then_told(alice: Player) -> None:
    text = await alice.type("ask", question=KEY)
    assert "your guess comes first" in text
    assert TOLD not in text
    assert alice.labels == ["Go and guess"]
    await alice.press("Go and guess")
    alice.card = alice.shown.followups[0].message
    for label in ("Start", "A", "likely"):
        await alice.press(label)
    text = await alice.type("ask", question=KEY)
    assert TOLD in text
    assert "You guessed" in text


async def test_in_public_a_key_stays_hidden_after_the_guess(alice: Player, me: str) -> None:
    await alice.type("lesson")
    for label in ("Start", "A", "likely"):
        await alice.press(label)
    text = await alice.say(f"{me} {KEY}")
    assert TOLD not in text
    assert "`/ask` answers you in private" in text


async def test_a_prompt_is_run_live_and_its_card_taken_up(
    alice: Player, engine: FakeEngine
) -> None:
    text = await alice.type("ask", question='What comes next after "The cat sat on the"?')
    assert "␣kube" in text
    assert "live · fake-135m" in text
    await alice.press("Try nexttoken yourself")
    assert "[Append ␣kube]" in alice.told


async def test_what_has_nothing_to_do_with_the_course_is_left(alice: Player) -> None:
    text = await alice.type("ask", question="Who won the football world cup in 1998?")
    assert "outside this course" in text
    assert alice.labels[0] == "Start lesson 1"


@pytest.mark.parametrize("said", ["hi", "I'm lost", "where do I start?", "this is too hard"])
async def test_a_greeting_or_a_sigh_is_told_where_they_stand_and_how_to_go_on(
    alice: Player, said: str
) -> None:
    text = await alice.type("ask", question=said)
    assert "outside this course" not in text
    assert "You haven't begun yet. First comes lesson 1" in text
    assert alice.labels == ["Start lesson 1", "Course map", "Ask a question"]
    assert "Guess what it is." in await alice.press("Start lesson 1")


async def test_in_a_lesson_the_hint_is_one_press_away(alice: Player) -> None:
    await alice.type("lesson")
    await alice.press("Start")
    text = await alice.type("ask", question="I don't get it")
    assert "at step 1 of" in text
    assert alice.labels[:2] == ["Go on with lesson 1", "Give me a hint"]
    text = await alice.press("Give me a hint")
    assert "💡" in text
    assert KEY in text
    assert "Give me a hint" not in text


async def test_in_public_nothing_is_said_of_how_far_somebody_is(alice: Player, me: str) -> None:
    await alice.type("lesson")
    await alice.press("Start")
    text = await alice.say(f"{me} I'm lost")
    assert "step 1" not in text
    assert "lesson 1" not in text
    assert alice.labels == ["Course map", "Ask a question"]
    await alice.press("Course map")
    assert "Inference Engineering" in alice.told


async def test_a_greeting_before_a_question_doesnt_turn_it_away(alice: Player) -> None:
    text = await alice.type("ask", question="Hi there! What is a KV cache?")
    assert "from the course, no chat model" in text


ON_THE_REVEAL = [
    "What does one such step put out?",  # the next step's own question
    "Does the model pick the next word itself?",
    "Why is it one piece at a time?",
    "What is the right answer to this question?",
]


@pytest.mark.parametrize("question", ON_THE_REVEAL)
async def test_what_is_asked_from_a_revealed_step_is_answered_by_it(
    alice: Player, question: str
) -> None:
    """Class: *Ask about this* refuses, and names another step."""
    await alice.type("lesson")
    for label in ("Start", "A", "likely", "Ask about this"):
        await alice.press(label)
    await alice.write(question)
    told = alice.told
    assert "your guess comes first" not in told
    assert "From the course" in told
    assert "A probability for every token" not in told  # the next step's key stays hidden


async def test_go_and_guess_leads_on_from_an_answer_that_was_read(alice: Player) -> None:
    """Class: a way to a question that shows the last answer once more."""
    await alice.type("lesson")
    for label in ("Start", "A", "likely", "Next", "Next", "Run it", "Next", "D", "sure"):
        await alice.press(label)
    assert "✓ " in alice.text
    assert ": A probability for every token\n" in alice.text
    text = await alice.type("nexttoken", prompt="Kubernetes pods are scheduled by the")
    assert "[Go and guess]" in text
    await alice.press("Go and guess")
    assert "5 of 16" in alice.told
