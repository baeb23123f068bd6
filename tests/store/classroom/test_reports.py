"""A report is read on a connection of its own; and what two instructors do at once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.classroom.change import change_of
from bot.domain.classroom.counts import Tries
from bot.domain.classroom.member import Assignment
from bot.domain.learner import Learner
from bot.domain.lesson.attempt import Guess
from bot.store.classroom import classes
from bot.store.classroom.reports import SqlReports
from bot.store.database import connect, transaction
from bot.store.errors import StoreError
from bot.store.lesson.records import open_with
from tests.fakes.clock import NOW

HERE = 900
ADA, BOB = Learner(1, HERE, name="Ada"), Learner(2, HERE, name="Bob")
EARLY, LATE = NOW - timedelta(days=1), NOW + timedelta(days=1)


@dataclass
class Place:
    """A database, and its address."""

    url: str
    engine: AsyncEngine

    async def guessed(self, learner: Learner) -> None:
        async with open_with(self.engine)() as r:
            await r.enrol(learner, NOW)
            before = await r.begin(learner, "one", 1, "pick", NOW)
            early = Guess("pick", "A", 0.7, 0, EARLY, is_right=False)
            late = Guess("next", "B", 0.7, 0, LATE, is_right=True)
            after = replace(before, guesses=(early, late))
            await r.save(before, after, NOW)
            await r.count(after, change_of(before, after), NOW)


@pytest.fixture
async def base(url: str) -> AsyncIterator[Place]:
    engine = connect(url)
    yield Place(url, engine)
    await engine.dispose()


async def test_only_who_agreed_is_listed_and_only_from_when_they_joined(base: Place) -> None:
    for learner in (ADA, BOB):
        await base.guessed(learner)
    async with classes.open_with(base.engine)() as c:
        await c.decide(ADA, True, NOW)
    held = await SqlReports(base.url)(HERE, NOW)
    (shown,) = held.shown
    assert (shown.member.learner_id, shown.member.name) == (ADA.id, "Ada")
    assert [guess.step for one in shown.attempts for guess in one.guesses] == ["next"]
    assert sum(one.tries for one in held.tallies.tries) == 4
    assert list((await SqlReports(base.url)(901, NOW)).shown) == []


async def test_a_class_keeps_its_key_and_no_other_class_has_it(base: Place) -> None:
    await base.guessed(ADA)
    first = (await SqlReports(base.url)(HERE, NOW)).key
    await base.guessed(BOB)
    async with classes.open_with(base.engine)() as c:
        await c.name_instructors(HERE, 7, NOW)
        await c.name_instructors(901, 7, NOW)
    assert (await SqlReports(base.url)(HERE, NOW)).key == first
    assert (await SqlReports(base.url)(901, NOW)).key != first
    assert len(first) == 32


async def test_a_report_is_read_while_the_bot_writes(base: Place) -> None:
    await base.guessed(ADA)
    async with transaction(base.engine) as connection:
        await connection.execute(text("UPDATE learner SET first_seen = first_seen"))
        held = await asyncio.wait_for(SqlReports(base.url)(HERE, NOW), 20)
    assert len(held.tallies.tries) == 2


async def test_a_report_of_no_database_is_told_in_a_sentence(tmp_path: object) -> None:
    with pytest.raises(StoreError, match="not migrated"):
        await SqlReports(f"sqlite:///{tmp_path}/none.sqlite")(HERE, NOW)


async def test_two_instructors_who_assign_at_once_leave_one_assignment(base: Place) -> None:
    await base.guessed(ADA)
    open_classes = classes.open_with(base.engine)

    async def assign(by: int) -> Assignment:
        async with open_classes() as c:
            return await c.assign(Assignment(0, HERE, "one", LATE, 5, by), NOW)

    kept = await asyncio.gather(*(assign(by) for by in range(10)))
    assert len({one.id for one in kept}) == 1
    async with open_classes() as c:
        assert len(await c.to_remind(NOW, LATE)) == 1


async def test_of_ten_who_would_remind_one_does(base: Place) -> None:
    await base.guessed(ADA)
    open_classes = classes.open_with(base.engine)
    async with open_classes() as c:
        kept = await c.assign(Assignment(0, HERE, "one", LATE, 5, 1), NOW)

    async def remind() -> bool:
        async with open_classes() as c:
            return await c.mark_reminded(kept.id, NOW)

    assert sum(await asyncio.gather(*(remind() for _ in range(10)))) == 1


async def test_guesses_of_many_at_once_are_all_counted(base: Place) -> None:
    await asyncio.gather(*(base.guessed(Learner(n, HERE)) for n in range(1, 21)))
    async with classes.open_with(base.engine)() as c:
        counted = await c.tallies(HERE, EARLY, LATE)
    assert sorted(counted.tries, key=lambda one: one.step) == [
        Tries("one", "next", 700, 20, 20, 20),
        Tries("one", "pick", 700, 20, 20, 0),
    ]
    assert [(one.begun, one.done) for one in counted.runs] == [(20, 0)]
