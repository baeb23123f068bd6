"""A round's card while the records or Discord give no answer: the last state is shown after."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bot.store.errors import StoreError
from bot.ui.areas.round.board import LONGEST_PAUSE_S, pause_s
from bot.ui.client import HunchBot
from bot.ui.edge.streaming import GAP_S
from bot.usecases.round.rounds import RoundShown, SeeRound
from tests.journeys.player import Player
from tests.journeys.round.conftest import Teacher
from tests.journeys.round.test_rounds import Round, asked
from tests.journeys.tutor.desk import HandBeat


@pytest.fixture
async def card(ina: Teacher, six: list[Player], beat: HandBeat) -> Round:
    """The card of a round with one guess shown, and another that waits to be."""
    card = await asked(ina)
    await beat.passes(2)
    for player in six[:2]:
        await card.vote(player, "A")
    assert "**1 guess** in" in card.text
    return card


@pytest.fixture
def renamed(tmp_path: Path) -> Callable[[str, str], None]:
    """Take a table away, or bring it back: a store that can't be used is no fake here."""

    def rename(table: str, other: str) -> None:
        with closing(sqlite3.connect(tmp_path / "hunch.sqlite")) as database, database:
            database.execute(f"ALTER TABLE {table} RENAME TO {other}")

    return rename


@dataclass
class Flaky:
    """Stands for `SeeRound`: fails so many times, and then is what it stands for."""

    see: SeeRound
    failures: int = 1
    asked: int = 0
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    env: Any = None

    async def __call__(self, round_id: int) -> RoundShown | None:
        await self._fail()
        return await self.see(round_id)

    async def recent(self) -> list[int]:
        await self._fail()
        return await self.see.recent()

    async def _fail(self) -> None:
        self.asked += 1
        if self.failures:
            self.failures -= 1
            await self.env.external_wait(self.let_go.wait(), reason="a slow store")
            raise StoreError("The database can't be used (no answer).")


def make_flaky(bot: HunchBot, env: Any) -> Flaky:
    """Put it between a bot's board and the store."""
    flaky = Flaky(bot._board.rounds.see, env=env)
    bot._board.rounds = replace(bot._board.rounds, see=flaky)  # type: ignore[arg-type]
    return flaky


async def test_a_round_that_could_not_be_read_is_drawn_once_the_store_answers_again(
    card: Round, beat: HandBeat, renamed: Callable[[str, str], None]
) -> None:
    renamed("class_count", "gone")
    await beat.passes(GAP_S)
    await beat.passes(2 * GAP_S)
    assert "**1 guess** in" in card.text
    renamed("gone", "class_count")
    await beat.passes(4 * GAP_S)
    assert "**2 guesses** in" in card.text


async def test_a_vote_that_arrives_during_a_failing_look_is_not_stranded(
    card: Round, six: list[Player], beat: HandBeat, simcord_bot: HunchBot, simcord_env: Any
) -> None:
    flaky = make_flaky(simcord_bot, simcord_env)
    await beat.passes(GAP_S)  # it looks, and gets no answer yet
    assert flaky.asked == 1
    await card.vote(six[2], "A")
    flaky.let_go.set()
    await simcord_env.settle()
    await beat.passes(2 * GAP_S)
    assert "**3 guesses** in" in card.text


async def test_an_edit_that_discord_fails_at_is_made_again(
    card: Round, beat: HandBeat, simcord_env: Any
) -> None:
    path = f"/channels/{card.channel.id}/messages/{card.card.id}"
    simcord_env.inject_error("PATCH", path, status=503, times=2)
    await beat.passes(GAP_S)
    await beat.passes(2 * GAP_S)
    assert "**1 guess** in" in card.text
    await beat.passes(4 * GAP_S)
    assert "**2 guesses** in" in card.text


async def test_an_edit_that_discord_refuses_for_good_is_not_made_again(
    card: Round, beat: HandBeat, simcord_env: Any
) -> None:
    path = f"/channels/{card.channel.id}/messages/{card.card.id}"
    simcord_env.inject_error("PATCH", path, status=400, code=50035, times=1)
    before = card.edits
    for _ in range(3):
        await beat.passes(LONGEST_PAUSE_S)
    assert card.edits == before + 1


async def test_a_start_at_which_the_store_gives_no_answer_catches_up_later(
    card: Round, beat: HandBeat, new_bot: Callable[[], HunchBot], simcord_env: Any
) -> None:
    bot = new_bot()
    flaky = make_flaky(bot, simcord_env)
    flaky.let_go.set()
    await simcord_env.restart_bot(bot)
    assert flaky.asked == 1
    assert "**1 guess** in" in card.text
    await beat.passes(2 * GAP_S)
    assert "**2 guesses** in" in card.text


def test_pauses_grow_up_to_a_bound() -> None:
    grown = [pause_s(failures) for failures in range(7)]
    assert grown[:3] == pytest.approx([GAP_S, 2 * GAP_S, 4 * GAP_S])
    assert grown == sorted(grown)
    assert grown[-1] == pause_s(1_000_000) == LONGEST_PAUSE_S
