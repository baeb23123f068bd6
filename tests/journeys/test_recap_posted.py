"""A recap made public: once, and without an answer that others have yet to guess."""

import re

import pytest

from bot.domain.lesson.kinds.registry import kind_of
from bot.ui.client import HunchBot
from curriculum.schema import Course
from tests.journeys.player import Player, parts_of
from tests.journeys.practice.conftest import take_lesson
from tests.journeys.test_clicks import forge

POST = "Post it here"


@pytest.fixture
async def done(alice: Player, simcord_bot: HunchBot, shipped: Course) -> Player:
    """Somebody who has just got all of lesson 1 wrong."""
    await alice.type("hunch")
    await take_lesson(simcord_bot, alice, shipped.lessons[0], is_right=False)
    await alice.type("lesson", which=shipped.lessons[0].slug)
    return alice


async def test_the_recap_shows_the_boldest_miss_and_where_the_token_guess_stood(
    done: Player,
) -> None:
    assert "✗✗✗" in done.text
    assert "**Boldest miss**, 85% sure" in done.text
    assert "▸␣banana" in done.text
    assert "▸ is the guess" in done.text


async def test_a_recap_is_posted_once_and_hides_every_answer(done: Player, shipped: Course) -> None:
    lesson = shipped.lessons[0]
    before = len(done.channel.history())
    twin = done.card
    await done.type("lesson", which=lesson.slug)
    assert "Posted in this channel." in await done.press(POST)
    assert "Posted in this channel." in await done.press(POST, twin)
    posted = [m for m in done.channel.history()[before:] if not m.flags.ephemeral]
    assert len(posted) == 1
    said = done.heard()
    assert "has done lesson 1" in said
    assert "**0 of 9** right at first try." in said
    shown = re.sub(r"\|\|.*?\|\|", "", said, flags=re.DOTALL)
    assert shown.count("|") == 0
    assert "banana" not in shown
    assert "kube" not in shown.replace("Kubernetes", "")
    for step in lesson.sequence:
        answer = kind_of(step).answer(step)
        assert answer is None or answer not in shown


async def test_a_second_run_is_not_posted_as_a_first(
    done: Player, simcord_bot: HunchBot, shipped: Course
) -> None:
    await take_lesson(simcord_bot, done, shipped.lessons[0], is_right=True)
    await done.type("lesson", which=shipped.lessons[0].slug)
    assert "9 of 9" in done.text
    assert POST not in done.labels


async def test_nobody_posts_the_recap_of_another(
    done: Player, mallory: Player, simcord_bot: HunchBot
) -> None:
    buttons = parts_of(done.raw.components)
    press = next(p["custom_id"] for p in buttons if p.get("label") == POST)
    mallory.card = await forge(simcord_bot, mallory, press)
    await mallory.press("forged")
    assert "somebody else's" in mallory.told
