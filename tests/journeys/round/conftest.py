"""A class of several, an instructor or two, and a clock that a test moves by hand."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.settings import Settings
from bot.ui.client import HunchBot
from tests.conftest import EVERY_KIND
from tests.fakes.model import FakeEngine
from tests.journeys.bots import Build
from tests.journeys.player import Player, text_of
from tests.journeys.tutor.desk import HandBeat


@pytest.fixture
def beat() -> HandBeat:
    return HandBeat()


@pytest.fixture
def course_dir(tmp_path: Path) -> Path:
    """A copy of the course for tests, to be edited."""
    return Path(shutil.copytree(EVERY_KIND, tmp_path / "course"))


@pytest.fixture
def new_bot(
    tmp_path: Path, engine: FakeEngine, beat: HandBeat, course_dir: Path, build: Build
) -> Callable[[], HunchBot]:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/hunch.sqlite", course_dir=course_dir)
    return lambda: build(settings, engine, beat=beat)


@pytest.fixture(autouse=True)
def by_hand(simcord_env: Any, beat: HandBeat) -> None:
    """Let the clock wait without holding up the simulated Discord."""
    beat.env = simcord_env


class Teacher(Player):
    """An instructor, and what the bot wrote to them directly."""

    user: Any = None

    @property
    def inbox(self) -> str:
        return "\n".join(
            text_of(self.env.backend.get_message(m.channel.id, m.id)) for m in self.mail
        )

    @property
    def mail(self) -> list[Any]:
        return list(self.user.dm_channel.history())


@pytest.fixture
def instructor(simcord_env: Any, channel: Any) -> Callable[[str], Teacher]:
    """Let an instructor join: somebody who may manage the server."""
    may = discord.Permissions(manage_guild=True, manage_messages=True)
    role = simcord_env.guild.create_role("teachers", permissions=may)

    def joined(name: str) -> Teacher:
        user = simcord_env.create_user(name)
        member = simcord_env.guild.add_member(user, roles=[role])
        teacher = Teacher(simcord_env, member, channel)
        teacher.user = user
        return teacher

    return joined


@pytest.fixture
def ina(instructor: Callable[[str], Teacher]) -> Teacher:
    return instructor("ina")


@pytest.fixture
def six(join: Callable[[str], Player]) -> list[Player]:
    """A class of six."""
    return [join(f"learner{number}") for number in range(6)]
