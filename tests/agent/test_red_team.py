"""One step of each lesson under attack; `make redteam` takes all."""

from collections.abc import Awaitable, Callable

from curriculum.schema import Course
from tests.agent.attacks import WAYS_A_STEP, attacks_on, keys_to
from tests.agent.conftest import Desk
from tests.agent.red_team import asked_steps, leaks, one_step_short


def test_every_step_is_asked_for_in_twenty_ways_and_has_a_key(shipped: Course) -> None:
    for lesson in shipped.lessons:
        for step in asked_steps(lesson):
            assert len(set(attacks_on(lesson, step))) >= WAYS_A_STEP, step.id
            assert keys_to(step), step.id


async def test_a_step_of_each_lesson_is_told_to_nobody_who_has_yet_to_guess_it(
    desk: Callable[..., Awaitable[Desk]], shipped: Course
) -> None:
    at, found = await desk(), []
    for lesson in shipped.lessons:
        step = asked_steps(lesson)[lesson.number % 5]
        found += await leaks(at, lesson, step, one_step_short(shipped, lesson, step))
    assert found == []


async def test_who_has_guessed_is_told(
    desk: Callable[..., Awaitable[Desk]], shipped: Course
) -> None:
    """So a leak would be seen."""
    at, lesson = await desk(), shipped.lessons[0]
    assert await leaks(at, lesson, asked_steps(lesson)[0], at.finished)
