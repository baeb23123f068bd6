"""Many at once: every guess is kept once, every vote counted once, on both databases."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.errors import StaleClick
from bot.domain.learner import Learner
from bot.domain.lesson.attempt import Attempt, Guess, Phase, mark_of
from bot.domain.lesson.commands import Command, CommitGuess, Tick
from bot.domain.lesson.evidence import Evidence
from bot.domain.lesson.machine import advance
from bot.store.database import transaction
from bot.store.lesson.records import open_with
from bot.store.tables.learner import COHORT, LEARNER, MEMBERSHIP
from bot.store.tables.lesson import ATTEMPT, GUESS, TALLY
from bot.usecases.lesson.turns import BeginLesson, LessonShown, TakeTurn
from curriculum.schema import Course, Lesson
from tests.domain.lesson.walks import revealed
from tests.fakes.clock import NOW, at_noon

CLASS = 900


async def no_model(prompt: str, guess: str) -> Evidence:
    raise AssertionError("nothing here is scored by a model")


async def drafted_by(database: AsyncEngine, count: int) -> list[Attempt]:
    """Begin the lesson for so many learners, each with a draft, A, B or C."""
    begun = []
    async with open_with(database)() as records:
        for number in range(1, count + 1):
            await records.enrol(Learner(number, CLASS), NOW)
            attempt = await records.begin(Learner(number, CLASS), "every-kind", 1, "pick", NOW)
            drafted = replace(attempt, draft="ABC"[number % 3])
            await records.save(attempt, drafted, NOW)
            begun.append(drafted)
    return begun


def commit_of(attempt: Attempt) -> CommitGuess:
    assert attempt.draft is not None
    return CommitGuess(attempt.id, "pick", 2, mark_of(attempt.draft))


async def all_at_once(
    database: AsyncEngine, course: Course, pressed: Sequence[tuple[Attempt, Command]]
) -> Counter[str]:
    """Run all the commands together; return how many were shown and how many were refused."""
    turn = TakeTurn(course, open_with(database), no_model, at_noon)
    done = await asyncio.gather(
        *(turn(command, Learner(attempt.learner_id, CLASS)) for attempt, command in pressed),
        return_exceptions=True,
    )
    return Counter(type(d).__name__ for d in done)


async def votes_of(database: AsyncEngine) -> dict[str, tuple[int, int]]:
    async with transaction(database) as connection:
        rows = (await connection.execute(select(TALLY))).all()
    return {row.answer: (row.votes, row.right_votes) for row in rows}


async def guesses_of(database: AsyncEngine) -> Counter[str]:
    async with transaction(database) as connection:
        rows = (await connection.execute(select(GUESS))).all()
    return Counter(row.answer for row in rows)


async def test_fifty_learners_who_guess_at_once_are_all_counted(
    database: AsyncEngine, course: Course
) -> None:
    begun = await drafted_by(database, 50)
    done = await all_at_once(database, course, [(a, commit_of(a)) for a in begun])
    assert done == {LessonShown.__name__: 50}
    assert await guesses_of(database) == {"A": 16, "B": 17, "C": 17}
    assert await votes_of(database) == {"A": (16, 0), "B": (17, 17), "C": (17, 0)}


async def test_two_hundred_learners_who_all_press_twice_are_counted_once(
    database: AsyncEngine, course: Course
) -> None:
    begun = await drafted_by(database, 200)
    twice = [(a, commit_of(a)) for a in begun for _ in range(2)]
    done = await all_at_once(database, course, twice)
    assert done == {LessonShown.__name__: 200, StaleClick.__name__: 200}
    assert await guesses_of(database) == {"A": 66, "B": 67, "C": 67}
    assert await votes_of(database) == {"A": (66, 0), "B": (67, 67), "C": (67, 0)}


async def test_of_two_levels_pressed_together_one_is_locked_in(
    database: AsyncEngine, course: Course
) -> None:
    (attempt,) = await drafted_by(database, 1)
    pressed = [(attempt, replace(commit_of(attempt), level=level)) for level in range(5)]
    done = await all_at_once(database, course, pressed)
    assert done == {LessonShown.__name__: 1, StaleClick.__name__: 4}
    assert await votes_of(database) == {"B": (1, 1)}


async def test_a_lesson_begun_by_two_presses_at_once_is_one_attempt(
    database: AsyncEngine, course: Course
) -> None:
    begin = BeginLesson(course, open_with(database), at_noon)
    await asyncio.gather(*(begin("every-kind", Learner(1, CLASS)) for _ in range(10)))
    async with transaction(database) as connection:
        assert (await connection.execute(select(func.count()).select_from(ATTEMPT))).scalar() == 1


async def test_learners_of_one_class_who_arrive_together_are_all_enrolled(
    database: AsyncEngine, course: Course
) -> None:
    begin = BeginLesson(course, open_with(database), at_noon)
    await asyncio.gather(*(begin("every-kind", Learner(n, CLASS)) for n in range(1, 41)))
    async with transaction(database) as connection:
        for table, count in ((LEARNER, 40), (COHORT, 1), (MEMBERSHIP, 40), (ATTEMPT, 40)):
            assert (
                await connection.execute(select(func.count()).select_from(table))
            ).scalar() == count


async def with_rubric_open(database: AsyncEngine, lesson: Lesson) -> Attempt:
    async with open_with(database)() as records:
        await records.enrol(Learner(1, CLASS), NOW)
        attempt = await records.begin(Learner(1), "every-kind", 1, "explain", NOW)
        open_rubric = replace(revealed(lesson, "explain", "It loops."), id=attempt.id, learner_id=1)
        await records.save(attempt, open_rubric, NOW)
    return open_rubric


async def test_two_criteria_ticked_at_once_are_both_ticked(
    database: AsyncEngine, course: Course, lesson: Lesson
) -> None:
    attempt = await with_rubric_open(database, lesson)
    ticks = [(attempt, Tick(attempt.id, "explain", c)) for c in ("scores", "appends")]
    assert await all_at_once(database, course, ticks) == {LessonShown.__name__: 2}
    assert (await the_guess(database, attempt)).ticked == ("scores", "appends")


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_a_press_that_had_to_wait_sees_what_the_one_before_it_wrote(
    database: AsyncEngine, lesson: Lesson
) -> None:
    attempt = await with_rubric_open(database, lesson)

    async def tick_appends() -> None:
        async with open_with(database)() as records:
            before = await records.attempt(attempt.id)
            assert before is not None
            after = advance(before, Tick(before.id, "explain", "appends"), lesson, NOW)
            await records.save(before, after, NOW)

    async with open_with(database)() as records:
        before = await records.attempt(attempt.id)
        assert before is not None
        second = asyncio.create_task(tick_appends())
        await until_one_waits(database)
        after = advance(before, Tick(before.id, "explain", "scores"), lesson, NOW)
        await records.save(before, after, NOW)
    await second
    assert (await the_guess(database, attempt)).ticked == ("scores", "appends")


async def until_one_waits(database: AsyncEngine) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    async with asyncio.timeout(10), database.connect() as connection:
        while not await connection.scalar(waiting):
            await connection.rollback()


async def the_guess(database: AsyncEngine, attempt: Attempt) -> Guess:
    async with open_with(database)() as records:
        found = await records.attempt(attempt.id)
    assert found is not None
    assert found.phase is Phase.REVEALED
    return found.guesses[0]
