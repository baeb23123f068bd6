"""The whole bot under a simulated Discord: real discord.py, a real SQLite file, a fake model."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import logs
from bot.agent.grading.grader import Grader
from bot.agent.grading.language.loader import load_language
from bot.agent.grading.notes import NotesGrader
from bot.agent.lazy import LazyGrader
from bot.settings import Settings
from bot.ui.client import HunchBot
from tests.blocking import blocking_calls
from tests.conftest import EVERY_KIND
from tests.fakes.model import FakeEngine
from tests.journeys.bots import Build, closed_at_the_end
from tests.journeys.player import Player

PATIENCE_S = 120  # what a press starts may take so long where others use the machine


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let the simulated Discord wait until the bot has come to rest, on a busy machine too."""
    item.add_marker(pytest.mark.simcord(settle_timeout=PATIENCE_S))


@pytest.fixture(autouse=True)
def plain_log() -> None:
    """Log as the program does: structlog's own way draws every frame, for seconds."""
    logs.configure("info", "text")


@pytest.fixture(autouse=True)
def blocked() -> Iterator[list[str]]:
    """What has held up the event loop so far; from before the bot is built until it has ended."""
    with blocking_calls() as noted:
        yield noted
    assert noted == []


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def course_dir(request: pytest.FixtureRequest) -> Path | None:
    """The shipped course; `@pytest.mark.every_kind` takes the one for tests."""
    return EVERY_KIND if request.node.get_closest_marker("every_kind") else None


@pytest.fixture
async def build() -> AsyncIterator[Build]:
    """Build bots that are closed after the test."""
    async with closed_at_the_end() as build:
        yield build


@pytest.fixture
def new_bot(
    tmp_path: Path, engine: FakeEngine, course_dir: Path | None, build: Build
) -> Callable[[], HunchBot]:
    """Build the bot anew over the same database: what a restart does."""
    url = f"sqlite:///{tmp_path}/hunch.sqlite"
    settings = Settings(database_url=url, course_dir=course_dir)
    return lambda: build(settings, engine, grader=by_words())


def by_words() -> LazyGrader:
    """Grade without a sentence encoder: tests of what is clicked need no second model."""
    return LazyGrader(lambda: Grader(NotesGrader(load_language("english"))))


@pytest.fixture
def simcord_bot(new_bot: Callable[[], HunchBot]) -> HunchBot:
    return new_bot()


@pytest.fixture
def channel(simcord_env: Any) -> Any:
    return simcord_env.create_guild().create_text_channel("inference")


@pytest.fixture
def join(simcord_env: Any, channel: Any) -> Callable[[str], Player]:
    """Let somebody join the guild."""

    def joined(name: str) -> Player:
        member = simcord_env.guild.add_member(simcord_env.create_user(name))
        return Player(simcord_env, member, channel)

    return joined


@pytest.fixture
def alice(join: Callable[[str], Player]) -> Player:
    return join("alice")


@pytest.fixture
def mallory(join: Callable[[str], Player]) -> Player:
    return join("mallory")


@pytest.fixture
def dora(simcord_env: Any) -> Player:
    """Somebody who writes to the bot directly."""
    user = simcord_env.create_user("dora")
    return Player(simcord_env, user, user.dm_channel)
