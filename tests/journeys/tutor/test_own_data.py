"""`/more mydata`, `deleteme` and `privacy`: hand over, delete, and find nothing afterwards."""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot import logs
from bot.ui.client import HunchBot
from tests.fakes.model import FakeEngine
from tests.journeys.player import Player, text_of
from tests.journeys.test_clicks import forge
from tests.journeys.tutor.desk import ScriptedTutor, reply
from tools.engine.base import Distribution, Prompt

WHY, PROMPT, ASKED = "because-of-zanzibar", "quagga zebras graze", "what of the numbat cache"
NAME = "alice"


async def lived(alice: Player, tutor: ScriptedTutor, ina: Player) -> None:
    """Guess, explain, ask, open an instrument, vote."""
    await alice.type("lesson")
    for label in ("Start", "B", "sure", "Say why"):
        await alice.press(label)
    await alice.write(WHY)
    await alice.type("nexttoken", prompt=PROMPT)
    tutor.will(reply())
    await alice.type("ask", question=ASKED)
    await ina.type("class ask", lesson="1", step="1")
    shared = ina.channel.history()[-1]
    await alice.actor.click(shared, label="A")


def tables(tmp_path: Path) -> dict[str, list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(tmp_path / "hunch.sqlite")) as file:
        found = file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {name: file.execute(f"SELECT * FROM {name}").fetchall() for (name,) in found}


def bytes_of(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.rglob("*") if one.is_file())


async def handed_over(player: Player) -> Any:
    await player.type("more mydata")
    (attachment,) = player.shown.response.attachments
    return json.loads(await attachment.read())


