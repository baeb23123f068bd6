"""Commands: where they can be used, what they offer, who sees the answer."""

import re
from pathlib import Path
from typing import Any

import pytest
from discord import Permissions

from bot.ui.client import HunchBot
from curriculum.schema import Course
from tests.journeys.player import Player
from tools.catalogue import INSTRUMENTS

ROOT = Path(__file__).parents[2]
PAGES = {"metrics", "tokenize"}  # of a server: they begin with a slash, and are no commands
RIGHT = "It adds one piece, looks again, adds the next\nOne piece goes on the end"
SLASH, SUBCOMMAND = 1, 1


async def test_a_lesson_is_private_in_a_guild_and_stays_in_a_direct_message(
    alice: Player, dora: Player
) -> None:
    await alice.type("lesson")
    assert alice.shown.response.ephemeral
    await dora.type("lesson")
    assert not dora.shown.response.ephemeral
    assert RIGHT in await _guess(dora)


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
    assert RIGHT in await direct.type("lesson")
    assert direct.card.channel.id == user.dm_channel.id
    assert "2 of 16" in await direct.press("Next")


@pytest.mark.parametrize(
    "name", ["hunch", "lesson", "more progress", "more help", "review", "more remind", "guess"]
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
    offered = await alice.actor.autocomplete(alice.channel, "more glossary", "term", "log")
    assert "logits" in [choice["value"] for choice in offered]
    assert len(await alice.actor.autocomplete(alice.channel, "more glossary", "term", "")) == 25
    assert "### logits" in await alice.type("more glossary", term="LOGITS")


async def test_an_unknown_term_names_what_is_near(alice: Player) -> None:
    await alice.type("more glossary", term="tok")
    assert "token" in alice.text


async def test_help_leads_to_the_map(alice: Player) -> None:
    assert "/nexttoken" in await alice.type("more help")
    assert "Inference Engineering" in await alice.press("Course map")


async def test_commands_work_for_guilds_users_and_every_context(
    simcord_env: Any, simcord_bot: HunchBot
) -> None:
    for command in _synced(simcord_env):
        if command["name"] == "class":
            assert command["contexts"] == command["integration_types"] == [0]
            assert int(command["default_member_permissions"]) == 1 << 5  # manage the server
            continue
        assert sorted(command["integration_types"]) == [0, 1]
        assert sorted(command["contexts"]) == [0, 1, 2]


async def test_a_newcomer_sees_a_dozen_commands_each_with_a_plain_line(
    simcord_env: Any, shipped: Course
) -> None:
    top = [c for c in _synced(simcord_env) if c["type"] == SLASH]
    assert len(top) <= 12
    to_be_learnt = {
        name.casefold()
        for term in shipped.terms
        for name in (term.term, *term.aliases)
        if term.term != "language model"
    }
    for command in top:
        line = command["description"]
        assert 20 <= len(line) <= 100
        words = set(re.findall(r"[a-z-]+", line.casefold()))
        assert not words & to_be_learnt, (command["name"], words & to_be_learnt)


async def test_no_command_says_a_word_twice_and_none_hides_behind_another(
    simcord_env: Any,
) -> None:
    pairs = [(c["name"], one["name"]) for c in _synced(simcord_env) for one in _inside(c)]
    assert len(pairs) > 40
    for group, inside in pairs:
        assert not inside.startswith(group), (group, inside)
        # typing /train offers what begins so: another's group must not
        hides = [f"{g} {i}" for g, i in pairs if g.startswith(inside) and i != inside]
        assert hides == [], inside


async def test_every_instrument_is_a_command(simcord_env: Any) -> None:
    names = {c["name"] for c in _synced(simcord_env)}
    names |= {one["name"] for c in _synced(simcord_env) for one in _inside(c)}
    assert set(INSTRUMENTS) <= names


async def test_what_texts_tell_to_type_is_there(simcord_env: Any) -> None:
    there = {c["name"]: {one["name"] for one in _inside(c)} for c in _synced(simcord_env)}
    texts = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "docs").rglob("*.md")]
    texts += [path for path in ROOT.glob("*.md") if path.name != "CHANGELOG.md"]
    told = {
        (path.name, name, inside)
        for path in [*texts, *(ROOT / "curriculum").rglob("*.yaml")]
        for name, inside in re.findall(r"`/([a-z]{2,})(?: ([a-z]+))?\b", path.read_text("utf-8"))
        if name not in PAGES
    }
    assert len(told) > 40
    for where, name, inside in told:
        assert name in there, (where, name)
        if there[name] and inside:  # a group may be named alone
            assert inside in there[name], (where, name, inside)


async def test_from_the_map_buttons_lead_everywhere(simcord_env: Any, channel: Any) -> None:
    role = simcord_env.guild.create_role("t", permissions=Permissions(manage_guild=True))
    member = simcord_env.guild.add_member(simcord_env.create_user("ina"), roles=[role])
    ina = Player(simcord_env, member, channel)
    await ina.type("hunch")
    reached: set[str] = set()
    for label in ("More", "My data"):
        reached |= set(ina.labels)
        await ina.press(label)
    reached |= set(ina.labels)
    assert reached >= {
        *("Start lesson 1", "Ask", "Guess game", "Try the model", "My progress", "More"),
        *("A word", "Review", "Reminders", "My data", "My class", "Flashcards"),
        *("All of it as a file", "Who sees me", "Forget what I asked here", "Delete everything"),
    }


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ("Guess game", "[Type what comes next]"),
        ("Try the model", "### Instruments"),
        ("My progress", "### Your progress"),
    ],
)
async def test_the_map_leads_on(alice: Player, label: str, says: str) -> None:
    await alice.type("hunch")
    assert says in await alice.press(label)


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ("Reminders", "### Reminders"),
        ("My progress", "### Your progress"),
        ("My data", "### What I keep about you"),
        ("Review", "["),
    ],
)
async def test_more_leads_on(alice: Player, label: str, says: str) -> None:
    await alice.type("hunch")
    await alice.press("More")
    assert says in await alice.press(label)
    assert "My class" not in alice.labels


async def test_a_word_is_explained_from_a_window(alice: Player) -> None:
    await alice.type("more help")
    await alice.press("A word")
    await alice.write("logits")
    assert "### logits" in alice.told


async def test_ones_data_is_handed_over_forgotten_and_deleted_by_buttons(alice: Player) -> None:
    await alice.type("more privacy")
    page = alice.card
    await alice.press("All of it as a file", page)
    assert "hold" in alice.told
    await alice.press("Forget what I asked here", page)
    assert "nothing to forget" in alice.told
    await alice.press("Who sees me", page)
    assert "May your instructors see" in alice.text
    await alice.type("more privacy")
    await alice.press("Delete everything")
    assert "elete" in alice.told


def _synced(env: Any) -> list[dict[str, Any]]:
    sent = next(r for r in env.http_requests if r.path.endswith("/commands"))
    return list(sent.json)


def _inside(command: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in command.get("options", ()) if one["type"] == SUBCOMMAND]


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
