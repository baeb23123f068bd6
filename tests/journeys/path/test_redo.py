"""Redo: what was guessed wrong, mixed, in other orders, with other numbers."""

from typing import Any

import pytest

from bot.ui.client import HunchBot
from curriculum.kinds.match import MatchStep
from curriculum.kinds.order import OrderStep
from curriculum.schema import Course
from tests.journeys.path.conftest import Restart, shown
from tests.journeys.player import Player
from tests.journeys.practice.conftest import take_lesson
from tests.journeys.test_clicks import forge


@pytest.fixture
async def wrong(alice: Player, simcord_bot: HunchBot, course: Course) -> Player:
    """Somebody who got all of the course for tests wrong."""
    await alice.type("hunch")
    await take_lesson(simcord_bot, alice, course.lessons[0], is_right=False)
    return alice


async def answer(player: Player, course: Course, *, is_right: bool) -> str:
    """Answer what the card asks; return its step."""
    steps = course.lessons[0].sequence
    step = next(s for s in steps if f"### {getattr(s, 'ask', '?')}" in player.text)
    letters = shown(player)
    match step:
        case OrderStep():
            stages = step.stages if is_right else step.stages[::-1]
            for place, stage in zip(("first", "second", "third"), stages, strict=False):
                await player.press(f"{letters[stage]} {place}")
        case MatchStep():
            sides = [pair.belongs for pair in step.pairs]
            for place, side in enumerate((sides if is_right else sides[::-1])[:-1], 1):
                await player.press(f"{place} → {letters[side]}")
        case _ if step.kind == "number":
            await player.press("Type your number")
            await player.write("49152" if is_right else "3")
        case _:
            key = getattr(step, "answer")  # noqa: B009  # a choice's
            other = next(k for k in "ABC" if k != key)
            await player.press(key if is_right else other)
    return step.id


@pytest.mark.every_kind
async def test_all_that_a_key_judges_is_asked_again_until_it_is_right(
    wrong: Player, course: Course
) -> None:
    assert "Redo 7 missed" in (await wrong.type("hunch"), *wrong.labels)
    text = await wrong.type("more redo")
    assert "Redo · 7 left" in text
    met = [await answer(wrong, course, is_right=False)]
    assert "✗" in wrong.text
    assert "It returns." in wrong.text
    while "Next" in wrong.labels:
        await wrong.press("Next")
        met.append(await answer(wrong, course, is_right=True))
        assert "### ✓" in wrong.text
    assert len(met) == 8
    assert met[0] == met[-1]  # the one that was wrong again has gone to the end
    assert set(met[1:]) == {
        "pick",
        "how-many",
        "in-order",
        "who-holds",
        "check-one",
        "check-two",
        "check-three",
    }
    assert "Nothing to redo" in await wrong.press("Done")
    assert not [label for label in await _home(wrong) if label.startswith("Redo")]


async def _home(player: Player) -> list[str]:
    await player.type("hunch")
    return player.labels


@pytest.mark.every_kind
async def test_first_guesses_stay_what_they_were(wrong: Player, course: Course) -> None:
    before = await wrong.type("more progress")
    await wrong.type("more redo")
    for _ in range(7):
        await answer(wrong, course, is_right=True)
        await wrong.press(wrong.labels[0])
    assert await wrong.type("more progress") == before


@pytest.mark.every_kind
async def test_a_step_is_redone_once_by_two_presses_and_goes_on_after_a_restart(
    simcord_env: Any, wrong: Player, course: Course, new_bot: Restart
) -> None:
    text = await wrong.type("more redo")
    first = wrong.card
    await wrong.type("more redo")
    assert wrong.text == text
    await simcord_env.restart_bot(new_bot())
    assert await wrong.type("more redo") == text
    wrong.card = first
    await answer(wrong, course, is_right=True)
    assert "Redo · 6 left" in wrong.text
    assert "Redo · 6 left" in await wrong.type("more redo")


@pytest.mark.every_kind
async def test_there_is_nothing_to_redo_at_first(alice: Player) -> None:
    assert "Nothing to redo yet" in await alice.type("more redo")


@pytest.mark.every_kind
async def test_nobody_redoes_what_is_somebody_elses(
    wrong: Player, mallory: Player, simcord_bot: HunchBot
) -> None:
    await wrong.type("more redo")
    mallory.card = await forge(simcord_bot, mallory, "h1:redo-say:1:pick:0:B")
    text = await mallory.press("forged")
    assert "done that one already" in text
    assert "Nothing to redo yet" in text
    assert "Redo · 7 left" in await wrong.type("more redo")


async def test_a_number_is_asked_with_other_numbers_and_judged_by_them(
    alice: Player, simcord_bot: HunchBot, shipped: Course
) -> None:
    lesson = shipped.lesson("the-engine")
    await alice.type("hunch")
    await take_lesson(simcord_bot, alice, lesson, is_right=False)
    await alice.type("more redo")
    while "come again. How many" not in alice.text:
        await alice.press(_any_answer(alice))
        if "Type your number" in alice.labels and "come again" not in alice.text:
            await alice.press("Type your number")
            await alice.write("1")
        if "Next" in alice.labels:
            await alice.press("Next")
    assert "The same 700 tokens come again." in alice.text
    assert "Blocks of 32 tokens." in alice.text
    assert "Other numbers than in the lesson." in alice.text
    await alice.press("Type your number")
    assert "The same 700 tokens come again." in str(alice.shown.modal), "the window covers the card"
    assert "Blocks of 32 tokens." in str(alice.shown.modal)
    text = await alice.write("496")  # right with the lesson's own numbers
    assert "✗ You said 496 tokens. It's 672 tokens" in text
    assert "In the lesson's own case it was 496 tokens: The last token always has to run" in text


def _any_answer(player: Player) -> str:
    return next(label for label in player.labels if label not in ("Enough for now", "Start over"))
