"""What goes wrong on the way: each ends in words that say what happened, and nothing hangs."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.tutor.talk import LookingUp, Said
from bot.ui.areas.tutor.answering import Running
from bot.ui.client import HunchBot
from bot.ui.edge.streaming import GAP_S
from tests.journeys.player import Player
from tests.journeys.tutor.desk import HandBeat, ScriptedTutor, reply
from tools.errors import Unavailable


@pytest.fixture
def me(simcord_env: Any) -> str:
    return f"<@{simcord_env.bot.user.id}>"


async def test_a_tutor_that_breaks_leaves_what_it_said_a_number_and_a_way_to_ask_again(
    alice: Player, tutor: ScriptedTutor, beat: HandBeat, me: str
) -> None:
    await alice.say(f"{me} why?")
    await tutor.says(Said("One."))
    await tutor.says(RuntimeError("a bug"))
    await beat.passes(GAP_S)
    text = alice.heard()
    assert "One." in text
    assert "Something broke on my side (incident `" in text
    await alice.press("Ask again")
    tutor.will(reply("This time."))
    await alice.write("Why?")
    assert "This time." in alice.told


async def test_a_model_that_fails_is_told_in_its_own_words(
    alice: Player, tutor: ScriptedTutor
) -> None:
    tutor.will(Unavailable("The model server isn't answering just now."))
    text = await alice.type("ask", question="Why?")
    assert "The model server isn't answering just now." in text
    assert "incident" not in text
    tutor.will(reply())
    assert "prefill" in await alice.type("ask", question="Why?")


async def test_an_answer_whose_message_is_deleted_is_not_written_on(
    simcord_env: Any, ina: Player, tutor: ScriptedTutor, beat: HandBeat, me: str
) -> None:
    await ina.say(f"{me} why?")
    await tutor.says(Said("One."))
    ina.heard()
    simcord_env.backend.delete_message(ina.channel.id, ina.card.id)
    await simcord_env.settle()
    assert tutor.closed == 1
    assert ina.heard() == ""


async def test_a_message_that_vanishes_unseen_stops_the_answer_at_the_next_edit(
    simcord_env: Any, alice: Player, tutor: ScriptedTutor, beat: HandBeat, me: str
) -> None:
    await alice.say(f"{me} why?")
    await tutor.says(Said("One."))
    simcord_env.inject_error("PATCH", "/channels/*/messages/*", status=404, code=10008)
    await tutor.says(Said("One. Two."))
    assert tutor.closed == 0
    await beat.passes(GAP_S)
    assert tutor.closed == 1
    tutor.will(reply())
    assert "prefill" in await alice.say(f"{me} and now?")  # nobody is kept busy by it


async def test_a_dead_token_stops_the_answer(
    simcord_env: Any, alice: Player, tutor: ScriptedTutor, beat: HandBeat
) -> None:
    await alice.type("ask", question="Why?")
    await tutor.says(Said("One."))
    await simcord_env.advance_time(15 * 60 + 1)
    await tutor.says(Said("One. Two."))
    await beat.passes(GAP_S)
    assert tutor.closed == 1


@pytest.mark.parametrize("status", [403, 429, 500])
async def test_an_edit_that_is_refused_is_made_good_by_the_next(
    simcord_env: Any, alice: Player, tutor: ScriptedTutor, beat: HandBeat, me: str, status: int
) -> None:
    await alice.say(f"{me} why?")
    await tutor.says(Said("One."))
    simcord_env.inject_error("PATCH", "/channels/*/messages/*", status=status)
    await tutor.says(Said("One. Two."))
    await beat.passes(GAP_S)
    assert alice.heard().startswith("One.\n")
    await tutor.says(reply("One. Two. Three."))
    await beat.passes(GAP_S)
    assert alice.heard().startswith("One. Two. Three.")


async def test_a_last_edit_that_is_refused_is_told_of(
    simcord_env: Any, alice: Player, tutor: ScriptedTutor, beat: HandBeat, me: str
) -> None:
    await alice.say(f"{me} why?")
    await tutor.says(Said("One."))
    simcord_env.inject_error("PATCH", "/channels/*/messages/*", status=403, times=None)
    await tutor.says(reply("One. Two."))
    await beat.passes(GAP_S)
    assert "Discord wouldn't let me show it here" in alice.heard()


async def test_an_answer_to_a_command_that_is_refused_is_told_of(
    simcord_env: Any, alice: Player, tutor: ScriptedTutor
) -> None:
    simcord_env.inject_error("PATCH", "/webhooks/*", status=400, times=None)
    tutor.will(reply())
    text = await alice.type("ask", question="Why?")
    assert "Discord wouldn't let me show it here" in text


async def test_a_channel_where_the_bot_may_not_write_stops_nothing_else(
    simcord_env: Any, alice: Player, tutor: ScriptedTutor, me: str
) -> None:
    simcord_env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=2)
    tutor.will(reply(), reply())
    assert await alice.say(f"{me} why?") == ""
    assert "prefill" in await alice.say(f"{me} why?")


@pytest.mark.parametrize("word", [Said("One."), LookingUp("KV cache")])
async def test_an_orderly_restart_tells_whoever_waits(
    simcord_env: Any,
    simcord_bot: HunchBot,
    alice: Player,
    dora: Player,
    tutor: ScriptedTutor,
    beat: HandBeat,
    me: str,
    new_bot: Callable[[], HunchBot],
    word: Any,
) -> None:
    await alice.say(f"{me} why?")
    await dora.type("ask", question="And why?")
    await tutor.says(word, word)
    await beat.passes(GAP_S)
    await simcord_bot.close()
    assert tutor.closed == 2
    await simcord_env.restart_bot(new_bot())
    for player in (alice, dora):
        text = player.heard()
        assert "I was restarted in the middle of this answer." in text
        assert "[Stop]" not in text
    tutor.will(reply("After."))
    await alice.press("Ask again")
    await alice.write("Why?")
    assert "After." in alice.told


async def test_one_card_that_cannot_be_told_of_a_restart_keeps_no_other_in_the_dark(
    simcord_env: Any,
    simcord_bot: HunchBot,
    alice: Player,
    dora: Player,
    tutor: ScriptedTutor,
    me: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("can't be drawn")

    async def later(why: str, **how: bool) -> None:
        for _ in range(50):
            await asyncio.sleep(0)
        await Running.break_off(other, why, **how)

    await alice.say(f"{me} why?")
    await dora.type("ask", question="And why?")
    hers, other = sorted(
        simcord_bot._answers._running, key=lambda one: one.asked.learner.id != alice.actor.id
    )
    monkeypatch.setattr(hers, "break_off", fail)
    monkeypatch.setattr(other, "break_off", later)
    with pytest.raises(RuntimeError, match="can't be drawn"):
        await simcord_bot.close()
    assert "I was restarted in the middle of this answer." in dora.heard()
    assert tutor.closed == 2


async def test_a_card_that_a_crash_left_in_the_middle_says_how_to_go_on(
    simcord_env: Any,
    alice: Player,
    tutor: ScriptedTutor,
    me: str,
    new_bot: Callable[[], HunchBot],
) -> None:
    await alice.say(f"{me} why?")
    await tutor.says(Said("One."))
    alice.heard()
    await simcord_env.restart_bot(new_bot())
    await alice.press("Stop")
    assert "was cut off when I was restarted. Ask again: `/ask`." in alice.told
    tutor.will(reply("After."))
    assert "After." in await alice.say(f"{me} why?")
