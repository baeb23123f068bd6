"""`hunch play`: reminders come by themselves, by the real clock, and can be seen."""

from collections.abc import Callable
from typing import Any

import pytest
import simcord

from bot.cli.play import copy_to, look, running
from bot.clock import utc_now
from bot.domain.learner import Learner
from bot.ui.client import HunchBot
from curriculum.schema import Course
from tests.journeys.player import Player, text_of
from tests.journeys.practice.conftest import Clock, take_lesson


@pytest.fixture
async def wishes(simcord_bot: HunchBot, alice: Player, shipped: Course) -> Player:
    """Somebody with cards, who wants a word at one."""
    await take_lesson(simcord_bot, alice, shipped.lessons[0], is_right=False)
    await alice.type("more remind", hour=13, zone="UTC")
    simcord_bot.reminders.on_sent = copy_to(simcord_bot, alice.channel.id)
    return alice


async def test_a_reminder_comes_by_the_clock_on_the_wall_and_is_seen(
    simcord_env: Any, simcord_bot: HunchBot, wishes: Player, clock: Clock
) -> None:
    stands = simcord_env.now()
    clock.go_on(minutes=59)
    assert not await look(simcord_bot, simcord_env)
    clock.go_on(minutes=2)
    assert [await look(simcord_bot, simcord_env) for _ in range(3)] == [True, False, False]
    assert simcord_env.now() == stands
    assert wishes.heard().startswith("### 4 reviews due")
    assert f"To <@{wishes.actor.id}>, as a direct message:" in before_last(wishes)
    assert "Review" in await wishes.press("Review 4 due")


async def test_a_class_is_reminded_there_too(
    simcord_env: Any, simcord_bot: HunchBot, alice: Player, clock: Clock
) -> None:
    await alice.type("lesson")
    teacher = Learner(5, alice.channel.guild.id, is_manager=True)
    await simcord_bot._use.classroom.assign_lesson("1", "in 2 days", alice.channel.id, teacher)
    assert not await look(simcord_bot, simcord_env)
    clock.go_on(days=1, minutes=1)
    assert await look(simcord_bot, simcord_env)
    assert "Due <t:" in alice.heard()


def before_last(player: Player) -> str:
    message = player.channel.history()[-2]
    return text_of(player.env.backend.get_message(message.channel.id, message.id))


async def test_its_days_are_those_on_the_wall_and_people_stay_who_they_are(
    new_bot: Callable[[], HunchBot],
) -> None:
    before, ids = utc_now(), set()
    for _ in range(2):
        env = simcord.Env(new_bot())
        ids.add(env.create_user("you").id)
        async with running(env):
            assert env.now() >= before
    assert len(ids) == 1
