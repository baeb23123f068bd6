"""Where do I stand? Eight questions that give nothing away, and a course that opens there."""

from typing import Any

import pytest

from bot.domain.path.placement import QUESTIONS
from bot.ui.client import HunchBot
from curriculum.kinds.choice import ChoiceStep
from curriculum.schema import Course, Lesson
from tests.journeys.path.conftest import Restart
from tests.journeys.player import Player, option_pressed
from tests.journeys.practice.conftest import take_lesson
from tests.journeys.test_clicks import forge


def asked(player: Player, course: Course) -> tuple[Lesson, ChoiceStep]:
    """Return what the card asks."""
    return next(
        (lesson, step)
        for lesson in course.lessons
        for step in lesson.quick_check
        if f"### {step.ask}" in player.text
    )


async def placed(player: Player, course: Course, knows: int, most: int = QUESTIONS) -> list[int]:
    """Answer as somebody who knows the first lessons; return which lessons were asked."""
    lessons = []
    while "I don't know" in player.labels and len(lessons) < most:
        lesson, step = asked(player, course)
        lessons.append(lesson.number)
        wrong = next(k for k in "ABCDE" if k != step.answer)
        await player.press(step.answer if lesson.number <= knows else wrong)
    return lessons


@pytest.mark.parametrize(("knows", "start"), [(0, 1), (5, 6), (9, 10)])
async def test_the_course_opens_where_the_answers_say(
    alice: Player, shipped: Course, knows: int, start: int
) -> None:
    await alice.type("hunch")
    assert "8 questions, about 3 min" in await alice.press("Where do I stand?")
    await alice.press("Begin")
    lessons = await placed(alice, shipped, knows)
    assert len(lessons) == QUESTIONS
    assert f"### Begin with lesson {start}\n" in alice.text
    result = alice.card
    assert f"Lesson {start} of 12" in await alice.type("hunch")
    assert f"Start lesson {start}" in alice.labels
    title = shipped.lessons[start - 1].title
    assert f"### {title}" in await alice.type("lesson")
    assert f"### {title}" in await alice.press(f"Open lesson {start}", result)


async def test_who_knows_all_of_it_is_told_so(alice: Player, shipped: Course) -> None:
    await alice.type("more placement")
    await alice.press("Begin")
    await placed(alice, shipped, 12)
    assert "You seem to know all of it" in alice.text
    assert "no more" in alice.text
    assert "Start lesson 1" in [*(await _home(alice))]


async def _home(player: Player) -> list[str]:
    await player.type("hunch")
    return player.labels


async def test_no_answer_is_told_on_the_way_nor_at_the_end(alice: Player, shipped: Course) -> None:
    replies = [
        option.reply.strip()
        for lesson in shipped.lessons
        for step in lesson.quick_check
        for option in step.options
    ]
    await alice.type("more placement")
    text = await alice.press("Begin")
    while "I don't know" in alice.labels:
        lesson, step = asked(alice, shipped)
        text = await alice.press(step.answer if lesson.number % 2 else "I don't know")
        assert not [reply for reply in replies if reply in text]
        assert "✓" not in text
        assert "✗" not in text
    assert "Nothing" in text or "probably" in text or "no reason" in text


async def test_a_restart_in_the_middle_changes_nothing(
    simcord_env: Any, alice: Player, shipped: Course, new_bot: Restart
) -> None:
    await alice.type("more placement")
    await alice.press("Begin")
    await placed(alice, shipped, 5, most=4)
    before, old = alice.text, alice.card
    assert "5 of 8" in before
    await simcord_env.restart_bot(new_bot())
    assert await alice.type("more placement") == before
    _, step = asked(alice, shipped)
    alice.card = old
    assert "6 of 8" in await alice.press(step.answer)


async def test_a_second_press_on_an_answered_question_changes_nothing(
    alice: Player, simcord_bot: HunchBot
) -> None:
    await alice.type("more placement")
    await alice.press("Begin")
    old = option_pressed(alice.raw, "A")
    assert old is not None
    assert "2 of 8" in await alice.press("I don't know")
    for twin in (old, f"{old[:-1]}E", "h1:place:7:A"):
        alice.card = await forge(simcord_bot, alice, twin)
        text = await alice.press("forged")
        assert "answered already" in text
        assert "2 of 8" in text


async def test_it_is_skipped_by_a_press_and_left_for_later_by_another(
    alice: Player, shipped: Course
) -> None:
    await alice.type("more placement")
    assert "Start lesson 1" in (await alice.press("Skip it"), *alice.labels)
    await alice.press("Where do I stand?")
    await alice.press("Begin")
    await alice.press("I don't know")
    later = await alice.press("Later")
    assert "Your question 2 of 8 waits" in later, "Later says how to come back"
    assert "Start lesson 1" in alice.labels
    assert "2 of 8 ▰▰▱▱▱▱▱▱" in (await alice.press("Go on: question 2 of 8")).replace("  ", " ")


async def test_a_placement_left_in_the_middle_is_offered_until_it_is_over(
    alice: Player, shipped: Course
) -> None:
    """Class: a way back that vanishes once something else has begun."""
    await alice.type("more placement")
    await alice.press("Begin")
    await alice.press("I don't know")
    await alice.type("lesson")
    await alice.press("Start")
    assert "Your question 2 of 8 waits" in await alice.type("hunch")
    await alice.press("Go on: question 2 of 8")
    await placed(alice, shipped, 0)
    await alice.press("Course map")
    assert "waits" not in alice.text
    assert not [one for one in alice.labels if one.startswith("Go on: question")]


async def test_questions_whose_answers_were_seen_are_not_asked(
    alice: Player, simcord_bot: HunchBot, shipped: Course
) -> None:
    await alice.type("hunch")
    for lesson in shipped.lessons[4:7]:
        await take_lesson(simcord_bot, alice, lesson, is_right=True)
    await alice.type("more placement")
    await alice.press("Begin")
    lessons = await placed(alice, shipped, 12)
    assert not {5, 6, 7} & set(lessons)


async def test_a_lesson_opened_early_says_what_it_builds_on_and_lets_one_go_on(
    alice: Player, simcord_bot: HunchBot, shipped: Course
) -> None:
    await alice.type("hunch")
    text = await alice.type("lesson", which="8")
    assert "It builds on lesson 7, *The loop and its cost*, which you haven't done." in text
    assert "### The loop and its cost" in await alice.press("Lesson 7 first")
    await alice.type("lesson", which="8")
    assert "Lesson 8 · " in await alice.press("Start")
    await take_lesson(simcord_bot, alice, shipped.lessons[6], is_right=True)
    await alice.type("lesson", which="9")
    assert "builds on" not in alice.text
