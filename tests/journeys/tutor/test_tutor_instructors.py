"""What the tutor could not answer: on the instructors' list, answered there, told to who asked."""

from collections.abc import Callable
from typing import Any

import discord
import pytest

from bot.domain.tutor.passages import Source
from bot.domain.tutor.talk import Outcome
from tests.journeys.player import Player, text_of
from tests.journeys.tutor.desk import ScriptedTutor, reply

NEAR = Source(1, step="how-produced")
ASKED = "Does our cluster use chunked prefill?"


def in_vain(near: Source | None = NEAR) -> Any:
    return reply("I can't.", outcome=Outcome.ABSTAINED, citations=(near,) if near else ())


async def ask_in_vain(player: Player, tutor: ScriptedTutor, text: str = ASKED) -> str:
    tutor.will(in_vain())
    return await player.type("ask", question=text)


def inbox(player: Player) -> list[str]:
    """Return what the bot wrote to somebody directly."""
    user = player.actor.user
    stored = player.env.backend.messages.get(user.dm_channel.id, {})
    return [text_of(message) for message in stored.values()]


async def test_a_question_asked_in_vain_is_listed_answered_and_told(
    alice: Player, ina: Player, tutor: ScriptedTutor
) -> None:
    assert "on the instructors' list" in await ask_in_vain(alice, tutor)
    text = await ina.type("class questions")
    assert ina.shown.response.ephemeral
    assert "__Lesson 1: What is an LLM?__" in text
    assert ASKED in text
    assert "near: Lesson 1 · step 1" in text
    await ina.press("Answer 1")
    text = await ina.write("It does, since **May**. @everyone")
    assert "sent to them as a direct message" in text
    assert "Nothing waits for you" in text
    (told,) = inbox(alice)
    assert "An instructor answered you." in told
    assert ASKED in told
    assert "It does, since **May**." in told
    assert "@everyone" not in told
    tutor.will(reply())
    assert "An instructor" not in await alice.type("ask", question="Why?")  # told once


@pytest.mark.parametrize("command", ["hunch", "ask"])
async def test_a_closed_inbox_is_told_at_the_next_chance_and_once(
    simcord_env: Any, alice: Player, ina: Player, tutor: ScriptedTutor, command: str
) -> None:
    await ask_in_vain(alice, tutor)
    await ina.type("class questions")
    await ina.press("Answer 1")
    simcord_env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    assert "Their inbox is closed to me" in await ina.write("It does.")
    given = {"question": "Why?"} if command == "ask" else {}
    tutor.will(reply(), reply())
    text = await alice.type(command, **given)
    assert "**An instructor answered you.**" in text
    assert "It does." in text
    assert "An instructor" not in await alice.type(command, **given)


async def test_what_an_instructor_answered_is_not_told_in_public(
    simcord_env: Any, alice: Player, ina: Player, tutor: ScriptedTutor
) -> None:
    await ask_in_vain(alice, tutor)
    await ina.type("class questions")
    await ina.press("Answer 1")
    simcord_env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    await ina.write("It does.")
    tutor.will(reply())
    assert "It does." not in await alice.say(f"<@{simcord_env.bot.user.id}> why?")


async def test_the_second_of_two_instructors_is_told_kindly(
    simcord_env: Any, alice: Player, ina: Player, tutor: ScriptedTutor
) -> None:
    role = next(r for r in simcord_env.guild.roles.values() if r.name == "teachers")
    other = simcord_env.guild.add_member(simcord_env.create_user("ivo"), roles=[role])
    ivo = Player(simcord_env, other, ina.channel)
    await ask_in_vain(alice, tutor)
    for instructor in (ina, ivo):
        await instructor.type("class questions")
        await instructor.press("Answer 1")
    await ina.write("It does.")
    assert "Another instructor has answered that one already." in await ivo.write("It doesn't.")
    assert len(inbox(alice)) == 1


async def test_an_answer_that_can_not_be_taken_leaves_the_list_standing(
    alice: Player, ina: Player, tutor: ScriptedTutor
) -> None:
    await ask_in_vain(alice, tutor)
    await ina.type("class questions")
    await ina.press("Answer 1")
    text = await ina.write("   ")
    assert "Write an answer of 1 to 1,500 characters." in text
    assert ASKED in text


async def test_only_instructors_see_the_list(
    simcord_env: Any, alice: Player, mallory: Player, tutor: ScriptedTutor
) -> None:
    await ask_in_vain(alice, tutor)
    found = simcord_env.backend.find_command("class", simcord_env.guild.id, type=1)
    handed_out = {mallory.actor: True}  # by the server; the bot looks again
    simcord_env.guild.set_command_permissions(int(found["id"]), handed_out)
    assert "That is for instructors of this server." in await mallory.type("class questions")


async def test_questions_of_another_server_are_not_on_the_list(
    simcord_env: Any, alice: Player, tutor: ScriptedTutor, ina: Player
) -> None:
    await ask_in_vain(alice, tutor)
    other = simcord_env.create_guild("Elsewhere")
    channel = other.create_text_channel("there")
    role = other.create_role("t", permissions=discord.Permissions(manage_guild=True))
    member = other.add_member(simcord_env.create_user("otto"), roles=[role])
    assert "Nothing waits for you" in await Player(simcord_env, member, channel).type(
        "class questions"
    )


async def test_what_is_outside_the_lessons_comes_last(
    alice: Player, ina: Player, tutor: ScriptedTutor, join: Callable[[str], Player]
) -> None:
    for near, text in ((None, "Who runs this?"), (Source(2, term="layer"), "Two?"), (NEAR, "One?")):
        tutor.will(in_vain(near))
        await alice.type("ask", question=text)
    text = await ina.type("class questions")
    assert text.index("One?") < text.index("Two?") < text.index("Who runs this?")
    assert "__Outside the lessons__" in text
    assert ina.labels == ["Answer 1", "Answer 2", "Answer 3"]
