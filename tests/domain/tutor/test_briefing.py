"""What the tutor may know about who asks."""

from dataclasses import replace

from bot.domain.lesson.attempt import Phase
from bot.domain.tutor.briefing import brief_for, newcomer
from bot.domain.tutor.passages import Source
from curriculum.kinds.choice import ChoiceStep
from curriculum.schema import Course, Lesson
from tests.domain.lesson.walks import drafted, locked, standing_at


def first_choice(lesson: Lesson) -> ChoiceStep:
    return next(step for step in lesson.sequence if isinstance(step, ChoiceStep))


def test_a_newcomer_has_every_step_to_come(course: Course, lesson: Lesson) -> None:
    steps = {Source(lesson.number, step=step.id) for step in lesson.sequence}
    assert newcomer(course).spoilers.steps == steps


def test_a_guess_opens_its_step_and_no_other(course: Course, lesson: Lesson) -> None:
    step = first_choice(lesson)
    brief = brief_for(course, [locked(lesson, step.id, "B")], is_private=True)
    source = Source(lesson.number, step=step.id)
    assert source not in brief.spoilers.steps
    assert {s.source for s in brief.spoilers.secrets} == {
        s.source for s in newcomer(course).spoilers.secrets
    } - {source}


def test_a_draft_opens_nothing(course: Course, lesson: Lesson) -> None:
    step = first_choice(lesson)
    brief = brief_for(course, [drafted(lesson, step.id, "B")], is_private=True)
    assert Source(lesson.number, step=step.id) in brief.spoilers.steps
    assert brief.here == Source(lesson.number, step=step.id)
    assert brief.draft == f"B: {step.option('B').text}"


def test_in_public_nothing_counts_as_guessed(course: Course, lesson: Lesson) -> None:
    step = first_choice(lesson)
    brief = brief_for(course, [locked(lesson, step.id, "B")], is_private=False)
    assert brief.spoilers == newcomer(course).spoilers
    assert brief.guesses == ()
    assert brief.draft is None


def test_a_guess_is_told_in_words_with_the_course_s_reply_to_it(
    course: Course, lesson: Lesson
) -> None:
    step = first_choice(lesson)
    (made,) = brief_for(course, [locked(lesson, step.id, "B")], is_private=True).guesses
    assert made.ask == step.ask
    assert made.said == f"B: {step.option('B').text}"
    assert made.is_right == step.option("B").correct
    assert made.reply == step.option("B").reply


def test_a_step_that_was_skipped_stays_hidden(course: Course, lesson: Lesson) -> None:
    last = lesson.sequence[-1]
    finished = replace(standing_at(lesson, last.id), phase=Phase.FINISHED)
    brief = brief_for(course, [finished], is_private=True)
    asked = {s.source for s in newcomer(course).spoilers.secrets}
    assert {s.source for s in brief.spoilers.secrets} == asked
    assert brief.spoilers.steps == asked  # what is only read is open now
    assert brief.here is None


def test_a_guess_that_its_edited_lesson_can_t_read_is_left_out(
    course: Course, lesson: Lesson
) -> None:
    attempt = locked(lesson, first_choice(lesson).id, "B")
    (guess,) = attempt.guesses
    odd = replace(attempt, guesses=(replace(guess, answer="Q"), replace(guess, step="gone")))
    assert brief_for(course, [odd], is_private=True).guesses == ()


def test_a_lesson_that_is_gone_says_nothing(course: Course, lesson: Lesson) -> None:
    gone = replace(standing_at(lesson, lesson.sequence[0].id), lesson="gone")
    assert brief_for(course, [gone], is_private=True) == newcomer(course)
