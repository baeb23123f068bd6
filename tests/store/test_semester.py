"""A semester of a class: at its end every count is what the guesses themselves say."""

import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.attempt import Attempt, Phase, mark_of
from bot.domain.cohort_change import thousandths
from bot.domain.commands import (
    AskHint,
    Command,
    CommitGuess,
    Draft,
    Explain,
    Next,
    Rate,
    Reveal,
    Skip,
)
from bot.domain.errors import TutorError
from bot.domain.learner import NO_COHORT, Learner
from bot.domain.scoring import tally_key
from bot.store import dailies, migrate, reviews
from bot.store.database import connect, transaction
from bot.store.records import open_with
from bot.usecases.desk import Rules
from bot.usecases.judging import JudgeToken
from bot.usecases.lesson import BeginLesson, TakeTurn
from bot.usecases.practising import practising
from curriculum.schema import Course
from tests.domain.walks import answer_to
from tests.fakes import NOW, FakeEngine

CLASSES = (900, 901, NO_COHORT)
DAYS, LEARNERS, PRESSES = 90, 60, 60


@dataclass
class Semester:
    """Learners who come when they like, and press what they like."""

    database: AsyncEngine
    course: Course
    chance: random.Random
    now: datetime = NOW
    refused: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.records = open_with(self.database)
        judge = JudgeToken(FakeEngine())
        turn = TakeTurn(self.course, self.records, judge, self.clock)
        self.begin = BeginLesson(self.course, self.records, self.clock)
        cards, daily = reviews.open_with(self.database), dailies.open_with(self.database)
        self.practice = practising(turn, cards, daily, judge, self.clock, Rules())

    def clock(self) -> datetime:
        return self.now

    async def run(self, learners: int, days: int, presses: int) -> None:
        """Let the days pass; each press comes at some time of some day, from somebody."""
        moments = sorted(
            (self.chance.uniform(0, days), self.chance.randrange(1, learners + 1))
            for _ in range(learners * presses)
        )
        for moment, number in moments:
            self.now = NOW + timedelta(days=moment)
            learner = Learner(number, self.chance.choice(CLASSES), name=f"name {number}")
            await self.press(learner)

    async def press(self, learner: Learner) -> None:
        """Do one thing that this learner could do, or couldn't any more."""
        lesson = self.chance.choice(self.course.lessons)
        async with self.records() as records:
            attempt = await records.latest_attempt(learner.id, lesson.slug)
        if attempt is None or (attempt.phase is Phase.FINISHED and self.chance.random() < 0.2):
            await self.begin(lesson.slug, learner)
            return
        for command in self.commands(attempt):
            times = 2 if self.chance.random() < 0.05 else 1  # a double click
            for _ in range(times):
                try:
                    await self.practice.take_turn(command, learner)
                except TutorError as refused:
                    self.refused[type(refused).__name__] += 1

    def commands(self, attempt: Attempt) -> list[Command]:
        """Return what may be pressed next; sometimes what no longer fits."""
        if attempt.phase is Phase.FINISHED:
            return [Next(attempt.id, "gone")]
        step = self.course.lesson(attempt.lesson).step(attempt.step)
        here = (attempt.id, step.id)
        if attempt.phase is Phase.LOCKED:
            return [self.chance.choice([Reveal(*here), Reveal(*here), Explain(*here, "so")])]
        if attempt.phase is Phase.REVEALED:
            is_rated = step.kind in ("recall", "text")
            had_it = self.chance.random() < 0.6
            return [Rate(*here, had_it=had_it) if is_rated else Next(*here)]
        if step.kind in ("read", "exhibit"):
            return [Next(*here)]
        if step.kind == "recall":
            return [Reveal(*here)]
        if self.chance.random() < 0.1:
            return [self.chance.choice([Skip(*here), AskHint(*here)])]
        answer = answer_to(step, is_right=self.chance.random() < 0.5)
        level = self.chance.randrange(5)
        return [Draft(*here, answer), CommitGuess(*here, level, mark_of(answer))]


