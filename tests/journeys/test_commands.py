"""Commands: where they can be used, what they offer, who sees the answer."""

from typing import Any

import pytest

from bot.ui.client import HunchBot
from tests.journeys.player import Player
from tools.catalogue import INSTRUMENTS


async def test_a_lesson_is_private_in_a_guild_and_stays_in_a_direct_message(
    alice: Player, dora: Player
) -> None:
    await alice.type("lesson")
    assert alice.shown.response.ephemeral
    await dora.type("lesson")
    assert not dora.shown.response.ephemeral
    assert "### ✓ B:" in await _guess(dora)


async def _guess(player: Player) -> str:
    for label in ("Start", "B"):
        await player.press(label)
    return await player.press("sure")


async def test_a_lesson_begun_in_a_guild_goes_on_in_a_direct_message(
    simcord_env: Any, channel: Any
) -> None:
    user = simcord_env.create_user("alice")
    in_guild = Player(simcord_env, simcord_env.guild.add_member(user), channel)
    direct = Player(simcord_env, user, user.dm_channel)
    await in_guild.type("lesson")
    await _guess(in_guild)
    assert "### ✓ B:" in await direct.type("lesson")
    assert direct.card.channel.id == user.dm_channel.id
    assert "2 of 17" in await direct.press("Next")


@pytest.mark.parametrize(
    "name", ["home", "lesson", "progress", "help", "review", "remind", "guess"]
)
async def test_every_command_answers_in_a_direct_message(dora: Player, name: str) -> None:
    text = await dora.type(name)
    assert "[" in text
    assert not dora.shown.response.ephemeral


async def test_lessons_are_offered_while_typing(alice: Player) -> None:
    offered = await alice.actor.autocomplete(alice.channel, "lesson", "which", "llm")
    assert [choice["value"] for choice in offered] == ["what-is-an-llm"]


async def test_a_lesson_can_be_named_or_numbered(alice: Player) -> None:
    assert "What is an LLM?" in await alice.type("lesson", which="1")
    assert "There is no such lesson yet. There is: 1 What is an LLM?" in await alice.type(
        "lesson", which="quantum"
    )


async def test_terms_are_offered_while_typing_and_explained(alice: Player) -> None:
    offered = await alice.actor.autocomplete(alice.channel, "glossary", "term", "log")
    assert "logits" in [choice["value"] for choice in offered]
    assert len(await alice.actor.autocomplete(alice.channel, "glossary", "term", "")) == 25
    assert "### logits" in await alice.type("glossary", term="LOGITS")


async def test_an_unknown_term_names_what_is_near(alice: Player) -> None:
    await alice.type("glossary", term="tok")
    assert "token" in alice.text


async def test_help_leads_to_the_map(alice: Player) -> None:
    assert "/nexttoken" in await alice.type("help")
    assert "Inference Engineering" in await alice.press("Course map")


async def test_commands_work_for_guilds_users_and_every_context(
    simcord_env: Any, simcord_bot: HunchBot
) -> None:
    sent = next(r for r in simcord_env.http_requests if r.path.endswith("/commands"))
    course = {"home", "lesson", "progress", "glossary", "help", "instruments"}
    course |= {"review", "remind", "guess"}
    tutor, instructors = {"ask", "stop", "forget"}, {"questions", "class"}
    instructors |= {"setup", "cohort", "learner", "assign", "misconceptions", "overrule"}
    seen = {"cards", "sharing", "privacy", "mydata", "deleteme"}
    topics = {one.topic.value or one.name for one in INSTRUMENTS.values()}
    assert {c["name"] for c in sent.json} == course | topics | tutor | instructors | seen
    for command in sent.json:
        if command["name"] in instructors:
            assert command["contexts"] == command["integration_types"] == [0]
            assert int(command["default_member_permissions"]) == 1 << 5  # manage the server
            continue
        assert sorted(command["integration_types"]) == [0, 1]
        in_servers_only = command["name"] == "sharing"
        assert sorted(command["contexts"]) == ([0] if in_servers_only else [0, 1, 2])


async def test_an_interaction_is_acknowledged_before_any_answer(
    simcord_env: Any, alice: Player
) -> None:
    await alice.type("lesson")
    calls = [(r.method, r.path) for r in simcord_env.http_requests]
    first = next(i for i, (_, path) in enumerate(calls) if "/callback" in path)
    edit = next(i for i, (method, path) in enumerate(calls) if method == "PATCH")
    assert first < edit


async def test_the_bot_asks_for_no_privileged_intent(simcord_bot: HunchBot) -> None:
    intents = simcord_bot.intents
    assert [intents.message_content, intents.members, intents.presences] == [False] * 3
