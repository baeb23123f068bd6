"""A direct message a day: wished for, sent once, stopped by a button, not forced on anyone."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.ui.client import HunchBot
from curriculum.schema import Course
from tests.journeys.player import Player
from tests.journeys.practice.conftest import Clock, take_lesson


@pytest.fixture
async def reminded(
    simcord_bot: HunchBot, simcord_env: Any, alice: Player, shipped: Course, clock: Clock
) -> Player:
    """A learner with cards, who wished for a word at nine in Berlin; it is a minute past."""
    await take_lesson(simcord_bot, alice, shipped.lessons[0], is_right=False)
    await alice.type("more remind", hour=9, zone="Europe/Berlin")
    clock.now = datetime(2026, 3, 3, 8, 1, tzinfo=UTC)
    return alice


async def test_a_wish_is_told_back_with_the_next_moment(alice: Player) -> None:
    text = await alice.type("more remind", hour=9, zone="berlin")
    assert "at **9:00**, Europe/Berlin" in text
    assert "Never from 22:00 to 7:00" in text
    moment = datetime(2026, 3, 3, 8, tzinfo=UTC)
    assert f"<t:{int(moment.timestamp())}:f>" in text
    assert "Europe/Berlin" in await alice.type("more remind")


async def test_zones_are_offered_while_typing(alice: Player) -> None:
    offered = await alice.actor.autocomplete(alice.channel, "more remind", "zone", "berl")
    assert [choice["value"] for choice in offered] == ["Europe/Berlin"]


async def test_a_zone_that_doesnt_exist_is_refused_with_what_is_near(alice: Player) -> None:
    told = await alice.type("more remind", hour=9, zone="Europe/Berln")
    assert "I know no such time zone. Is it `Europe/Berlin`, `Europe/Zurich`?" in told
    assert "None are set." in await alice.type("more remind")


async def test_an_hour_in_quiet_hours_is_refused(alice: Player) -> None:
    assert "23:00 is in your quiet hours" in await alice.type("more remind", hour=23, zone="UTC")


async def test_one_message_comes_and_only_one(
    reminded: Player, simcord_bot: HunchBot, clock: Clock
) -> None:
    assert [await simcord_bot.reminders.send_due() for _ in range(3)] == [1, 0, 0]
    clock.go_on(hours=2)
    assert await simcord_bot.reminders.send_due() == 0


async def test_the_loop_of_the_bot_sends_it(
    reminded: Player, simcord_env: Any, simcord_bot: HunchBot
) -> None:
    await simcord_env.advance_time(61)
    assert await simcord_bot.reminders.send_due() == 0


async def test_after_a_restart_nothing_is_sent_twice(
    reminded: Player, simcord_env: Any, simcord_bot: HunchBot, new_bot: Callable[[], HunchBot]
) -> None:
    assert await simcord_bot.reminders.send_due() == 1
    fresh = new_bot()
    await simcord_env.restart_bot(fresh)
    assert await fresh.reminders.send_due() == 0


async def test_a_day_with_nothing_due_has_no_message(
    simcord_bot: HunchBot, alice: Player, clock: Clock
) -> None:
    await alice.type("more remind", hour=9, zone="UTC")
    clock.now = datetime(2026, 3, 3, 9, 1, tzinfo=UTC)
    assert await simcord_bot.reminders.send_due() == 0


async def test_the_message_leads_to_the_review_and_is_stopped_by_its_button(
    simcord_bot: HunchBot, dora: Player, shipped: Course, clock: Clock
) -> None:
    await take_lesson(simcord_bot, dora, shipped.lessons[0], is_right=False)
    await dora.type("more remind", hour=9, zone="UTC")
    clock.now = datetime(2026, 3, 3, 9, 1, tzinfo=UTC)
    assert await simcord_bot.reminders.send_due() == 1
    dora.card = dora.channel.last_message
    assert "4 reviews due" in dora.text
    assert "None are set." in await dora.press("No more reminders")
    assert "Review · 4 left" in await dora.press("Review now")
    clock.go_on(days=1)
    assert await simcord_bot.reminders.send_due() == 0


async def test_a_review_begins_from_the_message(
    simcord_bot: HunchBot, dora: Player, shipped: Course, clock: Clock
) -> None:
    await take_lesson(simcord_bot, dora, shipped.lessons[0], is_right=False)
    await dora.type("more remind", hour=9, zone="UTC")
    clock.now = datetime(2026, 3, 3, 9, 1, tzinfo=UTC)
    await simcord_bot.reminders.send_due()
    dora.card = dora.channel.last_message
    assert "Review · 4 left" in await dora.press("Review 4 due")


async def test_a_closed_inbox_is_noted_and_not_tried_again(
    reminded: Player, simcord_env: Any, simcord_bot: HunchBot, clock: Clock
) -> None:
    simcord_env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    assert await simcord_bot.reminders.send_due() == 0
    clock.go_on(days=1)
    before = len(simcord_env.http_requests)
    assert await simcord_bot.reminders.send_due() == 0
    assert len(simcord_env.http_requests) == before
    assert "Your inbox was closed to me" in await reminded.type("more remind")
    await reminded.type("more remind", hour=9)
    clock.go_on(days=1)
    assert await simcord_bot.reminders.send_due() == 1


async def test_a_failure_on_the_way_closes_no_inbox(
    reminded: Player, simcord_env: Any, simcord_bot: HunchBot, clock: Clock
) -> None:
    simcord_env.inject_error("POST", "/channels/*/messages", status=400, times=None)
    assert await simcord_bot.reminders.send_due() == 0
    simcord_env.backend.faults.clear()
    clock.go_on(days=1)
    assert await simcord_bot.reminders.send_due() == 1
