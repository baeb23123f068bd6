"""The unmodified `hunch run`, in a process of its own, answering a stand-in for Discord."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
import pytest_asyncio

from bot.ui.buttons import custom_ids
from bot.ui.buttons.lesson import OpenHome
from tests.run import payloads
from tests.run.discord_stub import DiscordStub, serving
from tests.run.process import hunch_run

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(60)]

THINKING, DEFER_UPDATE = 5, 6


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def connected(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DiscordStub]:
    """A Discord that one bot is connected to, for all tests here: they only look and click."""
    folder = tmp_path_factory.mktemp("run")
    async with serving(DiscordStub()) as stub, hunch_run(folder, stub) as running:
        await running.logged("ready")
        await stub.until(lambda: stub.identified)
        yield stub


async def test_a_slash_command_is_acknowledged_first_and_answered_with_a_card(
    connected: DiscordStub,
) -> None:
    seen = len(connected.requests)

    callback = await connected.interact(payloads.slash("lesson"))
    card = await connected.answer_to(callback)

    first = connected.requests[seen]
    assert (first.method, first.path) == ("POST", callback)
    assert first.body == {"type": THINKING, "data": {"flags": payloads.EPHEMERAL}}
    assert "What is an LLM?" in json.dumps(card.body)
    assert card.body["flags"] & discord.MessageFlags.components_v2.flag


async def test_a_button_from_before_this_start_is_acknowledged_first_and_redraws_its_card(
    connected: DiscordStub,
) -> None:
    seen = len(connected.requests)

    callback = await connected.interact(payloads.press(custom_ids.encode(OpenHome())))
    card = await connected.answer_to(callback)

    first = connected.requests[seen]
    assert (first.method, first.path) == ("POST", callback)
    assert first.body == {"type": DEFER_UPDATE}
    assert card.body["components"]


async def test_it_goes_on_from_card_to_card(connected: DiscordStub) -> None:
    intro = await connected.answer_to(await connected.interact(payloads.slash("lesson")))
    begin = _custom_ids(intro.body)[0]

    first = await connected.answer_to(await connected.interact(payloads.press(begin)))

    assert any(custom_id.startswith("h1:") for custom_id in _custom_ids(first.body))
    assert first.body["components"] != intro.body["components"]


async def test_commands_can_be_used_in_servers_and_by_people_everywhere(
    connected: DiscordStub,
) -> None:
    synced = await connected.request("PUT", r"/applications/\d+/commands")

    assert {command["name"] for command in synced.body} >= {"lesson", "hunch", "nexttoken"}
    in_servers = {c["name"] for c in synced.body if sorted(c["contexts"]) == [0]}
    assert in_servers == {"class"}
    for command in synced.body:
        if command["name"] not in in_servers:
            assert sorted(command["contexts"]) == [0, 1, 2]
            assert sorted(command["integration_types"]) == [0, 1]


async def test_no_privileged_intent_is_asked_for(connected: DiscordStub) -> None:
    asked = discord.Intents._from_value(connected.identified[0]["intents"])

    privileged = discord.Intents(members=True, presences=True, message_content=True)
    assert asked.guilds
    assert asked.value & privileged.value == 0


def _custom_ids(body: Any) -> list[str]:
    return re.findall(r'"custom_id": "([^"]+)"', json.dumps(body))
