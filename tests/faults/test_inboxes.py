"""Reminders while Discord refuses: only who can't be written to loses theirs; all others come."""

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.learner import Learner
from bot.usecases.practice.reminding import Wish
from tests.faults.served import Served, served
from tests.run import payloads
from tests.run.discord_faults import Fault
from tests.run.discord_stub import DiscordStub

pytestmark = pytest.mark.timeout(150)

SENDING = r"/channels/7\d+/messages"
CLASS, TEACHER = int(payloads.GUILD_ID), Learner(1, int(payloads.GUILD_ID), is_manager=True)
EVE = datetime(2026, 3, 2, 12, tzinfo=UTC)
NINE = datetime(2026, 3, 3, 9, tzinfo=UTC)


@dataclass
class Hands:
    """The clock on the wall, and the one that letters keep to: moved by hand, and by waiting."""

    now: datetime = EVE
    waited: list[float] = field(default_factory=list)

    def go_on(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@dataclass
class HandBeat:
    hands: Hands

    def now(self) -> float:
        return self.hands.now.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.hands.waited.append(seconds)
        self.hands.now += timedelta(seconds=seconds)


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
async def class_of_20(
    tmp_path: Path, discord_stub: DiscordStub, hands: Hands
) -> AsyncIterator[Served]:
    """A bot, and twenty learners who want a word at nine, of a lesson due that day; it is nine."""
    async with served(tmp_path, discord_stub, now=lambda: hands.now) as here:
        use = here.bot._use
        for number in range(100, 120):
            await use.practice.remind(Wish(9, "UTC"), Learner(number, CLASS))
        await use.classroom.assign_lesson("1", "in 40 hours", 5, TEACHER)
        here.bot.reminders.close()
        here.bot.reminders._beat = HandBeat(hands)
        hands.now = NINE
        yield here


async def _reminders(here: Served) -> list[str | None]:
    """Return the learners whose reminders stand, as their cards would tell."""
    plans = [await here.bot._use.practice.show_reminder(Learner(n)) for n in range(100, 120)]
    return [str(plan.learner_id) for plan in plans if plan.reminder and not plan.is_closed]


def _arrived(here: Served) -> list[str]:
    return sorted(
        r.path.split("/")[2][1:] for r in here.stub.asked("POST", SENDING) if r.status == 200
    )


async def _until_noon(here: Served, hands: Hands) -> None:
    while hands.now < NINE + timedelta(hours=3):
        await here.bot.reminders.look()
        hands.go_on(minutes=1)


EVERYBODY = [str(number) for number in range(100, 120)]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (403, 40003),
        (403, 20026),
        (403, 50001),
        (403, 0),
        (404, 10003),
        (400, 50035),
        (503, 0),
        (0, 0),
    ],
)
async def test_a_refusal_that_is_no_closed_inbox_ends_nobodys_reminders(
    class_of_20: Served, hands: Hands, status: int, code: int
) -> None:
    class_of_20.stub.faults.append(Fault("POST", SENDING, status, code, times=20))

    await class_of_20.bot.reminders.look()
    assert await _reminders(class_of_20) == EVERYBODY
    class_of_20.stub.faults.clear()
    await _until_noon(class_of_20, hands)

    assert _arrived(class_of_20) == EVERYBODY
    assert "Traceback" not in class_of_20.log.getvalue()


@pytest.mark.parametrize(
    "closed",
    [Fault("POST", "/channels/7105/messages", 403, 50007), Fault("GET", "/users/105", 404, 10013)],
    ids=["closed inbox", "unknown user"],
)
async def test_who_cannot_be_written_to_loses_theirs_alone(
    class_of_20: Served, hands: Hands, closed: Fault
) -> None:
    class_of_20.stub.faults.append(closed)

    await _until_noon(class_of_20, hands)

    others = [one for one in EVERYBODY if one != "105"]
    assert _arrived(class_of_20) == await _reminders(class_of_20) == others


async def test_when_discord_says_too_fast_nobody_else_is_tried_for_a_while(
    class_of_20: Served, hands: Hands
) -> None:
    class_of_20.stub.faults.append(Fault("POST", SENDING, 403, 40003, times=None))

    for _ in range(9):
        await class_of_20.bot.reminders.look()
        hands.go_on(minutes=1)

    assert len(class_of_20.stub.asked("POST", SENDING)) == 1


async def test_letters_are_sent_apart(class_of_20: Served, hands: Hands) -> None:
    await class_of_20.bot.reminders.look()

    assert _arrived(class_of_20) == EVERYBODY
    assert hands.now - NINE > timedelta(seconds=9)


async def test_a_plan_that_cannot_be_read_holds_up_nobody_else(
    class_of_20: Served, hands: Hands, tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "hunch.sqlite") as database:
        database.execute("UPDATE plan SET weights = '{' WHERE learner_id = 100")
    database.close()

    await _until_noon(class_of_20, hands)

    assert _arrived(class_of_20) == EVERYBODY[1:]
    assert class_of_20.log.getvalue().count("a reminder can't be made") == 18  # not each minute


async def test_a_class_is_reminded_later_where_discord_gave_no_answer(
    class_of_20: Served, hands: Hands
) -> None:
    class_of_20.stub.faults.append(Fault("POST", "/channels/5/messages", 503, times=3))

    await _until_noon(class_of_20, hands)

    assert [r.status for r in class_of_20.stub.asked("POST", "/channels/5/messages")] == [
        *(503, 503, 503),
        200,
    ]


async def test_a_message_taken_although_the_answer_was_500_comes_once(
    class_of_20: Served, hands: Hands
) -> None:
    class_of_20.stub.faults.append(Fault("POST", SENDING, 500, is_done=True))

    await class_of_20.bot.reminders.look()

    nonces = [r.body["nonce"] for r in class_of_20.stub.asked("POST", "/channels/7100/messages")]
    assert len(nonces) == 2
    assert len(set(nonces)) == 1  # by which Discord knows it again
