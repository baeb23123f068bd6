"""The map of the course: one thing to do next first, and a lesson a line."""

import pytest

from bot.domain.lesson.attempt import Attempt
from bot.domain.progress.standing import LessonState, home_of
from bot.domain.tutor.talk import OpenQuestion
from bot.ui.cards.fold import MOST_LINES
from bot.ui.cards.progress.home import draw_home
from curriculum.schema import Course
from tests.domain.lesson.walks import walked
from tests.fakes.clock import NOW
from tests.journeys.player import parts_of
from tests.ui.limits import broken_limits, lines_above

NARROWEST = 40  # characters that a phone shows in a line
ANSWERED = OpenQuestion(1, 2, 3, "why? " * 30, None, (), NOW, "so. " * 400)


@pytest.fixture
def half(shipped: Course) -> list[Attempt]:
    """Six lessons done, the seventh on the way."""
    done = [walked(one, is_right=True)[-1] for one in shipped.lessons[:6]]
    return [*done, walked(shipped.lessons[6], is_right=False)[-9]]


@pytest.mark.parametrize("told", [None, ANSWERED])
@pytest.mark.parametrize("is_new", [True, False])
def test_twelve_lessons_leave_the_first_button_in_sight(
    shipped: Course, half: list[Attempt], told: OpenQuestion | None, is_new: bool
) -> None:
    screen = home_of(shipped, [] if is_new else half)
    view = draw_home(screen, told)
    assert broken_limits(view) == []
    assert lines_above(view) <= MOST_LINES
    drawn = list(parts_of(view.to_components()))
    first = next(part for part in drawn if part["type"] == 2)
    assert first["label"] == ("Start lesson 1" if is_new else "Go on with lesson 7")
    listed = next(p["content"] for p in drawn if p["type"] == 10 and "**12**" in p["content"])
    named = [one for one in listed.replace("*", "").split("\n") if not one.startswith("-#")]
    assert len(named) == len(shipped.lessons)
    assert max(map(len, named)) <= NARROWEST


def test_it_says_how_long_the_rest_of_the_course_takes(
    shipped: Course, half: list[Attempt]
) -> None:
    screen = home_of(shipped, half)
    left = [one for one in screen.lessons if one.state is not LessonState.DONE]
    assert 0 < screen.minutes_left < sum(one.minutes for one in left), "some are half done"
    assert "about 3 h to the end" in str(draw_home(home_of(shipped, [])).to_components())