@pytest.fixture
def twice(course: Course) -> Course:
    """Three lessons with every kind of step."""
    lesson = course.lessons[0]
    three = (lesson.model_copy(update={"number": n, "slug": f"lesson-{n}"}) for n in (1, 2, 3))
    return course.model_copy(update={"lessons": tuple(three)})


@pytest.fixture
async def both(url: str) -> AsyncIterator[AsyncEngine]:
    engine = connect(url)
    yield engine
    await engine.dispose()


async def test_after_a_semester_every_count_is_what_the_guesses_say(
    both: AsyncEngine, twice: Course
) -> None:
    semester = Semester(both, twice, random.Random(5))
    is_file = both.dialect.name == "sqlite"
    size = (LEARNERS, DAYS, PRESSES) if is_file else (12, DAYS, 30)
    await semester.run(*size)
    assert semester.refused["StaleClick"] > 5

    counted = await _counts(both)
    tries, runs, votes = await _recounted(both, twice)
    assert sum(one[0] for one in tries.values()) > size[0]
    assert counted == (tries, runs, votes)
    await _places_are_right(both)

    await migrate.downgrade(both, "0004")
    await migrate.upgrade(both)
    assert (await _counts(both))[:2] == (tries, runs)


async def _counts(database: AsyncEngine) -> tuple[dict, dict, dict]:  # type: ignore[type-arg]
    async with transaction(database) as connection:
        tries = (await connection.execute(text("SELECT * FROM first_try"))).all()
        runs = (await connection.execute(text("SELECT * FROM standing"))).all()
        votes = (await connection.execute(text("SELECT * FROM tally"))).all()
    return (
        {tuple(row[:4]): tuple(row[4:]) for row in tries},
        {tuple(row[:2]): tuple(row[2:]) for row in runs},
        {tuple(row[:4]): tuple(row[4:]) for row in votes},
    )


async def _recounted(database: AsyncEngine, course: Course) -> tuple[dict, dict, dict]:  # type: ignore[type-arg]
    """Count anew, from nothing but attempts and guesses."""
    tries: Counter[tuple[object, ...]] = Counter()
    judged, right, votes, rights = Counter(tries), Counter(tries), Counter(tries), Counter(tries)
    begun, done = Counter(tries), Counter(tries)
    for attempt in await _attempts(database):
        if attempt.run > 1:
            continue
        place = (attempt.cohort_id, attempt.lesson)
        begun[place] += 1
        done[place] += attempt.phase is Phase.FINISHED
        for guess in attempt.guesses:
            if guess.confidence is not None:
                key = (*place, guess.step, thousandths(guess.confidence))
                tries[key] += 1
                judged[key] += guess.is_right is not None
                right[key] += guess.is_right is True
            step = course.lesson(attempt.lesson).step(guess.step)
            heading = tally_key(step, guess.answer) if step.kind != "recall" else None
            if heading is not None:
                votes[*place, guess.step, heading] += 1
                rights[*place, guess.step, heading] += guess.is_right is True
    return (
        {key: (tries[key], judged[key], right[key]) for key in tries},
        {key: (begun[key], done[key]) for key in begun},
        {key: (votes[key], rights[key]) for key in votes},
    )


async def _attempts(database: AsyncEngine) -> list[Attempt]:
    async with transaction(database) as connection:
        ids = (await connection.execute(text("SELECT id FROM learner ORDER BY id"))).scalars().all()
    found: list[Attempt] = []
    for learner in ids:
        async with open_with(database)() as records:
            found += await records.attempts_of(learner)
    return found


async def _places_are_right(database: AsyncEngine) -> None:
    """Each membership says a step on which its learner really stands, or none."""
    standing = {(a.learner_id, a.lesson, a.step) for a in await _attempts(database)}
    query = "SELECT learner_id, lesson, step FROM membership WHERE since IS NOT NULL"
    async with transaction(database) as connection:
        places = (await connection.execute(text(query))).all()
    assert places
    assert {tuple(row) for row in places} <= standing
