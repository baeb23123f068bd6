"""Class: a press for a card that only has to be read. A short one comes along, all of it."""

import pytest

from bot.domain.errors import StaleClick
from bot.domain.lesson.attempt import Attempt, Phase
from bot.domain.lesson.commands import LockIn, NextPast
from bot.domain.lesson.machine import advance
from bot.domain.lesson.projection import screen_for
from bot.domain.lesson.screens import QuestionScreen, ReadScreen, RevealScreen
from bot.domain.tutor.briefing import brief_for
from bot.domain.tutor.passages import Source
from curriculum.budgets import LINES_IN_SIGHT
from curriculum.kinds.base import ExhibitCall
from curriculum.kinds.read import ReadStep
from curriculum.lines import lines_of
from curriculum.schema import Course, Lesson
from tests.domain.lesson.walks import (
    ATTEMPT,
    drafted,
    locked,
    onward,
    revealed,
    skipped,
    standing_at,
)
from tests.fakes.clock import NOW

ASKED, READ, AFTER = "hidden-cost", "the-road", "in-one-line"


def is_quick(attempt: Attempt, lesson: Lesson) -> bool:
    screen = screen_for(attempt, lesson)
    assert isinstance(screen, QuestionScreen)
    return screen.is_quick


def past(attempt: Attempt, lesson: Lesson, passage: str = READ) -> Attempt:
    return advance(attempt, NextPast(attempt.id, attempt.step, passage), lesson, NOW)


def test_an_answer_brings_the_short_passage_after_it(shipped_lesson: Lesson) -> None:
    screen = screen_for(revealed(shipped_lesson, ASKED, "105"), shipped_lesson)
    assert isinstance(screen, RevealScreen)
    assert isinstance(screen.passage, ReadScreen)
    step = shipped_lesson.step(READ)
    assert isinstance(step, ReadStep)
    assert (screen.passage.title, screen.passage.text) == (step.title, step.text)
    assert screen.passage.place.index == screen.place.index + 1


def test_no_passage_comes_before_the_answer(shipped_lesson: Lesson) -> None:
    assert isinstance(
        screen_for(drafted(shipped_lesson, ASKED, "105"), shipped_lesson), QuestionScreen
    )
    with pytest.raises(StaleClick):
        past(drafted(shipped_lesson, ASKED, "105"), shipped_lesson)
    with pytest.raises(StaleClick):
        past(locked(shipped_lesson, ASKED, "105"), shipped_lesson)


def test_a_picture_a_long_text_or_an_instrument_stays_a_card_of_its_own() -> None:
    short = ReadStep(id="a", kind="read", title="A title", text="Words.")
    assert short.comes_along_with("A reply.")
    assert not short.model_copy(update={"text": "Words.\n" * 10}).comes_along_with("A\nreply.")
    live = ExhibitCall.model_validate({"exhibit": "nexttoken"})
    assert not short.model_copy(update={"after": live}).comes_along_with("A reply.")


def test_a_passage_comes_along_only_where_the_answer_stays_in_sight(shipped: Course) -> None:
    """Class: the verdict above the screen, because what came along had pushed it there."""
    for lesson in shipped.lessons:
        for step in lesson.way:
            if along := lesson.passage_with(step.id):
                for reply in step.told():
                    lines = sum(map(lines_of, (reply.strip(), *along.heads())))
                    assert lines <= LINES_IN_SIGHT


def test_what_was_read_is_passed_and_nothing_else(shipped_lesson: Lesson) -> None:
    told = revealed(shipped_lesson, ASKED, "105")
    assert past(told, shipped_lesson).step == AFTER
    assert past(told, shipped_lesson, "worth-a-guess").step == READ
    assert onward(told, shipped_lesson).step == READ  # a card from before passages came along
    told = revealed(shipped_lesson, "how-sure", " kube")
    assert past(told, shipped_lesson, "train-or-run").step == "train-or-run"


def test_who_skips_the_question_still_gets_the_passage(shipped_lesson: Lesson) -> None:
    left = skipped(standing_at(shipped_lesson, ASKED), shipped_lesson)
    assert left.step == READ
    assert isinstance(screen_for(left, shipped_lesson), ReadScreen)
    assert onward(left, shipped_lesson).step == AFTER


def test_a_passage_that_came_along_may_be_quoted(shipped: Course, shipped_lesson: Lesson) -> None:
    source = Source(1, step=READ)
    before = brief_for(shipped, [drafted(shipped_lesson, ASKED, "105")], is_private=True)
    after = brief_for(shipped, [revealed(shipped_lesson, ASKED, "105")], is_private=True)
    assert source in before.spoilers.steps
    assert source not in after.spoilers.steps


def test_a_quick_question_is_answered_in_one_press_until_something_was_picked(
    shipped_lesson: Lesson,
) -> None:
    for step in shipped_lesson.quick_check:
        fresh = standing_at(shipped_lesson, step.id)
        assert is_quick(fresh, shipped_lesson)
        assert not is_quick(drafted(shipped_lesson, step.id, "A"), shipped_lesson)  # an old card
        done = advance(fresh, LockIn(ATTEMPT, step.id, "A", 3), shipped_lesson, NOW)
        assert done.phase is Phase.LOCKED
        assert done.guess is not None
        assert done.guess.confidence == 0.85
