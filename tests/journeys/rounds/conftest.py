"""A class of several, an instructor or two, and a clock that a test moves by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.settings import Settings
from bot.ui.client import HunchBot
from bot.wiring import build_bot
from tests.conftest import EVERY_KIND
from tests.fakes import FakeEngine
from tests.journeys.player import Player
from tests.journeys.tutor.desk import HandBeat


@pytest.fixture
def beat() -> HandBeat:
    return HandBeat()


@pytest.fixture
def course_dir() -> Path:
    return EVERY_KIND


@pytest.fixture
def new_bot(
    tmp_path: Path, engine: FakeEngine, beat: HandBeat, course_dir: Path
) -> Callable[[], HunchBot]:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/hunch.sqlite", course_dir=course_dir)
    return lambda: build_bot(settings, engine, beat=beat)


@pytest.fixture(autouse=True)
def by_hand(simcord_env: Any, beat: HandBeat) -> None:
    """Let the clock wait without holding up the simulated Discord."""
    beat.env = simcord_env


@pytest.fixture
def instructor(simcord_env: Any, channel: Any) -> Callable[[str], Player]:
    """Let an instructor join: somebody who may manage the server."""
    may = discord.Permissions(manage_guild=True)
    role = simcord_env.guild.create_role("teachers", permissions=may)

    def joined(name: str) -> Player:
        member = simcord_env.guild.add_member(simcord_env.create_user(name), roles=[role])
        return Player(simcord_env, member, channel)

    return joined


@pytest.fixture
def ina(instructor: Callable[[str], Player]) -> Player:
    return instructor("ina")


@pytest.fixture
def six(join: Callable[[str], Player]) -> list[Player]:
    """A class just large enough to be shown its spread, and one more."""
    return [join(f"learner{number}") for number in range(6)]