async def test_export_then_delete_then_nothing_is_found(
    simcord_env: Any,
    alice: Player,
    ina: Player,
    tutor: ScriptedTutor,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure("debug", "text")
    await lived(alice, tutor, ina)
    number = str(alice.actor.id)
    held = (await handed_over(alice))["held"]
    assert {"learner", "membership", "guess", "trial", "exchange", "class_vote"} <= {*held}
    text = json.dumps(held)
    for word in (WHY, PROMPT, ASKED, number):
        assert word in text
    assert str(ina.actor.id) not in text

    for sign in (WHY.encode(), int(number).to_bytes(8, "big")):
        assert sign in bytes_of(tmp_path)

    card = await alice.type("more deleteme")
    assert "1 guess, 1 lesson begun, 1 answer of the tutor" in card
    assert "I hold nothing about you any more" in await alice.press("Delete everything")

    kept = tables(tmp_path)
    left = bytes_of(tmp_path)
    log = capsys.readouterr().err
    for word in (WHY, PROMPT, ASKED, number):
        assert word not in str(kept)
        assert word.encode() not in left
        assert word not in log
    assert int(number).to_bytes(8, "big") not in left
    assert str(ina.actor.id) not in log
    assert [row[-2:] for row in kept["class_count"]] == [(1, 0)], "the class's count stays"
    assert sum(row[4] for row in kept["tally"]) == 1

    assert "I hold nothing about you." in await alice.type("more mydata")
    assert "nothing to delete" in await alice.type("more deleteme")


async def test_cards_from_before_fail_kindly_and_who_comes_back_starts_anew(
    alice: Player, ina: Player, tutor: ScriptedTutor
) -> None:
    await lived(alice, tutor, ina)
    await alice.type("lesson")
    lesson = alice.card
    await alice.type("nexttoken", prompt=PROMPT)
    instrument = alice.card
    await alice.type("more deleteme")
    deletion = alice.card
    await alice.press("Delete everything")
    for card, label in ((lesson, "Next"), (instrument, "Undo")):
        alice.card = card
        if label in alice.labels:
            await alice.press(label)
            assert "incident" not in alice.told
            assert alice.told or alice.text
    assert "[Start]" in await alice.type("lesson")
    await alice.press("Start")
    again = await forge_again(alice, deletion)
    assert "earlier time" in again or "nothing about you" in again
    assert "guess" not in (await alice.type("more mydata"))


async def forge_again(player: Player, deletion: Any) -> str:
    """Press the button that deleted somebody once more, as a card in an inbox allows."""
    bot = player.env.bot
    first = 1_000_000_000
    player.card = await forge(bot, player, f"h1:delete-me:{player.actor.id}:{first}")
    await player.press("forged")
    return player.told


async def test_only_the_learner_can_delete_themselves(
    alice: Player, mallory: Player, ina: Player, tutor: ScriptedTutor, simcord_bot: HunchBot
) -> None:
    await lived(alice, tutor, ina)
    mallory.card = await forge(simcord_bot, mallory, f"h1:delete-me:{alice.actor.id}:0")
    await mallory.press("forged")
    assert "Only the learner themselves" in mallory.told
    assert "guess" in (await handed_over(alice))["held"]


async def test_thinking_better_of_it_keeps_everything(
    alice: Player, ina: Player, tutor: ScriptedTutor
) -> None:
    await lived(alice, tutor, ina)
    await alice.type("more deleteme")
    assert "Nothing was deleted" in await alice.press("Keep it")
    assert "guess" in (await handed_over(alice))["held"]


async def test_an_answer_on_its_way_is_stopped_and_not_kept(
    alice: Player, ina: Player, tutor: ScriptedTutor, tmp_path: Path
) -> None:
    await alice.type("lesson")
    await alice.press("Start")
    await alice.type("ask", question=ASKED)  # the tutor says nothing yet
    assert tutor.questions == [ASKED]
    await alice.type("more deleteme")
    await alice.press("Delete everything")
    assert tutor.closed == 1
    await tutor.says(reply())
    kept = tables(tmp_path)
    assert kept["exchange"] == []
    assert kept["learner"] == []


@dataclass
class SlowEngine(FakeEngine):
    """A model that is at work until it may answer."""

    env: Any = None
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    async def next_token(self, prompt: Prompt, k: int) -> Distribution:
        await self.env.external_wait(self.may_answer.wait(), reason="the model is at work")
        return await super().next_token(prompt, k)


class TestASlowModel:
    @pytest.fixture
    def engine(self) -> SlowEngine:
        return SlowEngine()

    async def test_an_instrument_that_ends_after_deleting_leaves_nothing(
        self, simcord_env: Any, alice: Player, engine: SlowEngine, tmp_path: Path
    ) -> None:
        engine.env = simcord_env
        await alice.type("lesson")
        await alice.press("Start")
        asked = await alice.actor.slash(alice.channel, "nexttoken", prompt=PROMPT)
        running = await alice.actor.click(asked.response.message, label="Just show me")
        await alice.type("more deleteme")
        await alice.press("Delete everything")
        engine.may_answer.set()
        await simcord_env.settle()
        assert engine.asked, "the model was never asked"
        assert "has been deleted" in "".join(one.content for one in running.followups)
        kept = tables(tmp_path)
        assert [kept[name] for name in ("learner", "membership", "trial", "trial_guess")] == [
            []
        ] * 4


def said_privately(shown: Any) -> str:
    answers = [*shown.followups, *([shown.response] if shown.response else [])]
    return "\n".join(one.content or text_of(one.message) for one in answers)


async def test_what_fails_is_logged_without_what_was_written(
    alice: Player, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("debug", "text")
    await alice.type("lesson")
    for label in ("Start", "B", "sure", "Say why"):
        await alice.press(label)
    with closing(sqlite3.connect(tmp_path / "hunch.sqlite")) as file:
        file.execute("ALTER TABLE guess RENAME COLUMN why TO gone")
    await alice.write(WHY)
    log = capsys.readouterr().err
    assert "incident" in log
    assert "no such column" in log
    assert WHY not in log
    assert str(alice.actor.id) not in log


async def test_mydata_and_deleteme_are_for_their_learners_eyes(
    alice: Player, dora: Player, ina: Player, tutor: ScriptedTutor
) -> None:
    await lived(alice, tutor, ina)
    for command in ("more mydata", "more deleteme", "more privacy"):
        await alice.type(command)
        assert alice.raw.flags & 64, command
    await dora.type("lesson")
    assert (await handed_over(dora))["held"]["learner"]


async def test_what_the_card_says_is_what_the_page_says(alice: Player) -> None:
    page = (Path(__file__).parents[3] / "docs" / "privacy.md").read_text(encoding="utf-8")
    text = await alice.type("more privacy")
    kept = text.partition("### What goes to which model")[0]
    lines = [line for line in kept.split("\n") if line.startswith("**")]
    assert len(lines) == 4
    for line in lines:
        assert line in page
    assert "[My data]" in await alice.type("more help")


async def test_a_restart_between_the_two_presses_changes_nothing(
    simcord_env: Any,
    alice: Player,
    ina: Player,
    tutor: ScriptedTutor,
    new_bot: Callable[[], HunchBot],
) -> None:
    await lived(alice, tutor, ina)
    await alice.type("more deleteme")
    await simcord_env.restart_bot(new_bot())
    assert "I hold nothing about you any more" in await alice.press("Delete everything")
