"""The lesson's file was edited under a learner who is in the middle of it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import StaleClick
from bot.domain.lesson.attempt import Attempt, Phase
from bot.domain.lesson.commands import Draft, Next, Rate, Reveal, Skip
from bot.domain.lesson.machine import advance, settle
from bot.domain.lesson.projection import screen_for
from bot.domain.lesson.screens import QuestionScreen, ReadScreen, RecapScreen, RevealScreen
from bot.domain.progress.standing import LessonState, standings
from curriculum.kinds.read import ReadStep
from curriculum.kinds.recall import RecallStep
from curriculum.kinds.registry import Step
from curriculum.kinds.teachback import TeachbackStep
from curriculum.kinds.text import TextStep
from curriculum.schema import Course, Lesson
from tests.domain.lesson.walks import (
    ATTEMPT,
    commit,
    drafted,
    locked,
    onward,
    revealed,
    skipped,
    standing_at,
    walked,
)
from tests.fakes.clock import NOW


def without(lesson: Lesson, *gone: str) -> Lesson:
    return lesson.model_copy(update={"steps": tuple(s for s in lesson.steps if s.id not in gone)})


def swapped(lesson: Lesson, step: Step) -> Lesson:
    steps = tuple(step if s.id == step.id else s for s in lesson.steps)
    return lesson.model_copy(update={"steps": steps})


def reordered(lesson: Lesson, *ids: str) -> Lesson:
    rest = tuple(s for s in lesson.steps if s.id not in ids)
    return lesson.model_copy(update={"steps": (*(lesson.step(i) for i in ids), *rest)})


def fewer_options(lesson: Lesson) -> Lesson:
    step = lesson.step("pick")
    return swapped(lesson, step.model_copy(update={"options": step.options[:2]}))


def test_an_attempt_that_fits_is_left_alone(each_lesson: Lesson) -> None:
    for attempt in walked(each_lesson, is_right=True):
        assert settle(attempt, each_lesson) is attempt


def test_a_learner_whose_step_is_gone_goes_on_behind_their_last_guess(lesson: Lesson) -> None:
    attempt = onward(revealed(lesson, "how-many", "12"), lesson)
    assert attempt.step == "next"
    settled = settle(attempt, without(lesson, "next"))
    assert (settled.step, settled.phase) == ("in-order", Phase.ASKING)
    assert settled.guesses == attempt.guesses


def test_a_learner_who_only_read_so_far_begins_again_when_their_step_is_gone(
    lesson: Lesson,
) -> None:
    attempt = skipped(standing_at(lesson, "pick"), lesson)
    assert settle(attempt, without(lesson, "how-many")).step == "pick"


@pytest.mark.parametrize("make", [drafted, locked, revealed])
def test_what_was_drafted_or_locked_on_a_lost_step_strands_nobody(
    lesson: Lesson, make: object
) -> None:
    attempt = make(lesson, "how-many", "12")  # type: ignore[operator]
    settled = settle(attempt, without(lesson, "how-many"))
    assert (settled.phase, settled.draft, settled.hints) == (Phase.ASKING, None, 0)
    assert settled.guesses == attempt.guesses
    assert isinstance(screen_for(settled, without(lesson, "how-many")), QuestionScreen)


def test_with_every_later_step_guessed_the_lesson_is_finished(lesson: Lesson) -> None:
    last = lesson.way[-1].id
    attempt = replace(walked(lesson, is_right=True)[-2], step="gone")
    assert attempt.guess_at(last)
    settled = settle(attempt, lesson)
    assert (settled.phase, settled.step) == (Phase.FINISHED, "")
    assert isinstance(screen_for(settled, lesson), RecapScreen)


@pytest.mark.parametrize("make", [locked, revealed])
def test_a_guess_that_names_an_option_which_is_gone_is_kept_and_the_learner_goes_on(
    lesson: Lesson, make: object
) -> None:
    attempt = make(lesson, "pick", "C")  # type: ignore[operator]
    edited = fewer_options(lesson)
    settled = settle(attempt, edited)
    assert (settled.step, settled.phase) == ("how-many", Phase.ASKING)
    assert settled.guess_at("pick") == attempt.guess
    assert isinstance(screen_for(settled, edited), QuestionScreen)


def test_a_guess_that_still_fits_the_edited_step_stays_where_it_is(lesson: Lesson) -> None:
    attempt = locked(lesson, "pick", "A")
    assert settle(attempt, fewer_options(lesson)) is attempt


def test_a_draft_that_names_an_option_which_is_gone_is_dropped(lesson: Lesson) -> None:
    settled = settle(drafted(lesson, "pick", "C"), fewer_options(lesson))
    assert (settled.step, settled.phase, settled.draft) == ("pick", Phase.ASKING, None)


def test_the_recap_of_a_guess_whose_option_is_gone_still_adds_up(lesson: Lesson) -> None:
    edited = fewer_options(lesson)
    finished = walked(lesson, is_right=True)[-1]
    guesses = tuple(
        replace(g, answer="C", is_right=False) if g.step == "pick" else g for g in finished.guesses
    )
    recap = screen_for(replace(finished, guesses=guesses), edited).recap
    assert recap.scored - recap.right == 1
    assert recap.worth_another_look is None


def test_the_first_runs_answer_is_shown_as_stored_when_its_option_is_gone(
    lesson: Lesson,
) -> None:
    first = locked(lesson, "pick", "C").guess
    again = replace(revealed(lesson, "pick", "A"), run=2)
    screen = screen_for(again, fewer_options(lesson), None, first)
    assert isinstance(screen, RevealScreen)
    assert screen.first_said == "C"


KINDS = {
    "read": ReadStep(kind="read", id="pick", title="Now a passage", text="Read on."),
    "recall": RecallStep(id="pick", ask="Do you recall?", answer="Yes."),
    "text": TextStep(kind="text", id="pick", ask="In a sentence?", answer="So."),
}


@pytest.mark.parametrize("make", [standing_at, drafted, locked, revealed])
@pytest.mark.parametrize(
    "kind", ["read", "recall", "text", "how-many", "next", "in-order", "play", "explain"]
)
def test_a_step_that_became_one_of_another_kind_strands_nobody(
    lesson: Lesson, kind: str, make: object
) -> None:
    new = KINDS.get(kind) or lesson.step(kind).model_copy(update={"id": "pick"})
    edited = swapped(without(lesson, kind), new)
    args = () if make is standing_at else ("A",)
    attempt = settle(make(lesson, "pick", *args), edited)  # type: ignore[operator]
    screen_for(attempt, edited)
    while attempt.phase is not Phase.FINISHED:
        attempt = settle(_any_way_on(attempt, edited), edited)
        screen_for(attempt, edited)


def _any_way_on(attempt: Attempt, lesson: Lesson) -> Attempt:
    place = (attempt.id, attempt.step)
    for command in (Next(*place), Skip(*place), Rate(*place, had_it=True), Reveal(*place)):
        try:
            return advance(attempt, command, lesson, NOW)
        except StaleClick:
            continue
    raise AssertionError(f"stranded at {attempt.step}, {attempt.phase}")


def test_a_step_moved_behind_the_learner_is_not_asked_a_second_time(lesson: Lesson) -> None:
    attempt = onward(revealed(lesson, "pick", "A"), lesson)
    edited = reordered(lesson, "how-many", "pick")  # how-many, where they stand, comes first now
    after = skipped(settle(attempt, edited), edited)
    assert after.step == "next"


def test_a_learner_is_not_put_before_a_question_they_have_guessed(lesson: Lesson) -> None:
    guessed = onward(revealed(lesson, "pick", "A"), lesson)
    asked_again = replace(guessed, step="pick")
    settled = settle(asked_again, lesson)
    assert settled.step == "how-many"
    assert len(settled.guesses) == 1


def test_hints_taken_before_an_edit_that_dropped_them_are_no_trouble(lesson: Lesson) -> None:
    step = lesson.step("pick")
    edited = swapped(lesson, step.model_copy(update={"hints": ()}))
    attempt = replace(standing_at(lesson, "pick"), hints=2)
    screen = screen_for(settle(attempt, edited), edited)
    assert isinstance(screen, QuestionScreen)
    assert (screen.hints, screen.has_more_hints) == ((), False)


def test_criteria_ticked_before_an_edit_that_dropped_them_are_no_trouble(lesson: Lesson) -> None:
    attempt = revealed(lesson, "explain", "It loops.")
    ticked = replace(attempt.guesses[-1], ticked=("scores", "appends"))
    step = lesson.step("explain")
    assert isinstance(step, TeachbackStep)
    edited = swapped(lesson, step.model_copy(update={"criteria": step.criteria[:1]}))
    settled = settle(replace(attempt, guesses=(ticked,)), edited)
    assert screen_for(settled, edited).criteria == (("scores", "Every token gets a score.", True),)


def test_home_counts_a_lesson_as_done_when_its_edit_left_nothing_to_do(course: Course) -> None:
    lesson = course.lessons[0]
    attempt = replace(walked(lesson, is_right=True)[-2], step="gone")
    assert standings(course, [attempt])[0].state is LessonState.DONE


def test_a_passage_in_place_of_a_lost_one_is_read(lesson: Lesson) -> None:
    attempt = skipped(revealed_sentence(lesson), lesson)
    assert attempt.step == "play"
    settled = settle(attempt, without(lesson, "play"))
    assert isinstance(screen_for(settled, without(lesson, "play")), ReadScreen)


def revealed_sentence(lesson: Lesson) -> Attempt:
    shown = revealed(lesson, "one-line", "A piece.")
    return advance(shown, Rate(ATTEMPT, "one-line", had_it=True), lesson, NOW)


@st.composite
def edits(draw: st.DrawFn, lesson: Lesson) -> Lesson:
    """Draw the lesson after an edit: steps gone, moved, cut down, or of another kind."""
    steps = []
    for step in draw(st.permutations(lesson.steps)):
        match draw(st.sampled_from(["keep", "keep", "drop", "cut", "turn"])):
            case "keep":
                steps.append(step)
            case "cut" if hasattr(step, "options"):
                steps.append(step.model_copy(update={"options": step.options[:2]}))
            case "cut" if hasattr(step, "stages"):
                steps.append(step.model_copy(update={"stages": step.stages[:2]}))
            case "turn":
                other = draw(st.sampled_from(lesson.steps))
                steps.append(other.model_copy(update={"id": step.id}))
    return lesson.model_copy(update={"steps": tuple(steps)})


@settings(max_examples=150)
@given(data=st.data(), is_right=st.booleans())
def test_no_edit_strands_a_learner_or_touches_a_guess(
    lesson: Lesson, course: Course, data: st.DataObject, is_right: bool
) -> None:
    attempt = data.draw(st.sampled_from(walked(lesson, is_right=is_right)))
    edited = data.draw(edits(lesson))
    locked_in = [(g.step, g.answer, g.confidence) for g in attempt.guesses]
    attempt = settle(attempt, edited)
    assert settle(attempt, edited) == attempt
    for _ in range(3 * len(edited.way)):
        now = [(g.step, g.answer, g.confidence) for g in attempt.guesses]
        assert now[: len(locked_in)] == locked_in
        screen_for(attempt, edited, {"A": 5}, attempt.guess)
        if attempt.phase is Phase.FINISHED:
            break
        attempt = _any_way_on(attempt, edited)
    assert attempt.phase is Phase.FINISHED
    standings(course.model_copy(update={"lessons": (edited,)}), [attempt])


def test_a_guess_keeps_the_version_it_answered_and_the_next_one_has_the_new(lesson: Lesson) -> None:
    before = onward(revealed(lesson, "pick", "A"), lesson)
    edited = reordered(lesson, "in-order").model_copy(update={"version": lesson.version + 1})
    drafted_on = advance(before, Draft(ATTEMPT, before.step, "12"), edited, NOW)
    after = commit(drafted_on, edited)
    kept = {guess.step: guess.version for guess in after.guesses}
    assert kept == {"pick": lesson.version, before.step: lesson.version + 1}
