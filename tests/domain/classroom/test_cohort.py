from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.classroom.change import Change, Tried, change_of
from bot.domain.classroom.cohort import (
    belief_behind,
    cohort_of,
)
from bot.domain.classroom.counts import (
    MemberPlace,
    Runs,
    Tallies,
    Tries,
    Votes,
)
from bot.domain.classroom.member import seen_since
from bot.domain.lesson.attempt import Attempt, Guess, Phase
from curriculum.kinds.choice import ChoiceStep
from curriculum.schema import Course
from tests.fakes.clock import NOW

AT = Attempt(1, 1, "one", 1, "pick", cohort_id=900)
GUESS = Guess("pick", "B", 0.85, 0, NOW, is_right=True)


def test_a_new_guess_is_a_try_and_one_without_confidence_is_none() -> None:
    recalled = replace(GUESS, step="recall", confidence=None)
    after = replace(AT, guesses=(GUESS, recalled))
    assert change_of(AT, after) == Change(tried=(Tried("pick", 850, 1, 1, 1),))


def test_a_guess_that_is_judged_later_is_counted_once_and_judged_once() -> None:
    open_one = replace(GUESS, is_right=None)
    locked, judged = replace(AT, guesses=(open_one,)), replace(AT, guesses=(GUESS,))
    assert change_of(AT, locked).tried == (Tried("pick", 850, 1, 0, 0),)
    assert change_of(locked, judged).tried == (Tried("pick", 850, 0, 1, 1),)
    explained = replace(AT, guesses=(replace(GUESS, why="so"),))
    assert change_of(judged, explained) == Change()


def test_a_later_run_moves_its_learner_but_counts_nothing() -> None:
    again = replace(AT, run=2)
    over = replace(again, guesses=(GUESS,), step="", phase=Phase.FINISHED)
    assert change_of(again, over) == Change(tried=(), is_done=False, has_moved=True)
    assert change_of(AT, replace(AT, step="", phase=Phase.FINISHED)).is_done


def test_a_class_is_summed_up_lesson_by_lesson_and_step_by_step(shipped: Course) -> None:
    lesson = shipped.lessons[0]
    first = next(step for step in lesson.sequence if isinstance(step, ChoiceStep))
    screen = cohort_of(
        shipped,
        Tallies(
            runs=[Runs(lesson.slug, 9, 4), Runs("gone", 5, 5)],
            tries=[
                Tries(lesson.slug, first.id, 850, 6, 6, 3),
                Tries(lesson.slug, first.id, 970, 4, 4, 0),
                Tries("gone", "x", 850, 9, 9, 9),
            ],
            votes=[Votes(lesson.slug, first.id, "A", 5), Votes(lesson.slug, first.id, "C", 2)],
            stuck=[
                MemberPlace(1, "Ada", lesson.slug, first.id, NOW - timedelta(days=4)),
                MemberPlace(2, "Bob", lesson.slug, "gone", NOW),
            ],
            all_stuck=2,
        ),
        NOW,
    )
    assert [(one.begun, one.done, one.under_way) for one in screen.lessons] == [(9, 4, 5)]
    (step,) = screen.steps
    assert (step.tries, step.right, step.rate) == (10, 3, 0.3)
    assert step.belief == lesson.misconceptions["plans-ahead"]
    assert screen.hardest == (step,)
    assert [one.votes for one in screen.beliefs] == [5, 2]
    assert [(one.name, one.index, one.days) for one in screen.stuck] == [("Ada", 1, 4)]


def test_brier_is_what_the_guesses_themselves_give(shipped: Course) -> None:
    lesson = shipped.lessons[0]
    first = lesson.sequence[0].id
    screen = cohort_of(shipped, Tallies(tries=[Tries(lesson.slug, first, 850, 4, 4, 3)]), NOW)
    assert screen.mean_brier == pytest.approx((3 * 0.15**2 + 0.85**2) / 4)


def test_an_empty_class_has_no_rates(shipped: Course) -> None:
    screen = cohort_of(shipped, Tallies(), NOW)
    assert (screen.lessons, screen.steps, screen.hardest) == ((), (), ())
    assert (screen.mean_brier, screen.sure) == (None, (0, 0))


def test_each_wrong_answer_leads_to_its_belief_and_no_other(course: Course) -> None:
    for step in course.lessons[0].sequence:
        for key in ("", "A", "Z", "too low", "too high", "another order", "in order", "AB"):
            belief = belief_behind(step, key)
            assert belief is None or belief in course.lessons[0].misconceptions


def test_what_was_guessed_before_joining_is_not_seen() -> None:
    early, late = GUESS, replace(GUESS, step="next", at=NOW + timedelta(days=1))
    seen = seen_since([replace(AT, guesses=(early, late))], NOW + timedelta(hours=1))
    assert [guess.step for one in seen for guess in one.guesses] == ["next"]
    assert seen_since([replace(AT, guesses=(early,))], NOW + timedelta(hours=1)) == []
