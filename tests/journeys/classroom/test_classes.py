"""A class as its instructors use it: name them, agree to be seen, look, assign, report."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.ui.areas.classroom.commands import ClassroomCommands
from bot.ui.client import HunchBot
from tests.journeys.classroom.conftest import NASTY, guess
from tests.journeys.player import Player

REFUSED = "That is for instructors of this server."


async def test_whoever_manages_the_server_names_its_instructors(
    manager: Player, role: Any, come: Callable[..., Player]
) -> None:
    assert f"<@&{role.id}>" in await manager.type("class setup", instructors=role)
    assert manager.shown.response.ephemeral
    assert "Only those who manage" in await manager.type("class setup")


async def test_the_role_alone_makes_an_instructor_and_a_lost_role_unmakes_one(
    simcord_env: Any, teacher: Player, role: Any
) -> None:
    assert "### Your class" in await teacher.type("class cohort")
    assert teacher.shown.response.ephemeral
    member = simcord_env.backend.get_guild(simcord_env.guild.id).members[teacher.actor.id]
    member.role_ids.remove(role.id)
    await teacher.press("Refresh")
    assert REFUSED in teacher.text


async def test_a_learner_is_asked_once_and_hidden_until_they_agree(
    teacher: Player, alice: Player
) -> None:
    await alice.type("lesson", which="1")
    asked = alice.shown.followups[-1]
    assert asked.ephemeral
    assert "I can't show you this learner" in await teacher.type("class learner", who=alice.actor)
    await guess_on(alice)
    await alice.type("lesson")
    assert alice.shown.followups == []

    await alice.press("Agree", card=asked.message)
    shown = await teacher.type("class learner", who=alice.actor)
    assert f"<@{alice.actor.id}>" in shown
    assert "0 of 1** right at first try" in shown

    await alice.type("more sharing")
    assert "Now: private" in await alice.press("Keep private")
    assert "I can't show you this learner" in await teacher.type("class learner", who=alice.actor)


async def guess_on(player: Player) -> None:
    for label in ("Start", "A", "sure"):
        await player.press(label)


async def test_instructors_are_not_asked_and_nobody_is_without_instructors(
    alice: Player, manager: Player
) -> None:
    await alice.type("lesson", which="1")
    assert alice.shown.followups == []
    await manager.type("class setup")
    await manager.type("lesson", which="1")
    assert manager.shown.followups == []


async def test_a_class_is_counted_without_names(
    teacher: Player, alice: Player, mallory: Player, join: Callable[[str], Player]
) -> None:
    for learner in (alice, mallory):
        await guess(learner)
    shown = await teacher.type("class cohort")
    assert "Lesson **1**: 2 in it · 0 done" in shown
    assert "*sure*" not in shown  # of two, each would know what the other said
    assert "Believed" not in shown
    await guess(join("third"))
    shown = await teacher.type("class cohort")
    assert "3 of 3 wrong" in shown
    assert "When *sure*: right 0 of 3." in shown
    assert "Believed most: *The whole reply is settled" in shown
    assert str(alice.actor.id) not in shown


async def test_what_a_lesson_is_believed_to_say_is_shown_but_few_peoples_words_are_not(
    teacher: Player, alice: Player, join: Callable[[str], Player]
) -> None:
    await guess(alice)
    shown = await teacher.type("class misconceptions", lesson="1")
    assert "a step is told once 3 have answered" in shown
    for name in ("second", "third"):
        await guess(join(name))
    shown = await teacher.type("class misconceptions", lesson="1")
    assert "**3 ×** The whole reply is settled" in shown
    assert "Words are shown once 3 learners" in shown
    assert "### Your class" in await teacher.press("Class")
    assert "There is no such lesson yet" in await teacher.type(
        "class misconceptions", lesson="quantum"
    )


async def test_a_lesson_is_assigned_for_all_to_see_and_reminded_of_once(
    simcord_bot: HunchBot, teacher: Player, alice: Player
) -> None:
    shown = await teacher.type("class assign", lesson="1", due="in 20 hours")
    assert not teacher.shown.response.ephemeral
    assert "### Lesson 1: What is an LLM?" in shown
    due = int(re.search(r"<t:(\d+):F>", shown)[1])
    hours = (datetime.fromtimestamp(due, UTC) - datetime.now(UTC)) / timedelta(hours=1)
    assert 19 < hours < 21
    alice.shown = await alice.actor.click(teacher.card, label="Open lesson 1")
    assert "[Start]" in text_of_new(alice)

    cog = simcord_bot.get_cog("ClassroomCommands")
    assert isinstance(cog, ClassroomCommands)
    for _ in range(2):
        await cog.remind()
    reminders = [m for m in alice.channel.history() if "Due <t:" in all_text(alice, m)]
    assert len(reminders) == 1


def all_text(player: Player, message: Any) -> str:
    from tests.journeys.player import text_of

    return text_of(player.env.backend.get_message(message.channel.id, message.id))


def text_of_new(player: Player) -> str:
    return all_text(player, (player.shown.response or player.shown.followups[-1]).message)


async def test_a_time_that_cant_be_read_is_told_and_nothing_is_assigned(teacher: Player) -> None:
    assert "I can't read that time" in await teacher.type("class assign", lesson="1", due="soonish")
    assert "That time has passed" in await teacher.type(
        "class assign", lesson="1", due="2020-01-01"
    )


async def test_a_channel_that_was_removed_is_not_tried_again(
    simcord_env: Any, simcord_bot: HunchBot, teacher: Player
) -> None:
    await teacher.type("class assign", lesson="1", due="in 2 hours")
    await simcord_bot.get_channel(teacher.channel.id).delete()
    cog = simcord_bot.get_cog("ClassroomCommands")
    assert isinstance(cog, ClassroomCommands)
    for _ in range(2):
        await cog.remind()
    asked = [r for r in simcord_env.http_requests if r.path.endswith(f"/{teacher.channel.id}")]
    assert len([r for r in asked if r.method == "GET"]) == 1


async def test_the_report_is_three_files_for_the_instructor_alone(
    warm: None, teacher: Player, come: Callable[..., Player]
) -> None:
    learner = come("lena", nick=NASTY[:32])
    await guess(learner)
    await learner.type("more sharing")
    await learner.press("Agree")
    await teacher.type("class cohort")
    await teacher.press("Report")
    answer = teacher.shown.followups[-1] if teacher.shown.followups else teacher.shown.response
    assert answer.ephemeral
    files = {a.filename: a for a in answer.message.attachments}
    assert [*files] == ["class.html", "guesses.csv", "xapi.jsonl"]
    table = (await files["guesses.csv"].read()).decode("utf-8-sig")
    assert "'=1+1" in table
    assert "\u202e" not in table
    page = (await files["class.html"].read()).decode()
    assert "&lt;img src=x" in page
    assert "<img src=x" not in page


async def test_a_learner_takes_flashcards_home(alice: Player) -> None:
    await alice.type("more cards")
    (file,) = alice.shown.response.message.attachments
    assert file.filename == "hunch.apkg"
    assert (await file.read())[:2] == b"PK"


async def test_a_learner_cant_use_what_is_for_instructors(
    simcord_env: Any, simcord_bot: HunchBot, manager: Player, alice: Player, role: Any
) -> None:
    for command in await simcord_bot.tree.fetch_commands():  # as an admin may override it
        simcord_env.guild.set_command_permissions(command, {simcord_env.guild.default_role: True})
    await manager.type("class setup", instructors=role)
    asked: list[tuple[str, dict[str, Any]]] = [
        ("class cohort", {}),
        ("class cohort", {"view": "report"}),
        ("class learner", {"who": manager.actor}),
        ("class assign", {"lesson": "1", "due": "in 5 days"}),
        ("class misconceptions", {"lesson": "1"}),
        (
            "class overrule",
            {"who": manager.actor, "lesson": "1", "criterion": "x", "verdict": "met"},
        ),
    ]
    for name, options in asked:
        assert REFUSED in await alice.type(name, **options), name
    assert "Only someone who manages this server" in await alice.type(
        "class setup", instructors=role
    )
