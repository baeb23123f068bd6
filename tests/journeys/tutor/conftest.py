"""The whole bot under a simulated Discord, with a tutor that says what it is told to."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.settings import Settings
from bot.ui.client import HunchBot
from tests.fakes.model import FakeEngine
from tests.journeys.bots import Build
from tests.journeys.player import Player
from tests.journeys.tutor.desk import HandBeat, ScriptedTutor


@pytest.fixture
def tutor() -> ScriptedTutor:
    return ScriptedTutor()


@pytest.fixture
def beat() -> HandBeat:
    return HandBeat()


@pytest.fixture
def a_day() -> int:
    """Questions of one learner a day."""
    return 50


@pytest.fixture
def new_bot(
    tmp_path: Path,
    engine: FakeEngine,
    tutor: ScriptedTutor,
    beat: HandBeat,
    a_day: int,
    build: Build,
) -> Callable[[], HunchBot]:
    url = f"sqlite:///{tmp_path}/hunch.sqlite"
    settings = Settings(database_url=url, questions_a_day=a_day)
    return lambda: build(settings, engine, tutor, beat)


@pytest.fixture(autouse=True)
def at_the_desk(simcord_env: Any, tutor: ScriptedTutor, beat: HandBeat) -> None:
    """Let the tutor and the clock wait without holding up the simulated Discord."""
    tutor.env = beat.env = simcord_env


@pytest.fixture
def ina(simcord_env: Any, channel: Any) -> Player:
    """An instructor: she may manage the server, and call everyone."""
    may = discord.Permissions(manage_guild=True, mention_everyone=True)
    role = simcord_env.guild.create_role("teachers", permissions=may)
    member = simcord_env.guild.add_member(simcord_env.create_user("ina"), roles=[role])
    return Player(simcord_env, member, channel)
