"""`/class overrule` as it is used: graded, overruled, told, kept, seen by instructors."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.learner import Learner
from bot.ui.client import HunchBot
from curriculum.schema import Course
from tests.journeys.player import Player, text_of
from tests.journeys.test_teachback import MET, SLUG, to_teachback, write

CRITERION = "round-again"


@pytest.fixture
def ada(simcord_env: Any) -> Any:
    """Somebody with an inbox."""
    return simcord_env.create_user("ada")


async def graded(player: Player, course: Course) -> Player:
    """Agree to be shown, write a teach-back of which one criterion is met, and have it graded."""
    await player.type("more sharing")
    await player.press("Agree")
    await to_teachback(player, course)
    assert "In your words: 1 of 4" in await write(player, MET)
    return player


@pytest.fixture
async def learner(
    teacher: Player, simcord_env: Any, channel: Any, ada: Any, shipped: Course
) -> Player:
    return await graded(Player(simcord_env, simcord_env.guild.add_member(ada), channel), shipped)


async def overrule(teacher: Player, who: Player, verdict: str = "met") -> str:
    return await teacher.type(
        "class overrule", who=who.actor, lesson="1", criterion=CRITERION, verdict=verdict
    )


def letters(user: Any, env: Any) -> list[str]:
    mail = user.dm_channel.history()
    return [text_of(env.backend.get_message(m.channel.id, m.id)) for m in mail]


async def test_a_verdict_is_overruled_told_and_kept(
    simcord_env: Any,
    teacher: Player,
    learner: Player,
    ada: Any,
    shipped: Course,
    new_bot: Callable[[], HunchBot],
) -> None:
    said = await overrule(teacher, learner)
    assert teacher.shown.response.ephemeral
    assert f"<@{learner.actor.id}>: *{CRITERION}* is “met” now." in said
    assert "They were told." in said

    (letter,) = letters(ada, simcord_env)
    criteria = {one.id: one.says for one in shipped.lesson(SLUG).teachback.criteria}
    assert "### Your teach-back of lesson 1" in letter
    assert "This one is now **met**:" in letter
    assert criteria[CRITERION] in letter
    assert str(teacher.actor.id) not in letter

    await simcord_env.restart_bot(new_bot())
    shown = await learner.type("lesson")
    assert "In your words: 2 of 4" in shown
    (line,) = [line for line in shown.splitlines() if "your instructor" in line]
    assert line.startswith("✓ **3**")


async def test_the_same_word_twice_changes_and_tells_nothing(
    simcord_env: Any, teacher: Player, learner: Player, ada: Any
) -> None:
    await overrule(teacher, learner)
    assert "It stands at “met” already" in await overrule(teacher, learner)
    assert len(letters(ada, simcord_env)) == 1
    assert "is “not yet” now" in await overrule(teacher, learner, "not yet")
    assert "now **not yet**" in letters(ada, simcord_env)[-1]


async def test_a_closed_inbox_keeps_the_word_and_says_so(
    simcord_env: Any, teacher: Player, learner: Player
) -> None:
    simcord_env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    assert "Their inbox is closed to me" in await overrule(teacher, learner)
    assert "In your words: 2 of 4" in await learner.type("lesson")


async def test_who_keeps_private_cant_be_overruled(
    simcord_env: Any, teacher: Player, learner: Player, ada: Any
) -> None:
    await learner.type("more sharing")
    await learner.press("Keep private")
    assert "I can't show you this learner" in await overrule(teacher, learner)
    assert letters(ada, simcord_env) == []


async def test_what_instructors_read_goes_by_the_instructors_word(
    warm: None,
    teacher: Player,
    learner: Player,
    come: Callable[..., Player],
    shipped: Course,
) -> None:
    others = [await graded(come(f"other-{number}"), shipped) for number in range(4)]
    says = {one.id: one.says for one in shipped.lesson(SLUG).teachback.criteria}[CRITERION]
    before = await teacher.type("class misconceptions", lesson="1")
    assert f"0 of 5 · {says[:40]}" in before
    await overrule(teacher, learner)
    assert f"1 of 5 · {says[:40]}" in await all_criteria(teacher)

    for one in (learner, *others):
        await one.press("Next")  # while they stand there they may say it again: not told yet
    await teacher.type("class cohort", view="report")
    shown = [*teacher.shown.followups, teacher.shown.response]
    (answer,) = [one for one in shown if one and one.message.attachments]
    files = {a.filename: a for a in answer.message.attachments}
    table = (await files["guesses.csv"].read()).decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(table)) if row["kind"] == "teachback"]
    met = {row["learner"]: row["criteria met"] for row in rows}
    assert met.pop("ada") == "2 of 4"
    assert {*met.values()} == {"1 of 4"}
    statements = (await files["xapi.jsonl"].read()).decode()
    assert statements.count('"scaled": 0.5') == 1


async def all_criteria(teacher: Player) -> str:
    """Read the class's teach-backs on the use case: the card shows the two least met."""
    bot: HunchBot = teacher.env.bot
    who = Learner(teacher.actor.id, teacher.channel.guild.id, is_manager=True)
    screen = await bot._use.classroom.show_misconceptions("1", who)
    return "\n".join(f"{one.met} of {one.graded} · {one.says}" for one in screen.criteria)
