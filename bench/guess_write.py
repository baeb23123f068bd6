"""Writing a guess on SQLite with 50 learners a second: how long one waits, at the 95th percentile.

Fifty arrive in each second, evenly, whether or not the ones before are done: one who has to queue
pays for it in the figure. What is timed is the whole use case, from the command to the screen:
reading the attempt, the guess, its tally, the commit to the file.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import quantiles

from bench.figure import Figure
from bot.domain.daily.game import DailyGuess
from bot.domain.learner import Learner
from bot.domain.lesson.attempt import mark_of
from bot.domain.lesson.commands import CommitGuess, Draft
from bot.store import migrate
from bot.store.daily import dailies
from bot.store.database import Database, connect
from bot.store.lesson.records import open_with
from bot.usecases.lesson.judging import JudgeToken
from bot.usecases.lesson.turns import BeginLesson, TakeTurn
from curriculum.loader import load_course
from curriculum.schema import Course
from tests.fakes.model import FakeEngine

A_SECOND = 50
SECONDS = 6
WARMING = 25  # learners before the first that counts
GOAL_MS = 10.0


def measure(seconds: int = SECONDS) -> list[Figure]:
    """Return the 95th percentile of a lesson's guess and of a daily guess, in ms."""
    return asyncio.run(_measured(seconds))


async def _measured(seconds: int) -> list[Figure]:
    course = load_course()
    with tempfile.TemporaryDirectory() as folder:
        store = connect(f"sqlite:///{Path(folder) / 'hunch.sqlite'}")
        await migrate.upgrade(store)
        count = WARMING + A_SECOND * seconds
        lesson = await arriving(await lesson_guess(store, course, count), count)
        daily = await _daily_guesses(store, course, count)
        await store.dispose()
    return [
        _p95("writing a guess, p95 at 50 learners a second", lesson),
        _p95("writing a daily guess, p95 at 50 learners a second", daily),
    ]


Guess = Callable[[int], Awaitable[None]]  # of a learner, by number


async def lesson_guess(store: Database, course: Course, count: int) -> Guess:
    """Begin a lesson for so many learners; return what locks in the guess of one."""
    records, lesson = open_with(store), course.lessons[0]
    turn = TakeTurn(course, records, JudgeToken(FakeEngine()), _now)
    begin, step = BeginLesson(course, records, _now), lesson.sequence[0].id
    attempts = {}
    for number in range(1, count + 1):
        learner = Learner(number, 900)
        await begin(lesson.slug, learner)
        async with records() as r:
            attempt = await r.latest_attempt(number, lesson.slug)
        assert attempt is not None
        attempts[number] = attempt.id
        await turn(Draft(attempt.id, step, "A"), learner)

    async def guess(number: int) -> None:
        commit = CommitGuess(attempts[number], step, 3, mark_of("A"))
        await turn(commit, Learner(number, 900))

    return guess


async def _daily_guesses(store: Database, course: Course, count: int) -> list[float]:
    opened, passage = dailies.open_with(store), course.passages[0].id

    async def guess(number: int) -> None:
        made = DailyGuess(0, passage, "kube", _now())
        async with opened() as d:
            await d.keep(Learner(number, 900), date(2026, 1, 1), made)

    return await arriving(guess, count)


async def arriving(guess: Guess, count: int) -> list[float]:
    """Let one learner come every 20 ms; return what each waited, in ms."""
    waited: list[float] = []
    start = time.perf_counter()

    async def one(number: int) -> None:
        due = start + number / A_SECOND
        await asyncio.sleep(due - time.perf_counter())
        before = time.perf_counter()
        await guess(number)
        waited.append((time.perf_counter() - before) * 1000)

    await asyncio.gather(*(one(number) for number in range(1, count + 1)))
    return waited[WARMING:]


def _p95(name: str, waited: list[float]) -> Figure:
    return Figure(name, quantiles(waited, n=20)[-1], "ms", GOAL_MS, tuple(waited))


def _now() -> datetime:
    return datetime.now(UTC)
