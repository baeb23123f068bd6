"""How long it still takes: a step's card, a lesson, the course from where one begins."""

import pytest

from bot.domain.lesson.attempt import Attempt, Phase
from bot.domain.lesson.projection import minutes_left, screen_for
from bot.domain.lesson.screens import ReadScreen
from bot.domain.progress.standing import home_of
from curriculum.schema import Course


@pytest.mark.parametrize(("index", "left"), [(1, 12), (9, 6), (16, 1)])
def test_a_lessons_minutes_run_out_with_its_steps(index: int, left: int) -> None:
    assert minutes_left(12, index, 16) == left


def test_a_card_and_the_map_tell_the_same(shipped: Course) -> None:
    lesson = shipped.lessons[0]
    passage = next(step for step in lesson.steps if step.kind == "read")
    at = Attempt(1, 7, lesson.slug, 1, passage.id)
    screen = screen_for(at, lesson)
    assert isinstance(screen, ReadScreen)
    assert screen.place.minutes_left == home_of(shipped, [at]).lessons[0].minutes_left


def test_the_course_counts_from_where_one_begins_and_no_lesson_twice(shipped: Course) -> None:
    whole = sum(lesson.minutes for lesson in shipped.lessons)
    assert home_of(shipped, []).minutes_left == whole
    done = Attempt(1, 7, shipped.lessons[0].slug, 1, "", Phase.FINISHED)
    assert home_of(shipped, [done]).minutes_left == whole - shipped.lessons[0].minutes
    placed = home_of(shipped, [], start=5)
    assert placed.minutes_left == sum(lesson.minutes for lesson in shipped.lessons[4:])
    assert placed.next is not None
    assert placed.next.number == 5
    over = home_of(shipped, [], start=13)
    assert over.next is not None  # who knows all may still begin at the first
    assert (over.next.number, over.minutes_left) == (1, whole)
