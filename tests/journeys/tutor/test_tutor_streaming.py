"""An answer as it is written: seen at once, edited not too often, stopped on request."""

from typing import Any

import pytest

from bot.domain.tutor.talk import LookingUp, Said
from bot.ui.edge.streaming import GAP_S
from tests.journeys.player import Player
from tests.journeys.tutor.desk import HandBeat, ScriptedTutor, reply


def edits(env: Any) -> int:
    """Return how often a message was edited."""
    return sum(r.method == "PATCH" and "/messages/" in r.path for r in env.http_requests)


@pytest.fixture
def me(simcord_env: Any) -> str:
    return f"<@{simcord_env.bot.user.id}>"


async def test_the_first_text_is_there_at_once_and_edits_keep_their_distance(
    simcord_env: Any, alice: Player, tutor: ScriptedTutor, beat: HandBeat, me: str
) -> None:
    await alice.say(f"{me} why is the first token slow?")
    await tutor.says(Said("One."))
    assert alice.heard().startswith("One.")
    for text in ("One. Two.", "One. Two. Three."):
        await tutor.says(Said(text))
    assert edits(simcord_env) == 0
    await beat.passes(GAP_S - 0.1)
    assert edits(simcord_env) == 0
    await beat.passes(0.1)
    assert edits(simcord_env) == 1
    assert alice.heard().startswith("One. Two. Three.")  # the latest won
    await tutor.says(reply("One. Two. Three. Four."))
    assert edits(simcord_env) == 1
    await beat.passes(GAP_S)
    assert edits(simcord_env) == 2
    assert alice.heard().startswith("One. Two. Three. Four.")
    assert "[Stop]" not in alice.text


async def test_a_hundred_sentences_in_twelve_seconds_are_ten_edits(
    simcord_env: Any, alice: Player, tutor: ScriptedTutor, beat: HandBeat, me: str
) -> None:
    await alice.say(f"{me} tell me everything?")
    for number in range(100):
        await tutor.says(Said("Word. " * (number + 1)))
        await beat.passes(0.12)
    assert edits(simcord_env) <= 10
    await tutor.says(reply("Word. " * 100))
    await beat.passes(GAP_S)
    assert alice.heard().count("Word.") == 100


async def test_two_answers_never_wait_for_each_other(
    simcord_env: Any, alice: Player, mallory: Player, tutor: ScriptedTutor, me: str
) -> None:
    await alice.say(f"{me} one?")
    await mallory.say(f"{me} two?")
    await tutor.says(Said("To one."))
    await tutor.says(Said("To the other."))
    texts = []
    for message in alice.channel.history():
        if message.author.id == simcord_env.bot.user.id:
            alice.card = message
            texts.append(alice.text.split("\n")[0])
    assert sorted(texts) == ["To one.", "To the other."]


async def test_a_slow_answer_says_what_is_being_looked_at(
    alice: Player, tutor: ScriptedTutor, beat: HandBeat, me: str
) -> None:
    await alice.say(f"{me} what comes next?")
    await tutor.says(LookingUp("KV cache"), LookingUp("nexttoken"))
    assert alice.heard() == ""  # a quick one needs no filler: Discord shows typing
    await beat.passes(GAP_S)
    assert "-# reading: KV cache · running: nexttoken …" in alice.heard()
    assert "[Stop]" in alice.text


async def test_a_quick_answer_is_one_message_and_no_edit(
    simcord_env: Any, alice: Player, tutor: ScriptedTutor, me: str
) -> None:
    tutor.will(LookingUp("KV cache"), reply("Quick."))
    assert (await alice.say(f"{me} what is it?")).startswith("Quick.")
    assert edits(simcord_env) == 0


async def test_a_command_streams_into_its_own_answer(
    alice: Player, tutor: ScriptedTutor, beat: HandBeat
) -> None:
    await alice.type("ask", question="Why?")
    await tutor.says(Said("First."))
    alice.card = alice.shown.response.message
    assert "First." in alice.text
    await tutor.says(reply("First. Last."))
    await beat.passes(GAP_S)
    assert "First. Last." in alice.text


async def test_stop_ends_the_answer_and_says_what_was_stopped(
    alice: Player, tutor: ScriptedTutor, beat: HandBeat, me: str
) -> None:
    await alice.say(f"{me} why is the first token slow?")
    await tutor.says(Said("One."))
    await beat.passes(GAP_S)
    assert "why is the first token slow?" in await alice.type("more stop")
    assert tutor.closed == 1
    text = alice.heard()
    assert "One." in text
    assert "Stopped, as you asked." in text
    assert "[Ask again]" in text
    assert "not writing anything" in await alice.type("more stop")


async def test_the_stop_button_is_the_askers(
    alice: Player, mallory: Player, tutor: ScriptedTutor, beat: HandBeat, me: str
) -> None:
    await alice.say(f"{me} why?")
    await tutor.says(Said("One."))
    alice.heard()
    mallory.card = alice.card
    await mallory.press("Stop")
    assert "Only whoever asked" in mallory.told
    assert tutor.closed == 0
    await beat.passes(GAP_S)
    assert "Stopped, as you asked." in await alice.press("Stop")
    assert tutor.closed == 1


async def test_deleting_the_question_stops_the_answer(
    simcord_env: Any, alice: Player, tutor: ScriptedTutor, beat: HandBeat, me: str
) -> None:
    await alice.say(f"{me} why?")
    await tutor.says(Said("One."))
    await beat.passes(GAP_S)
    await alice.actor.delete(alice.sent)
    assert tutor.closed == 1
    assert "The question was deleted." in alice.heard()
    assert "[Stop]" not in alice.text


async def test_deleting_a_question_before_any_answer_leaves_nothing(
    alice: Player, tutor: ScriptedTutor, me: str
) -> None:
    await alice.say(f"{me} why?")
    await tutor.says(LookingUp("KV cache"))
    await alice.actor.delete(alice.sent)
    assert tutor.closed == 1
    assert alice.heard() == ""


async def test_forget_lets_go_of_what_was_asked_here(
    alice: Player, tutor: ScriptedTutor, me: str
) -> None:
    tutor.will(reply(), reply())
    await alice.say(f"{me} one?")
    await alice.type("ask", question="Two?")
    assert "Forgotten: 2 questions" in await alice.type("more forget")
    tutor.will(reply())
    await alice.say(f"{me} what did I ask?")
    assert tutor.asked[-1][0].earlier == ()
    await alice.type("more forget")
    assert "nothing to forget" in await alice.type("more forget")
