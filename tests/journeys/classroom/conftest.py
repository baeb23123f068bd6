"""A server with learners, a role for instructors, and whoever manages it."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import discord
import pytest

from bot.report.vega import vega_script
from tests.journeys.player import Player

MANAGES = discord.Permissions(manage_guild=True)
NASTY = '=1+1 <img src=x onerror="alert(1)"> \u202e@everyone'


@pytest.fixture(scope="session")
def warm() -> None:
    """What draws charts, loaded: the simulated Discord waits five seconds, the real one longer."""
    import_module("altair")
    vega_script()


@pytest.fixture
def role(simcord_env: Any, channel: Any) -> Any:
    """The instructors' role. It grants nothing."""
    return simcord_env.guild.create_role("instructors")


@pytest.fixture
def come(simcord_env: Any, channel: Any) -> Callable[..., Player]:
    """Let somebody join the guild with some roles."""

    def came(name: str, *roles: Any, nick: str | None = None) -> Player:
        user = simcord_env.create_user(name)
        member = simcord_env.guild.add_member(user, roles=roles, nick=nick)
        return Player(simcord_env, member, channel)

    return came


@pytest.fixture
def manager(simcord_env: Any, come: Callable[..., Player]) -> Player:
    return come("manager", simcord_env.guild.create_role("managers", permissions=MANAGES))


@pytest.fixture
async def teacher(
    simcord_env: Any, simcord_bot: Any, come: Callable[..., Player], role: Any, manager: Player
) -> Player:
    """An instructor by role only, named by /setup; the server lets the role see the commands."""
    await manager.type("class setup", instructors=role)
    for command in await simcord_bot.tree.fetch_commands():
        if command.default_member_permissions is not None:
            simcord_env.guild.set_command_permissions(command, {role: True})
    return come("teacher", role)


async def guess(player: Player, option: str = "A", how_sure: str = "sure") -> str:
    """Begin lesson 1, lock in a guess at its first step, and look at the answer."""
    await player.type("lesson", which="1")
    for label in ("Start", option, how_sure):
        await player.press(label)
    return player.text
