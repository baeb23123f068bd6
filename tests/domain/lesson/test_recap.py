from dataclasses import replace

import pytest

from bot.domain.lesson.ahead import lesson_ahead
from bot.domain.lesson.attempt import Attempt, Guess
from bot.domain.lesson.recap import calibration_of, recap_of
from bot.domain.progress.standing import LessonState, home_of, progress_of, standings
from curriculum.schema import Course, Lesson
from tests.domain.lesson.walks import evidence_of, locked, standing_at, walked
from tests.fakes.clock import NOW


def guess(step: str, is_right: bool | None, said: float | None = 0.7, answer: str = "A") -> Guess:
    return Guess(step, answer, said, 0, NOW, is_right)


def test_a_recap_counts_first_tries_of_what_can_be_judged(lesson: Lesson) -> None:
    made = [
        guess("pick", True, answer="B"),
        guess("how-many", False, answer="12"),
        guess("next", None),  # the model was down
        guess("one-line", True),
        guess("remember", False, None, "missed it"),  # a recall is no try
        guess("explain", None, None),  # nor is a teach-back
    ]
    recap = recap_of(lesson, made)
    assert (recap.right, recap.scored, recap.skipped) == (2, 3, 5)


def test_the_belief_worth_another_look_is_the_one_held_most_surely(lesson: Lesson) -> None:
    doubtful = guess("pick", False, 1 / 3, "A")  # planned
    sure = guess("how-many", False, 0.97, "12")  # too-few
    few = "A model knows only a few tokens."
    planned = "The reply is planned before it is shown."
    assert recap_of(lesson, [doubtful, sure]).worth_another_look == few
    twice = [doubtful, sure, guess("check-one", False, 0.5, "B")]  # planned once more
    assert recap_of(lesson, twice).worth_another_look == planned
    assert recap_of(lesson, [guess("pick", True, answer="B")]).worth_another_look is None


def test_a_wrong_guess_without_a_belief_behind_it_names_none(lesson: Lesson) -> None:
    assert recap_of(lesson, [guess("pick", False, answer="C")]).worth_another_look is None


def test_the_token_guess_is_told_with_what_it_was_scored_against(lesson: Lesson) -> None:
    told = evidence_of(3)
    made = [replace(guess("next", False), evidence=told), guess("pick", True, answer="B")]
    tried = recap_of(lesson, made).token
    assert tried is not None
    assert tried.evidence == told
    assert tried.prompt
    assert recap_of(lesson, made[1:]).token is None


def test_the_boldest_miss_is_the_wrong_guess_held_most_surely(lesson: Lesson) -> None:
    made = [
        guess("check-one", False, 0.5, "B"),
        guess("how-many", False, 0.97, "12"),
        guess("pick", True, 0.99, "B"),
        replace(guess("next", False, 0.98), evidence=evidence_of(9)),  # no key says what is right
    ]
    missed = recap_of(lesson, made).missed
    assert missed is not None
    assert (missed.said, missed.confidence) == ("12 tokens", 0.97)
    assert missed.answer
    assert missed.answer != missed.said
    assert recap_of(lesson, [guess("pick", True, answer="B")]).missed is None


def test_no_miss_is_told_of_a_guess_that_was_none_or_that_the_step_no_longer_reads(
    lesson: Lesson,
) -> None:
    seen = replace(guess("how-many", False, 0.97, "12"), had_seen_answer=True)
    unread = guess("pick", False, 0.97, "Z")
    unsure = guess("check-one", False, None, "B")
    assert recap_of(lesson, [seen, unread, unsure]).missed is None


def test_tries_stand_in_the_order_of_the_lesson(lesson: Lesson) -> None:
    made = [guess("how-many", False, answer="12"), guess("pick", True, answer="B")]
    tries = recap_of(lesson, made).tries
    assert [one for one in tries if one is not None] == [True, False]
    assert len(tries) == recap_of(lesson, made).skipped + 2


def test_calibration_compares_what_was_said_with_what_was_so() -> None:
    made = [
        guess("a", True, 0.97),
        guess("b", True, 0.85),
        guess("c", False, 0.85),
        guess("d", True, 0.70),
        guess("e", False, 0.70),
        guess("f", None, 0.97),  # unjudged
        guess("g", True, None),  # without a confidence
    ]
    calibration = calibration_of(made)
    assert (calibration.sure, calibration.sure_and_right) == (3, 2)
    assert calibration.mean_brier == pytest.approx((0.0009 + 0.0225 + 0.7225 + 0.09 + 0.49) / 5)
    assert calibration_of([]).mean_brier is None


