"""Cards that come back: made by a lesson, looked at, graded, taken back, set aside."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.lesson.kinds.registry import kind_of
from bot.ui.client import HunchBot
from curriculum.schema import Course
from tests.journeys.path.conftest import shown
from tests.journeys.player import Player, parts_of
from tests.journeys.practice.conftest import Clock, take_lesson


@pytest.fixture
async def learnt(
    simcord_env: Any, simcord_bot: HunchBot, alice: Player, shipped: Course, clock: Clock
) -> Player:
    """A learner who got all of lesson 1 wrong, a day ago."""
    await take_lesson(simcord_bot, alice, shipped.lessons[0], is_right=False)
    clock.go_on(days=1)
    return alice


def ids(player: Player) -> dict[str, str]:
    """The card's buttons by their labels."""
    return {p["label"]: p["custom_id"] for p in parts_of(player.raw.components) if p["type"] == 2}


async def open_card(player: Player) -> str:
    """Look at the card on the table: pick or say it in the head."""
    return await player.press("Show me" if "Show me" in player.labels else "I don't know")


async def test_a_newcomer_is_told_where_cards_come_from(alice: Player) -> None:
    text = await alice.type("review")
    assert "No cards yet" in text
    assert "Cards come from lessons" in text
    assert "[Course map]" in text


@pytest.mark.parametrize(("is_right", "cards"), [(False, 10), (True, 2)])
async def test_the_recap_says_how_many_cards_the_lesson_made(
    simcord_bot: HunchBot, alice: Player, shipped: Course, is_right: bool, cards: int
) -> None:
    await take_lesson(simcord_bot, alice, shipped.lessons[0], is_right=is_right)
    assert f"{cards} cards are kept for you" in await alice.type("lesson", which="1")
    await alice.type("hunch")
    assert "due" not in alice.text  # none before a minute has passed


async def test_home_and_progress_lead_to_the_review(learnt: Player) -> None:
    assert "4 reviews due" in await learnt.type("hunch")
    assert "[Review 4 due]" in learnt.text
    assert "Review · 4 left" in await learnt.press("Review 4 due")
    await learnt.type("more progress")
    assert learnt.labels[0] == "Review 4 due"


async def test_every_face_counts_the_same_reviews(learnt: Player) -> None:
    """Those that can be reviewed now: what is over the day's most is said apart."""
    for a_day in (200, 2, 1):
        head = await learnt.type("review", a_day=a_day)
        due = int(head.split("Review · ")[1].split()[0])
        said = f"{due} review{'s' * (due != 1)} due"
        assert due == min(a_day, 4)
        for face in ("hunch", "more progress"):
            text = await learnt.type(face)
            assert said in text
            assert f"[Review {due} due]" in text


async def test_the_answer_is_hidden_until_it_was_guessed(learnt: Player, shipped: Course) -> None:
    lesson = shipped.lessons[0]
    text = await learnt.type("review")
    step = next(s for s in lesson.sequence if getattr(s, "ask", "") and s.ask in text)
    kind = kind_of(step)
    told = step.option(step.answer).reply if step.kind == "choice" else kind.explained(step)
    told = told or kind.answer(step)  # of a recall
    assert told.strip() not in text
    assert told.strip() not in str(learnt.raw.components)


async def test_a_right_pick_takes_four_grades_and_says_when_each_returns(
    learnt: Player, shipped: Course
) -> None:
    choices = {s.ask: s for s in shipped.lessons[0].sequence if s.kind == "choice"}
    await learnt.type("review")
    while not (asked := next((a for a in choices if a in learnt.text), None)):
        await learnt.press("Set aside")
    step = choices[asked]
    letters = shown(learnt)
    right = step.option(step.answer).text
    assert f"✓ {letters[right]}: {right}" in await learnt.press(step.answer)
    assert [label.split(" · ")[0] for label in learnt.labels[:4]] == [
        "Again",
        "Hard",
        "Good",
        "Easy",
    ]
    assert all(" · " in label for label in learnt.labels[:4])
    again = learnt.labels[0]
    assert again == "Again · 1 min"
    assert "The last: again. It returns in 1 min." in await learnt.press(again)


async def test_a_wrong_pick_can_only_come_again(learnt: Player, shipped: Course) -> None:
    choices = {s.ask: s for s in shipped.lessons[0].sequence if s.kind == "choice"}
    await learnt.type("review")
    while not (asked := next((a for a in choices if a in learnt.text), None)):
        await learnt.press("Set aside")
    step = choices[asked]
    letters = shown(learnt)
    wrong = next(key for key in "ABC" if key != step.answer)
    said, right = (letters[step.option(key).text] for key in (wrong, step.answer))
    assert f"✗ You said {said}. It's {right}: " in await learnt.press(wrong)
    assert learnt.labels == ["Again · 1 min", "Set aside"]


