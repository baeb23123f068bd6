"""Where to begin: what eight answers tell, of learners whose knowledge the test sets."""

import random
from collections import Counter

import pytest

from bot.domain.path.placement import (
    QUESTIONS,
    Placement,
    answered,
    begun,
    question_of,
    settled,
    standing_of,
    start_of,
)
from curriculum.schema import Course

NOTHING: frozenset[tuple[str, str]] = frozenset()


def taken(course: Course, knows: int, dice: random.Random | None = None) -> Placement:
    """Take the placement as somebody who knows so many lessons.

    With dice they slip one time in ten, and guess blindly, or say so, at what they don't know.
    """
    placement = begun(course, dice.randrange(10**6) if dice else 7, NOTHING)
    while (step := question_of(placement, course)) is not None:
        lesson = next(one for one in course.lessons if one.slug == placement.lesson)
        said = step.answer if lesson.number <= knows else None
        if dice and lesson.number <= knows and dice.random() < 0.1:
            said = next(key for key in "AB" if key != step.answer)
        if dice and lesson.number > knows and dice.random() < 0.6:
            said = dice.choice("ABCDE"[: len(step.options)])
        placement = answered(placement, course, said, NOTHING)
    return placement


@pytest.mark.parametrize("knows", range(13))
def test_whoever_answers_as_they_know_begins_at_the_first_lesson_they_dont(
    shipped: Course, knows: int
) -> None:
    placement = taken(shipped, knows)
    assert len(placement.answers) == QUESTIONS
    found = standing_of(shipped, placement.answers)
    assert (found.start.number if found.start else 13) == knows + 1
    assert start_of(shipped, placement) == knows + 1
    assert 0.7 <= found.sure <= 1


def test_no_question_comes_twice_and_none_that_was_guessed(shipped: Course) -> None:
    guessed = {(shipped.lessons[5].slug, s.id) for s in shipped.lessons[5].quick_check}
    placement = begun(shipped, 7, guessed)
    while not placement.is_over:
        assert (placement.lesson, placement.step) not in guessed
        placement = answered(placement, shipped, None, guessed)
    where = [(one.lesson, one.step) for one in placement.answers]
    assert len(set(where)) == len(where) == QUESTIONS


def test_learners_who_slip_and_guess_are_placed_within_two_lessons(shipped: Course) -> None:
    dice = random.Random(4)
    off: Counter[int] = Counter()
    for _ in range(300):
        knows = dice.randrange(13)
        off[start_of(shipped, taken(shipped, knows, dice)) - knows - 1] += 1
    near = sum(count for by, count in off.items() if abs(by) <= 2)
    too_far = sum(count for by, count in off.items() if by > 2)
    assert near / 300 > 0.8, off
    # to pass over what isn't known costs more than to meet something twice
    assert too_far / 300 < 0.05, off


def test_blind_guessing_passes_nothing_over_as_a_rule(shipped: Course) -> None:
    dice = random.Random(5)
    starts = Counter(start_of(shipped, taken(shipped, 0, dice)) for _ in range(200))
    assert starts[1] / 200 > 0.75, starts


def test_a_placement_under_way_moves_nobody(shipped: Course) -> None:
    assert start_of(shipped, None) == 0
    assert start_of(shipped, begun(shipped, 7, NOTHING)) == 0


def test_a_short_course_ends_when_it_has_no_more_to_ask(course: Course) -> None:
    placement = begun(course, 7, NOTHING)
    asked = 0
    while not placement.is_over:
        placement = answered(placement, course, None, NOTHING)
        asked += 1
    assert asked == len(course.lessons[0].quick_check)
    assert start_of(course, placement) == 1


def test_a_question_that_left_the_course_gives_way_to_another(shipped: Course) -> None:
    placement = begun(shipped, 7, NOTHING)
    fewer = [one for one in shipped.lessons if one.slug != placement.lesson]
    edited = shipped.model_copy(update={"lessons": tuple(fewer)})
    after = settled(placement, edited, NOTHING)
    assert question_of(after, edited) is not None
    assert settled(placement, shipped, NOTHING) == placement
    over = answered(after, edited, None, NOTHING)
    assert standing_of(shipped, over.answers).asked == 1
