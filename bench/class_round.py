"""A class of five hundred that votes within a minute: what a vote costs, and how many edits.

A press is measured as in `guess_cpu`: processor time against a bare bot's click, in turns, each
under a simulated Discord. All five hundred at once are measured on the use case and a real file,
and the edits of the shared card on a clock that runs a minute in which they come evenly.
"""

import asyncio
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any, cast

import discord

from bench.bare_bot import BareBot
from bench.figure import Figure, of_runs
from bench.stage import Stage
from bot.domain.learner import Learner
from bot.settings import Settings
from bot.store import migrate
from bot.store.database import connect
from bot.store.lesson import records
from bot.store.round import rounds
from bot.ui.areas.round.board import Board
from bot.ui.client import HunchBot
from bot.usecases.classroom.instructor import CheckInstructor
from bot.usecases.round.class_rounds import ClassRounds, class_rounds
from bot.wiring.bot import build_bot, utc_now
from curriculum.loader import load_course
from tests.fakes.model import FakeEngine

ROUNDS = 5
VOTERS = 60  # measured one by one
CLASS = 500
GOAL = 2.0  # times the bare bot
MINUTE_S = 60.0
MOST_EDITS = 51  # 1.2 s apart, and the first


def measure(rounds: int = ROUNDS, voters: int = VOTERS, size: int = CLASS) -> list[Figure]:
    """Return what a vote costs, and what a class of this size does."""
    ratios, costs, first = [], [], []
    for _ in range(rounds):
        newcomer, known, bare = _presses(voters)
        ratios.append(known / bare)
        costs.append(known)
        first.append(newcomer / bare)
    with tempfile.TemporaryDirectory() as folder:
        took_s, worst_ms, edits = asyncio.run(_crowd(folder, size))
    return [
        of_runs("class vote: times a bare bot's static card", ratios, "×", GOAL),
        of_runs("class vote: a press", costs, "ms"),
        of_runs("class vote: of somebody whom the class didn't know", first, "×"),
        Figure(f"class vote: {size} at once, all kept", took_s, "s", MINUTE_S),
        Figure(f"class vote: {size} at once, a single one (p95)", worst_ms, "ms"),
        Figure(f"class vote: edits for {size} in a minute", edits, "edits", MOST_EDITS),
    ]


class Hall(Stage):
    """A stage with one channel for all."""

    def ask(self) -> tuple[Any, Any]:
        """Put the first step to the channel; return the teacher, and the shared card."""

        async def put() -> tuple[Any, Any]:
            guild = self._env.guild
            self.channel = guild.create_text_channel("hall")
            may = discord.Permissions(manage_guild=True)
            role = guild.create_role("teachers", permissions=may)
            actor = guild.add_member(self._env.create_user("teacher"), roles=[role])
            await actor.slash(self.channel, "class ask", lesson="1", step="1")
            return actor, self.channel.history()[0]

        asked: tuple[Any, Any] = self._do(put)
        return asked

    def join(self, number: int) -> Any:
        """Let a learner come in."""

        async def come() -> Any:
            return self._env.guild.add_member(self._env.create_user(f"voter-{number}"))

        return self._do(come)


class Still:
    """A clock that stands: an edit that has to wait waits for ever, and holds up nothing."""

    bot: discord.Client

    def now(self) -> float:
        """Return the same, always."""
        return 0.0

    async def sleep(self, seconds: float) -> None:
        """Wait as a listener does: a simulated Discord knows that wait as idle."""
        await self.bot.wait_for("never")


def _presses(voters: int) -> tuple[float, float, float]:
    """Return the median processor time of a first vote, a second, and a bare click, in ms."""
    with tempfile.TemporaryDirectory() as folder:
        still = Still()
        still.bot = bot = _hunch(folder, still)
        with Hall(bot) as ours:
            teacher, shared = ours.ask()
            with Stage(BareBot(ours.parts(shared))) as bare:
                static = bare.open("card")
                clicks: list[float] = []

                def vote(actor: Any) -> float:
                    clicks.append(bare.click(*static, custom_id="bare:0"))
                    return ours.click(actor, shared, label="B")

                learners = [ours.join(number) for number in range(voters)]
                first = [vote(actor) for actor in learners]
                for label in ("Show the spread", "Vote again"):
                    ours.click(teacher, shared, label=label)
                second = [vote(actor) for actor in learners]
    return median(first[5:]), median(second), median(clicks[5:])


def _hunch(folder: str, beat: Still) -> HunchBot:
    url = f"sqlite:///{Path(folder) / 'hunch.sqlite'}"
    return build_bot(Settings(database_url=url), FakeEngine(), beat=beat)


async def _crowd(folder: str, size: int) -> tuple[float, float, int]:
    """Let a class vote at once; return seconds for all, p95 in ms, and edits if in a minute."""
    store = connect(f"sqlite:///{Path(folder) / 'hunch.sqlite'}")
    await migrate.upgrade(store)
    opened = rounds.open_with(store)
    use = class_rounds(load_course(), CheckInstructor(records.open_with(store)), opened, utc_now)
    teacher = Learner(1, 900, is_manager=True)
    put = (await use.ask("1", "1", 5, teacher)).round
    await use.place(put.id, 7)
    began = time.perf_counter()
    each = sorted(await asyncio.gather(*(_vote(use, put.id, n) for n in range(10, 10 + size))))
    took_s = time.perf_counter() - began
    edits = await _edits(use, put.id, size)
    await store.dispose()
    return took_s, each[int(0.95 * size)], edits


async def _vote(use: ClassRounds, round_id: int, number: int) -> float:
    began = time.perf_counter()
    await use.vote(round_id, 1, "ABC"[number % 3], Learner(number, 900))
    return (time.perf_counter() - began) * 1000


class Minute:
    """A clock that a loop moves, and whose sleepers wake as it does."""

    def __init__(self) -> None:
        self.time = 0.0
        self.sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> float:
        """Return seconds since the minute began."""
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock is moved past."""
        waking = asyncio.get_running_loop().create_future()
        self.sleepers.append((self.time + seconds, waking))
        await waking

    async def passes(self, seconds: float) -> None:
        """Move it."""
        self.time += seconds
        for due, waking in self.sleepers:
            if due <= self.time and not waking.done():
                waking.set_result(None)
        for _ in range(20):
            await asyncio.sleep(0)


class Counting:
    """Stands for Discord: takes edits, and counts them."""

    edits = 0

    def get_partial_messageable(self, _channel: int) -> "Counting":
        """Return the channel."""
        return self

    def get_partial_message(self, _message: int) -> "Counting":
        """Return the message."""
        return self

    async def edit(self, **_what: Any) -> None:
        """Take an edit."""
        self.edits += 1


async def _edits(use: ClassRounds, round_id: int, size: int) -> int:
    """Return how many edits the board makes for votes that come evenly within a minute."""
    minute, discord_side = Minute(), Counting()

    async def deliver(_learner: int, _card: Any) -> bool:
        return True

    board = Board(cast(discord.Client, discord_side), use, deliver, minute)
    for _ in range(size):
        board.changed(round_id)
        await minute.passes(MINUTE_S / size)
    await minute.passes(2)
    await board.close()
    return discord_side.edits
