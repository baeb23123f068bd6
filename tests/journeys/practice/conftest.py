"""The whole bot with a clock that the test sets."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.learner import NO_COHORT, Learner
from bot.domain.lesson.attempt import mark_of
from bot.domain.lesson.commands import Command, CommitGuess, Draft, Next, Rate, Reveal
from bot.settings import Settings
from bot.ui.client import HunchBot
from curriculum.kinds.registry import Step
from curriculum.schema import Lesson
from tests.domain.lesson.walks import answer_to
from tests.fakes.model import FakeEngine
from tests.journeys.bots import Build
from tests.journeys.player import Player


@dataclass
class Clock:
    """Tells the time that it was set to."""

    now: datetime = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def new_bot(
    tmp_path: Path, engine: FakeEngine, course_dir: Path | None, clock: Clock, build: Build
) -> Callable[[], HunchBot]:
    """Build the bot anew over the same database: what a restart does."""
    url = f"sqlite:///{tmp_path}/hunch.sqlite"
    settings = Settings(database_url=url, course_dir=course_dir, new_reviews_a_day=4)
    return lambda: build(settings, engine, now=clock)


async def take_lesson(bot: HunchBot, player: Player, lesson: Lesson, *, is_right: bool) -> None:
    """Go through a lesson by its commands: the presses have journeys of their own."""
    guild = getattr(player.channel, "guild", None)
    use, who = bot._use, Learner(player.actor.id, guild.id if guild else NO_COHORT)
    await use.begin_lesson(lesson.slug, who)
    async with use.open_lesson.open_records() as records:
        attempt = await records.latest_attempt(who.id, lesson.slug)
    assert attempt is not None
    quick = lesson.quick_check  # after these what comes next comes by itself
    for step in lesson.way:
        for command in _commands((attempt.id, step.id), step, is_right=is_right):
            if not (isinstance(command, Next) and step in quick):
                await use.take_turn(command, who)


def _commands(here: tuple[int, str], step: Step, *, is_right: bool) -> list[Command]:
    if step.kind in ("read", "exhibit"):
        return [Next(*here)]
    if step.kind == "recall":
        return [Reveal(*here), Rate(*here, had_it=is_right)]
    answer = answer_to(step, is_right=is_right)
    if step.kind == "token" and not is_right:
        answer = "banana"
    committed = CommitGuess(*here, 3, mark_of(answer))
    done = Rate(*here, had_it=is_right) if step.kind == "text" else Next(*here)
    return [Draft(*here, answer), committed, done]