async def test_a_grade_is_taken_back_and_the_card_asked_anew(learnt: Player) -> None:
    before = await learnt.type("review")
    await open_card(learnt)
    graded = await learnt.press(learnt.labels[0])
    assert "[Undo]" in graded
    undone = await learnt.press("Undo")
    assert undone == before
    assert "Undo" not in learnt.labels


async def test_a_second_click_changes_nothing_and_says_so(learnt: Player) -> None:
    await learnt.type("review")
    await open_card(learnt)
    grade = ids(learnt)[learnt.labels[0]]
    first = await learnt.press_id(grade)
    second = await forged(learnt, grade)
    assert "That card has changed since" in second
    assert first.splitlines()[:2] == second.splitlines()[1:3]  # below what is said


async def forged(player: Player, custom_id: str) -> str:
    """Press a button that the card showed a moment ago, or that another's card shows."""
    button = next(p for p in parts_of(player.raw.components) if p["type"] == 2)
    button["custom_id"] = custom_id
    return await player.press_id(custom_id)


async def test_what_is_set_aside_stays_away_until_it_is_brought_back(learnt: Player) -> None:
    await learnt.type("review")
    for _ in range(10):
        if "Set aside" not in learnt.labels:
            break
        await learnt.press("Set aside")
    assert "10 set aside." in learnt.text
    assert "Review · 4 left" in await learnt.press("Bring 10 back")


async def test_the_day_has_a_most_and_the_rest_waits(learnt: Player, clock: Clock) -> None:
    await learnt.type("review")
    for _ in range(4):
        await open_card(learnt)
        await learnt.press(next(label for label in learnt.labels if "Again" in label))
    assert "Done for now" in learnt.text
    assert "6 more are due; they are over today's most" in learnt.text
    assert "The next comes in 1 min." in learnt.text
    clock.go_on(minutes=2)
    assert "Review · 4 left" in await learnt.type("review")


async def test_a_learner_chooses_their_own_most(learnt: Player) -> None:
    assert "Review · 2 left" in await learnt.type("review", a_day=2)
    assert "Review · 2 left" in await learnt.type("review")


async def test_a_card_open_before_a_restart_takes_its_grade_after(
    learnt: Player, simcord_env: Any, new_bot: Callable[[], HunchBot]
) -> None:
    await learnt.type("review")
    await open_card(learnt)
    await simcord_env.restart_bot(new_bot())
    assert "It returns in" in await learnt.press(learnt.labels[0])


async def test_a_strangers_card_is_refused(learnt: Player, mallory: Player) -> None:
    await learnt.type("review")
    look = next(i for label, i in ids(learnt).items() if label in ("Show me", "I don't know"))
    await mallory.type("review")
    await forged(mallory, look)
    assert "somebody else's" in mallory.text


async def test_progress_has_a_picture_with_words_and_a_second_card(learnt: Player) -> None:
    text = await learnt.type("more progress")
    assert "When you said 85 %, you were right 0 %." in text
    pictures = [p for p in parts_of(learnt.raw.components) if p["type"] == 12]
    assert "How sure you were" in pictures[0]["items"][0]["description"]
    assert "Brier of your last ten" in await learnt.press("Over time")
    assert "right at first try" in await learnt.press("Back")


async def test_only_those_who_show_their_rank_are_counted(
    simcord_bot: HunchBot, learnt: Player, mallory: Player, shipped: Course
) -> None:
    await take_lesson(simcord_bot, mallory, shipped.lessons[0], is_right=True)
    await learnt.type("more progress")
    assert "Nobody else here shows a rank yet." in await learnt.press("Show my rank")
    await mallory.type("more progress")
    assert "Number" not in mallory.text
    assert "Number 1 of 2" in await mallory.press("Show my rank")
    assert "Number 2 of 2" in await learnt.type("more progress")
    assert "Number" not in await mallory.press("Hide my rank")
    assert "Nobody else" in await learnt.type("more progress")


@pytest.mark.every_kind
async def test_a_match_comes_back_to_be_said_in_the_head(
    simcord_bot: HunchBot, alice: Player, course: Course, clock: Clock
) -> None:
    await take_lesson(simcord_bot, alice, course.lessons[0], is_right=False)
    clock.go_on(days=1)
    text = await alice.type("review")
    while "What is each kept for?" not in text:
        assert "Set aside" in alice.labels
        text = await alice.press("Set aside")
    assert "every answer" not in text
    text = await alice.press("Show me")
    assert "Weights → every answer; Key-value cache → one conversation" in text
