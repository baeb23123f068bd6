"""Every way to ask: a command, a mention, a reply, a direct message, a thread; and what is none."""

from collections.abc import Callable
from typing import Any

import discord
import pytest

from tests.journeys.player import Player
from tests.journeys.tutor.desk import ScriptedTutor, reply


@pytest.fixture
def me(simcord_env: Any) -> str:
    return f"<@{simcord_env.bot.user.id}>"


async def test_a_command_is_answered_for_the_askers_eyes_with_the_question_above(
    alice: Player, tutor: ScriptedTutor
) -> None:
    tutor.will(reply("Because prefill comes first."))
    text = await alice.type("ask", question="Why is the first token slow?")
    assert text.startswith("**Why is the first token slow?**\nBecause prefill comes first.")
    assert alice.shown.response.ephemeral
    assert tutor.questions == ["Why is the first token slow?"]


async def test_a_command_in_a_direct_message_stays(dora: Player, tutor: ScriptedTutor) -> None:
    tutor.will(reply())
    assert "prefill" in await dora.type("ask", question="Why is the first token slow?")
    assert not dora.shown.response.ephemeral


async def test_a_mention_is_answered_in_reply_and_pings_nobody(
    alice: Player, tutor: ScriptedTutor, me: str
) -> None:
    tutor.will(reply())
    text = await alice.say(f"{me} why is the first token slow?")
    assert text.startswith("Because prefill comes first.")
    assert tutor.questions == ["why is the first token slow?"]
    assert alice.card.reference.message_id == alice.sent.id
    assert alice.card.mentions == []


async def test_a_reply_to_an_answer_goes_on_with_the_talk(
    alice: Player, tutor: ScriptedTutor, me: str
) -> None:
    tutor.will(reply("One."))
    await alice.say(f"{me} what is prefill?")
    tutor.will(reply("Two."))
    assert "Two." in await alice.say("and decode?", reply_to=alice.card)
    question, _ = tutor.asked[-1]
    assert [(one.question, one.answer) for one in question.earlier] == [
        ("what is prefill?", "One.")
    ]


async def test_a_direct_message_needs_no_mention(dora: Player, tutor: ScriptedTutor) -> None:
    tutor.will(reply())
    assert "prefill" in await dora.say("why is the first token slow?")


async def test_a_thread_is_a_talk_of_its_own(
    simcord_env: Any, alice: Player, tutor: ScriptedTutor, me: str
) -> None:
    tutor.will(reply("In the channel."))
    await alice.say(f"{me} what is a token?")
    parent = simcord_env.bot.get_channel(alice.channel.id)
    await parent.create_thread(name="aside", type=discord.ChannelType.public_thread)
    (thread,) = alice.channel.threads
    inside = Player(simcord_env, alice.actor, thread)
    tutor.will(reply("In the thread."))
    assert "In the thread." in await inside.say(f"{me} what is a token?")
    assert tutor.asked[-1][0].earlier == ()


async def test_what_was_asked_in_private_is_not_known_in_public(
    alice: Player, tutor: ScriptedTutor, me: str
) -> None:
    tutor.will(reply())
    await alice.type("ask", question="A secret question?")
    tutor.will(reply())
    await alice.say(f"{me} what did I ask?")
    assert tutor.asked[-1][0].earlier == ()


async def test_a_mention_without_a_question_says_what_to_do(
    alice: Player, tutor: ScriptedTutor, me: str
) -> None:
    assert "Ask me something, for example" in await alice.say(me)
    assert tutor.asked == []


async def test_a_mention_in_an_answer_to_somebody_else_counts(
    alice: Player, mallory: Player, tutor: ScriptedTutor, me: str
) -> None:
    said = await alice.actor.send(alice.channel, "I think it is the cache")
    tutor.will(reply())
    assert "prefill" in await mallory.say(f"let's ask {me}: is it?", reply_to=said)
    assert tutor.questions == ["let's ask  : is it?"]


async def test_nobody_is_answered_who_did_not_ask(
    simcord_env: Any, alice: Player, mallory: Player, ina: Player, tutor: ScriptedTutor, me: str
) -> None:
    hook = simcord_env.guild.create_webhook(alice.channel)
    robot = simcord_env.guild.add_member(simcord_env.create_user("robot", bot=True))
    asked = await alice.actor.send(alice.channel, "what is a token?")
    await mallory.say("no idea", reply_to=asked)
    await hook.send(f"{me} what is a token?")
    await robot.send(alice.channel, f"{me} what is a token?")
    await ina.say(f"@everyone ask {me} something")
    assert tutor.asked == []
    assert alice.heard() == ""


async def test_fifty_at_once_are_each_told_and_one_is_answered(
    simcord_env: Any, alice: Player, tutor: ScriptedTutor, me: str
) -> None:
    for number in range(50):
        await alice.say(f"{me} question {number}?")
    edits = [r for r in simcord_env.http_requests if r.method == "PATCH"]
    assert edits == []
    await tutor.says(reply("The first is answered."))
    said = [m for m in alice.channel.history() if m.author.id == simcord_env.bot.user.id]
    texts = [alice_text(alice, m) for m in said]
    assert sum("still on your last question" in text for text in texts) == 49
    assert sum("The first is answered." in text for text in texts) == 1
    assert {m.reference.message_id for m in said} == {
        m.id for m in alice.channel.history() if m.author.id == alice.actor.id
    }
    assert tutor.questions == ["question 0?"]


def alice_text(player: Player, message: Any) -> str:
    player.card = message
    return player.text


async def test_the_next_question_is_taken_when_the_last_has_ended(
    alice: Player, tutor: ScriptedTutor, join: Callable[[str], Player]
) -> None:
    await alice.type("ask", question="One?")
    assert "still on your last question" in await alice.type("ask", question="Two?")
    bob = join("bob")
    await bob.type("ask", question="Mine?")
    assert tutor.questions == ["One?", "Mine?"]
    await tutor.says(reply(), reply())
    tutor.will(reply())
    assert "prefill" in await alice.type("ask", question="Two?")


@pytest.mark.parametrize("a_day", [2])
async def test_what_is_left_of_the_day_is_shown_and_instructors_are_not_counted(
    alice: Player, ina: Player, tutor: ScriptedTutor
) -> None:
    tutor.will(*[reply()] * 5)
    assert "1 question left today" in await alice.type("ask", question="One?")
    assert "that was today's last question" in await alice.type("ask", question="Two?")
    assert "You have asked 2 questions today, which is the limit" in await alice.type(
        "ask", question="Three?"
    )
    for _ in range(3):
        assert "today" not in await ina.type("ask", question="Mine?")