def test_a_whole_lesson_in_numbers(lesson: Lesson) -> None:
    right = recap_of(lesson, walked(lesson, is_right=True)[-1].guesses)
    wrong = recap_of(lesson, walked(lesson, is_right=False)[-1].guesses)
    assert (right.right, right.scored, right.skipped) == (9, 9, 0)
    assert (wrong.right, wrong.scored, wrong.skipped) == (0, 9, 0)
    assert right.calibration.mean_brier == pytest.approx(0.0225)
    assert wrong.calibration.mean_brier == pytest.approx(0.7225)


def test_a_lesson_half_done_stands_where_the_learner_is(course: Course) -> None:
    lesson = course.lessons[0]
    line = standings(course, [locked(lesson, "in-order", "ABCD")])[0]
    assert (line.state, line.index, line.total, line.minutes_left) == (LessonState.BEGUN, 4, 15, 4)


def test_a_lesson_done_stays_done_while_it_is_taken_again(course: Course) -> None:
    lesson = course.lessons[0]
    done = walked(lesson, is_right=False)[-1]
    again = replace(locked(lesson, "pick", "B"), id=8, run=2)
    for order in ([done, again], [again, done]):
        line = standings(course, order)[0]
        assert (line.state, line.index, line.right, line.scored) == (LessonState.DONE, 1, 0, 9)


def test_home_points_at_what_was_begun_before_what_is_new(course: Course) -> None:
    lesson = course.lessons[0]
    new = lesson.model_copy(update={"number": 2, "slug": "not-yet"})
    two = course.model_copy(update={"lessons": (lesson, new)})
    assert home_of(two, []).next.number == 1
    begun = Attempt(9, 42, "not-yet", 1, "pick")
    home = home_of(two, [begun])
    assert home.next.number == 2
    assert [stop for stop, is_here in home.stops if is_here] == ["tokens"]


def test_home_and_lesson_go_on_with_the_same_one(course: Course) -> None:
    """Class: one question answered in two places, by rules that differ a little."""
    lesson = course.lessons[0]
    new = lesson.model_copy(update={"number": 2, "slug": "not-yet"})
    two = course.model_copy(update={"lessons": (lesson, new)})
    done = walked(lesson, is_right=False)[-1]
    again = replace(locked(lesson, "pick", "B"), id=8, run=2)
    both = [done, replace(done, id=9, lesson="not-yet")]
    for runs, start, ahead in (
        ([done], 0, "not-yet"),
        ([done, again], 0, lesson.slug),  # taken again, and not at its end yet
        ([], 2, "not-yet"),
        ([replace(done, lesson="not-yet")], 2, lesson.slug),
        (both, 0, None),
    ):
        found, home = lesson_ahead(two, runs, start), home_of(two, runs, start=start)
        assert (found and found.slug) == (home.next and home.next.slug) == ahead
    assert home_of(two, [done, again]).next.is_under_way


def test_the_stop_that_is_lit_is_the_last_one_passed(shipped: Course) -> None:
    home = home_of(shipped, [])
    assert [stop for stop, is_here in home.stops if is_here] == ["text"]
    stages = shipped.outline.stages
    assert [stop for stop, _ in home.stops] == [stage.stop for stage in stages if stage.stop]
    planned = [line for line in home.lessons if line.state is LessonState.PLANNED]
    assert len(planned) == len(stages) - len(shipped.lessons)


def test_progress_is_over_first_runs(course: Course) -> None:
    lesson = course.lessons[0]
    first = walked(lesson, is_right=False)[-1]
    second = replace(walked(lesson, is_right=True, run=2)[-1], id=8)
    progress = progress_of(course, [second, first])
    assert (progress.right, progress.scored, progress.terms) == (0, 9, 2)
    assert (progress.calibration.sure, progress.calibration.sure_and_right) == (9, 0)


def test_guesses_at_steps_that_are_gone_are_no_tries_of_the_lesson(course: Course) -> None:
    attempt = replace(standing_at(course.lessons[0], "pick"), guesses=(guess("gone", True),))
    assert standings(course, [attempt])[0].scored == 0


def test_attempts_at_lessons_that_are_gone_are_left_out(course: Course) -> None:
    gone = Attempt(9, 42, "no-such", 1, "pick")
    assert home_of(course, [gone]) == home_of(course, [])


def test_a_course_without_lessons_is_an_empty_map(course: Course) -> None:
    empty = course.model_copy(update={"lessons": ()})
    home = home_of(empty, [])
    assert home.next is None
    assert {line.state for line in home.lessons} == {LessonState.PLANNED}
