"""The semester itself: who comes when, on the clock of the simulated Discord."""

import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bot.ui.client import HunchBot
from tests.journeys.tutor.desk import HandBeat
from tests.semester.ledger import Due, Ledger, Wish
from tests.semester.person import Person
from tests.semester.raw import rows, rows_of

DAYS = 90
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")
ROUNDS = ((12, "1", "pick"), (26, "1", "how-many"), (40, "2", "in-order"), (61, "3", "check-one"))
VOTERS = 12
LESSONS_SET = ((8, "every-kind", 6), (30, "once-more", 5), (58, "and-again", 4))
RESTARTS, LEAVING = (33, 66), 52

Deed = tuple[float, Callable[[], Awaitable[None]]]


@dataclass
class Term:
    """Ninety days of one class."""

    env: Any
    new_bot: Callable[[], HunchBot]
    beat: HandBeat
    ina: Person
    learners: list[Person]
    ledger: Ledger
    database: Path
    dice: random.Random

    def __post_init__(self) -> None:
        self.begun: datetime = self.env.now()
        self.here: list[Person] = []  # who has come, and hasn't left

    async def run(self) -> None:
        """Let the days pass; each deed comes at its moment."""
        await self.ina.type("class setup", instructors=self.env.guild.create_role("instructors"))
        for day, deed in sorted(self._plan(), key=lambda one: one[0]):
            await self._until(self.begun + timedelta(days=day))
            await deed()
        await self._until(self.begun + timedelta(days=DAYS, minutes=20))  # no reminder is due then

    async def _until(self, moment: datetime) -> None:
        left = (moment - self.env.now()).total_seconds()
        await self.env.advance_time(max(0.0, left))

    def _plan(self) -> Iterator[Deed]:
        for number, learner in enumerate(self.learners):
            yield from self._of(learner, is_keen=number % 6 == 0)
        for day, lesson, step in ROUNDS:
            yield day + 0.6, partial(self._round, lesson, step)
        for day, slug, days in LESSONS_SET:
            yield day + 0.4, partial(self._set_lesson, slug, days)
        for day in RESTARTS:
            yield day + 0.3, self._restart
        for learner in self.dice.sample(self.learners, 2):
            yield LEAVING + 0.2, partial(self._leave, learner)

    def _of(self, learner: Person, *, is_keen: bool) -> Iterator[Deed]:
        """Yield the days of one learner: keen ones come more often, and stay longer."""
        first = learner.dice.uniform(0.3, 20)
        yield first, partial(self._first_day, learner)
        for _ in range(9 if is_keen else 3):
            day = learner.dice.uniform(first + 0.5, DAYS - 0.5)
            deeds: list[Callable[[], Awaitable[None]]] = [
                partial(learner.study, 30 if is_keen else 9),
                partial(learner.study, 30 if is_keen else 9),
                partial(learner.review, 6 if is_keen else 3),
                partial(learner.play, learner.dice.randrange(1, 6)),
            ]
            yield day, partial(self._visit, learner, learner.dice.choice(deeds))

    async def _first_day(self, learner: Person) -> None:
        await learner.first_day()
        self.here.append(learner)
        if learner.dice.random() < 0.6:
            hour, zone = learner.dice.randrange(8, 21), learner.dice.choice(ZONES)
            await learner.type("more remind", hour=hour, zone=zone)
            self.ledger.wishes[learner.id] = Wish(hour, zone, self.env.now())
        await learner.study(10)

    async def _visit(self, learner: Person, deed: Callable[[], Awaitable[None]]) -> None:
        if learner in self.here:
            await deed()

    async def _round(self, lesson: str, step: str) -> None:
        """Ask, let them vote, show the spread, let them vote again, reveal."""
        await self.ina.type("class ask", lesson=lesson, step=step)
        shared = self._shared()
        voters = self.dice.sample(self.here, min(VOTERS, len(self.here)))
        for stage in ("first", "second"):
            for learner in voters if stage == "first" else voters[2:]:
                assert await learner.vote(shared)
            await self.beat.passes(2)
            for label in ("Show the spread", "Vote again") if stage == "first" else ("Reveal",):
                await self.ina.press(label, card=shared)
                await self.beat.passes(2)

    def _shared(self) -> Any:
        return [m for m in self.ina.channel.history() if not m.flags.ephemeral][-1]

    async def _set_lesson(self, slug: str, days: int) -> None:
        await self.ina.type("class assign", lesson=slug, due=f"in {days} days")
        due = rows(self.database, "assignment")[-1]["due"]
        self.ledger.given.append(Due(slug, due, self.env.now()))

    async def _restart(self) -> None:
        await self.env.restart_bot(self.new_bot())

    async def _leave(self, learner: Person) -> None:
        """Delete everything; the class's counts keep what was counted."""
        if learner not in self.here:
            return
        for name, found in rows_of(self.database, learner.id).items():
            self.ledger.gone.setdefault(name, []).extend(found)
        await learner.type("more deleteme")
        await learner.press("Delete everything")
        self.here.remove(learner)
        self.ledger.wishes.pop(learner.id, None)
        self.ledger.agreed.discard(learner.id)
