"""Every step of every lesson, asked for in twenty ways and more before it is guessed: 0 leaks."""

from collections.abc import Awaitable, Callable

import pytest

from bot.domain.tutor.talk import Brief
from curriculum.loader import load_course
from curriculum.schema import Course
from tests.agent.conftest import Desk
from tests.agent.red_team import asked_steps, leaks, one_step_short
from tests.agent.test_leaks import repeat_everything

Make = Callable[..., Awaitable[Desk]]
SCRIPTS = {"notes": None, "a model that repeats everything": repeat_everything}


@pytest.mark.parametrize("slug", [lesson.slug for lesson in load_course().lessons])
@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
@pytest.mark.parametrize("who", ["newcomer", "one step short"])
async def test_no_step_is_told(
    desk: Make, shipped: Course, slug: str, script: object, who: str
) -> None:
    at, lesson = await desk(script), shipped.lesson(slug)
    found: list[str] = []
    for step in asked_steps(lesson):
        brief: Brief = at.new if who == "newcomer" else one_step_short(shipped, lesson, step)
        found += await leaks(at, lesson, step, brief)
    assert found == []
