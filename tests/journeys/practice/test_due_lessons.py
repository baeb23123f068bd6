"""A lesson that a class is set is reminded of in the learner's one message a day, if they wish."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.learner import Learner
from bot.ui.client import HunchBot
from curriculum.schema import Course
from tests.journeys.player import Player
from tests.journeys.practice.conftest import Clock, take_lesson

TEACHER = 5
NINE = datetime(2026, 3, 3, 9, 1, tzinfo=UTC)  # the day after the clock begins


@pytest.fixture
def lena(simcord_env: Any) -> Any:
    """Somebody with an inbox."""
    return simcord_env.create_user("lena")


@pytest.fixture
def learner(simcord_env: Any, channel: Any, lena: Any) -> Player:
    """The same, as a member of the class."""
    return Player(simcord_env, simcord_env.guild.add_member(lena), channel)


@pytest.fixture
async def wishes(learner: Player) -> Player:
    """The same; they have begun nothing, and want a word at nine."""
    await learner.type("more remind", hour=9, zone="UTC")
    return learner


async def set_lesson(bot: HunchBot, player: Player, due: str, by: int = TEACHER) -> None:
    teacher = Learner(by, player.channel.guild.id, is_manager=True)
    await bot._use.classroom.assign_lesson("1", due, player.channel.id, teacher)


async def test_it_comes_on_the_last_day_and_says_when_it_is_due(
    simcord_bot: HunchBot, simcord_env: Any, lena: Any, wishes: Player, clock: Clock
) -> None:
    await set_lesson(simcord_bot, wishes, "in 3 days")  # on the 5th, at noon
    sent = []
    for days in range(4):
        clock.now = NINE + timedelta(days=days)
        sent.append(await simcord_bot.reminders.send_due())
    assert sent == [0, 0, 1, 0]
    inbox = Player(simcord_env, lena, lena.dm_channel)
    assert inbox.heard().startswith("### A lesson is due\nLesson **1**, set by your class: <t:")
    assert inbox.labels == ["Open lesson 1", "No more reminders"]
    assert "[Start]" in await inbox.press("Open lesson 1")


async def test_who_has_done_it_is_told_of_reviews_alone(
    simcord_bot: HunchBot,
    simcord_env: Any,
    lena: Any,
    wishes: Player,
    shipped: Course,
    clock: Clock,
) -> None:
    await take_lesson(simcord_bot, wishes, shipped.lessons[0], is_right=True)
    await set_lesson(simcord_bot, wishes, "in 1 day")
    clock.now = NINE
    assert await simcord_bot.reminders.send_due() == 1
    told = Player(simcord_env, lena, lena.dm_channel).heard()
    assert "1 review due" in told
    assert "Lesson" not in told


async def test_reviews_and_a_lesson_are_one_message_and_one_only(
    simcord_bot: HunchBot, simcord_env: Any, lena: Any, wishes: Player, clock: Clock
) -> None:
    await wishes.type("lesson", which="1")
    for label in ("Start", "A", "sure"):
        await wishes.press(label)
    await set_lesson(simcord_bot, wishes, "in 1 day")
    clock.now = NINE
    assert [await simcord_bot.reminders.send_due() for _ in range(3)] == [1, 0, 0]
    inbox = Player(simcord_env, lena, lena.dm_channel)
    due = int(NINE.replace(hour=12, minute=0).timestamp())
    assert inbox.heard().startswith("### 1 review due\n")
    assert f"Lesson **1**, set by your class: <t:{due}:R>" in inbox.text
    assert inbox.labels == ["Review 1 due", "Open lesson 1", "No more reminders"]


async def test_who_wished_for_no_reminder_gets_none(
    simcord_bot: HunchBot, lena: Any, learner: Player, clock: Clock
) -> None:
    await learner.type("lesson", which="1")
    await set_lesson(simcord_bot, learner, "in 1 day")
    clock.now = NINE
    assert await simcord_bot.reminders.send_due() == 0
    assert list(lena.dm_channel.history()) == []


async def test_an_instructor_isnt_reminded_of_what_they_set_themselves(
    simcord_bot: HunchBot, wishes: Player, clock: Clock
) -> None:
    await set_lesson(simcord_bot, wishes, "in 1 day", by=wishes.actor.id)
    clock.now = NINE
    assert await simcord_bot.reminders.send_due() == 0


async def test_another_servers_lesson_is_no_business_of_theirs(
    simcord_bot: HunchBot, wishes: Player, mallory: Player, clock: Clock
) -> None:
    teacher = Learner(TEACHER, 1, is_manager=True)
    await simcord_bot._use.practice.show_review(Learner(mallory.actor.id, 1))
    await simcord_bot._use.classroom.assign_lesson("1", "in 1 day", 7, teacher)
    clock.now = NINE
    assert await simcord_bot.reminders.send_due() == 0
