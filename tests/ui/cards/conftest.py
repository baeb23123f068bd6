"""The courses that cards are drawn of: each that there is, and one with every lesson written."""

import pytest

from bot.domain.lesson.attempt import Attempt
from curriculum.schema import Course
from tests.domain.lesson.walks import walked


@pytest.fixture(params=["course", "shipped"])
def each(request: pytest.FixtureRequest) -> Course:
    """The course with every kind of step, then the one that ships."""
    course: Course = request.getfixturevalue(request.param)
    return course


@pytest.fixture(scope="session")
def full(shipped: Course) -> Course:
    """The course that ships with a lesson at each stage of its outline, all like the first."""
    lesson = shipped.lessons[0]
    written = tuple(
        lesson.model_copy(update={"number": stage.number, "slug": stage.slug})
        for stage in shipped.outline.stages
    )
    return shipped.model_copy(update={"lessons": written})


@pytest.fixture(scope="session")
def attempts(full: Course) -> list[Attempt]:
    """An attempt at each of its lessons: six done and right, the others wrong and on the way."""
    done = [walked(one, is_right=True)[-1] for one in full.lessons[:6]]
    return done + [walked(one, is_right=False)[-9] for one in full.lessons[6:]]
