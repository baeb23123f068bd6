"""Class: a step that goes on where nobody looks. What is looked at stands last, always."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.ui.cards.left import GOES_ON, opened_below
from bot.ui.client import HunchBot
from tests.journeys.player import Player, take_up, text_of


async def ran(alice: Player) -> Any:
    """Guess at the first step and run the instrument of the second; return that card."""
    await alice.type("lesson")
    for label in ("Start", "A", "likely", "Next", "Next", "Run it"):
        await alice.press(label)
    return alice.card


async def a_prompt(alice: Player) -> None:
    await take_up(alice)
    await alice.press("Other prompt")
    await alice.write("The dog sat on the")


async def an_instrument(alice: Player) -> None:
    await alice.type("nexttoken", prompt="The dog sat on the")


async def chatter(alice: Player) -> None:
    await alice.say("good morning")


ASIDE = [a_prompt, an_instrument, chatter]


def newest(alice: Player) -> Any:
    """The message that stands last, as the simulated Discord holds it."""
    return max(alice.env.backend.messages[alice.channel.id].values(), key=lambda m: m.id)


@pytest.mark.parametrize("aside", ASIDE, ids=lambda f: f.__name__)
async def test_next_goes_on_below_what_was_posted_since(
    alice: Player, aside: Callable[[Player], Any]
) -> None:
    lesson = await ran(alice)
    await aside(alice)
    alice.card = lesson
    text = await alice.press("Next")
    assert GOES_ON in text
    assert "live · fake-135m" in text  # what it showed is still there
    (sent,) = alice.shown.followups
    assert sent.ephemeral
    assert newest(alice).id == sent.id
    alice.card = sent.message
    assert "4 of 16" in alice.text
    await alice.press("Skip")  # in its place: nothing stands below it
    assert "5 of 16" in alice.text
    assert alice.shown.followups == []


async def test_the_card_that_was_left_leads_on(alice: Player) -> None:
    lesson = await ran(alice)
    await a_prompt(alice)
    alice.card = lesson
    await alice.press("Next")
    text = await alice.press("Next")
    assert "That moment has passed" in text
    assert "4 of 16" in text


async def test_with_nothing_below_it_goes_on_in_its_place(alice: Player) -> None:
    await ran(alice)
    assert "4 of 16" in await alice.press("Next")
    assert alice.shown.followups == []


async def test_what_is_posted_after_a_restart_counts(
    simcord_env: Any, alice: Player, new_bot: Callable[[], HunchBot]
) -> None:
    lesson = await ran(alice)
    await simcord_env.restart_bot(new_bot())
    await a_prompt(alice)
    alice.card = lesson
    assert GOES_ON in await alice.press("Next")


async def test_in_a_direct_message_too(dora: Player) -> None:
    lesson = await ran(dora)
    await a_prompt(dora)
    dora.card = lesson
    assert GOES_ON in await dora.press("Next")
    (sent,) = dora.shown.followups
    assert not sent.ephemeral


async def test_what_was_posted_before_a_restart_counts_too(
    simcord_env: Any, alice: Player, new_bot: Callable[[], HunchBot]
) -> None:
    """Class: what is known in memory alone, and forgotten where somebody relies on it."""
    lesson = await ran(alice)
    await alice.say("good morning")
    await simcord_env.restart_bot(new_bot())
    alice.card = lesson
    assert GOES_ON in await alice.press("Next")


def standing(alice: Player) -> list[str]:
    """What stands in the channel, from the top."""
    return [text_of(m) for _, m in sorted(alice.env.backend.messages[alice.channel.id].items())]


async def test_one_card_of_a_lesson_is_live_however_it_is_opened(alice: Player) -> None:
    """Class: a second intro under the first one, and both look as if one should go on there."""
    await alice.type("lesson")
    await alice.type("hunch")
    await alice.press("Start lesson 1")
    first, second = standing(alice)
    assert GOES_ON in first
    assert GOES_ON not in second
    assert "[Start]" in second
    await alice.press("Start")
    assert GOES_ON not in standing(alice)[1]


@pytest.mark.parametrize("side", [a_prompt, an_instrument], ids=lambda f: f.__name__)
async def test_a_side_card_leads_back_to_the_lesson(
    alice: Player, side: Callable[[Player], Any]
) -> None:
    await ran(alice)
    await side(alice)
    alice.card = alice.shown.response.message
    await alice.press("Go on with my lesson")
    lesson, beside, now = standing(alice)
    assert GOES_ON in lesson
    is_own = side is a_prompt  # what the channel shares says nothing about one of them
    assert beside.endswith(f"[Go on with my lesson]\n{GOES_ON}") == is_own
    assert "3 of 16" in now


async def test_a_side_card_is_announced_below_the_button_that_opened_it(alice: Player) -> None:
    """Class: a press that seems to do nothing, since what it opened stands out of sight."""
    lesson = await ran(alice)
    await take_up(alice)
    told = text_of(alice.env.backend.get_message(lesson.channel.id, lesson.id)).splitlines()
    assert told[told.index("[Try it yourself]") + 1] == opened_below()
    alice.card = lesson
    assert opened_below() not in await alice.press("Run it again")


async def test_a_prompt_of_one_s_own_stands_on_the_card_it_was_run_from(alice: Player) -> None:
    await alice.type("lesson")
    for label in ("Start", "A", "likely", "Next", "Next", "Next", "Skip"):
        await alice.press(label)
    while "Try my own prompt" not in alice.labels:
        await a_turn(alice)
    lesson = alice.card
    await alice.press("Try my own prompt")
    await alice.write("The dog sat on the")
    alice.card = lesson
    assert opened_below("The dog sat on the") in alice.text


async def a_turn(alice: Player) -> None:
    """Go one step on, whatever the card asks; write what is to be written."""
    if "Type what comes next" in alice.labels:
        await alice.press("Type what comes next")
        await alice.write("kube")
    else:
        await alice.press("Skip" if "Skip" in alice.labels else "Next")


@pytest.mark.parametrize("way", ["Go on with my lesson", "/lesson"])
async def test_the_lesson_s_card_still_shows_what_was_run_on_it(way: str, alice: Player) -> None:
    """Class: what was run on a card is gone once the card is drawn anew."""
    await ran(alice)
    await take_up(alice)
    if way == "/lesson":
        await alice.type("lesson")
    else:
        await alice.press(way)
        alice.card = alice.shown.followups[0].message
    assert "3 of 16" in alice.text
    assert "live · fake-135m" in alice.text
    assert "Run it again" in alice.labels
    assert "live · fake-135m" not in await alice.press("Next")


async def test_who_has_begun_nothing_is_led_to_the_first_lesson(alice: Player) -> None:
    await alice.type("more glossary", term="token")
    await alice.press("Go on with my lesson")
    assert "What is an LLM?" in standing(alice)[-1]
