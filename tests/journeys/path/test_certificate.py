"""A finished course, to show: what was recorded, and nothing that gives a key away."""

import re

import pytest

from bot.domain.lesson.kinds.registry import kind_of
from bot.ui.client import HunchBot
from curriculum.schema import Course
from tests.journeys.path.test_redo import answer
from tests.journeys.player import Player, parts_of
from tests.journeys.practice.conftest import take_lesson
from tests.journeys.test_clicks import forge

PUT_RIGHT = re.compile(r"Common beliefs put right: \*\*(\d+) of (\d+)\*\* met\.")
pytestmark = pytest.mark.every_kind


@pytest.fixture
async def done(alice: Player, simcord_bot: HunchBot, course: Course) -> Player:
    await alice.type("hunch")
    assert "Certificate" not in alice.labels
    await take_lesson(simcord_bot, alice, course.lessons[0], is_right=False)
    return alice


async def test_a_finished_course_gives_a_certificate_from_the_recap_and_the_map(
    done: Player,
) -> None:
    await done.type("lesson", which="1")
    text = await done.press("Certificate")
    assert "### A course to test with: done" in text
    assert "1 lesson, on " in text
    assert "right at first try" in text
    assert "bits** of surprise each" in text
    gallery = [p for p in parts_of(done.raw.components) if p["type"] == 12]
    assert len(gallery) == 1
    assert gallery[0]["items"][0]["description"]
    await done.type("hunch")
    assert text == await done.press("Certificate")


async def test_beliefs_count_as_put_right_once_their_steps_are(
    done: Player, course: Course
) -> None:
    await done.type("lesson", which="1")
    found = PUT_RIGHT.search(await done.press("Certificate"))
    assert found is not None
    met = int(found[2])
    assert (int(found[1]), met > 2) == (0, True)
    await done.type("more redo")
    while "Redo ·" in done.text:
        await answer(done, course, is_right=True)
        await done.press(done.labels[0])
    await done.type("hunch")
    text = await done.press("Certificate")
    assert f"Common beliefs put right: **{met} of {met}** met." in text
    assert course.lessons[0].misconceptions["planned"] in text


async def test_it_is_posted_once_and_tells_no_key(done: Player, course: Course) -> None:
    await done.type("lesson", which="1")
    await done.press("Certificate")
    before = len(done.channel.history())
    assert "Posted in this channel." in await done.press("Post it here")
    await done.type("hunch")
    await done.press("Certificate")
    await done.press("Post it here")
    posted = [m for m in done.channel.history()[before:] if not m.flags.ephemeral]
    assert len(posted) == 1
    said = done.heard()
    assert "has finished the course" in said
    lesson = course.lessons[0]
    for step in lesson.sequence:
        told = kind_of(step).answer(step)
        assert told is None or told not in said
    assert not [belief for belief in lesson.misconceptions.values() if belief in said]


async def test_before_the_end_there_is_none(alice: Player, simcord_bot: HunchBot) -> None:
    await alice.type("hunch")
    alice.card = await forge(simcord_bot, alice, "h1:certificate")
    await alice.press("forged")
    assert "when every lesson is done" in alice.told
