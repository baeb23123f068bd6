"""What is redone: wrong and not put right since; in another order, with other numbers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.lesson.attempt import Attempt, Guess, Phase
from bot.domain.lesson.kinds.order import shown
from bot.domain.path.redo import Redone, answered, asked_anew, to_redo, varied
from curriculum.kinds.number import NumberStep
from curriculum.kinds.order import OrderStep
from curriculum.schema import Course, Lesson
from tests.domain.lesson.walks import answer_to
from tests.fakes.clock import NOW
from tools.figures import FIGURES

WHO = 7


def guess(lesson: Lesson, step: str, *, is_right: bool) -> Guess:
    answer = answer_to(lesson.step(step), is_right=is_right)
    return Guess(step, answer, 0.85, 0, NOW, is_right=is_right)


def run_of(lesson: Lesson, *guesses: Guess, run: int = 1) -> Attempt:
    return Attempt(run, WHO, lesson.slug, run, "", Phase.FINISHED, guesses=guesses)


def waiting(course: Course, runs: list[Attempt], redone: list[Redone] | None = None) -> list[str]:
    return [one.step.id for one in to_redo(course, runs, redone or [], WHO)]


def test_what_was_wrong_waits_and_what_was_right_does_not(course: Course, lesson: Lesson) -> None:
    wrong = [guess(lesson, step, is_right=False) for step in ("pick", "how-many", "in-order")]
    right = guess(lesson, "who-holds", is_right=True)
    runs = [run_of(lesson, *wrong, right)]
    assert set(waiting(course, runs)) == {"pick", "how-many", "in-order"}
    assert waiting(course, runs) == waiting(course, runs)


def test_the_latest_guess_counts(course: Course, lesson: Lesson) -> None:
    first = run_of(lesson, guess(lesson, "pick", is_right=False))
    second = run_of(lesson, guess(lesson, "pick", is_right=True), run=2)
    assert waiting(course, [first, second]) == []
    assert waiting(course, [second, replace(first, run=3)]) == ["pick"]


def test_a_guess_whose_answer_is_not_shown_yet_waits_for_its_reveal(
    course: Course, lesson: Lesson
) -> None:
    run = run_of(lesson, guess(lesson, "pick", is_right=False))
    locked = replace(run, step="pick", phase=Phase.LOCKED)
    assert waiting(course, [locked]) == []


def test_redone_right_is_done_until_it_is_guessed_wrong_again(
    course: Course, lesson: Lesson
) -> None:
    run = run_of(lesson, guess(lesson, "pick", is_right=False))
    right = Redone(lesson.slug, "pick", 1, True, NOW + timedelta(hours=1))
    assert waiting(course, [run], [right]) == []
    assert waiting(course, [run], [replace(right, is_right=False)]) == ["pick"]
    late = replace(run.guesses[0], at=NOW + timedelta(days=1))
    again = replace(run, id=2, run=2, guesses=(late,))
    assert waiting(course, [run, again], [right]) == ["pick"]


def test_what_was_redone_wrong_goes_to_the_end(course: Course, lesson: Lesson) -> None:
    steps = ("pick", "how-many", "in-order", "who-holds")
    runs = [run_of(lesson, *(guess(lesson, step, is_right=False) for step in steps))]
    first = waiting(course, runs)[0]
    assert waiting(course, runs, [Redone(lesson.slug, first, 1, False, NOW)])[-1] == first


@pytest.mark.parametrize("turn", range(4))
def test_an_order_is_mixed_anew_each_time_and_judged_by_what_is_shown(
    course: Course, lesson: Lesson, turn: int
) -> None:
    run = run_of(lesson, guess(lesson, "in-order", is_right=False))
    one = replace(to_redo(course, [run], [], WHO)[0], turns=turn)
    asked = asked_anew(one, WHO, FIGURES)
    assert isinstance(asked, OrderStep)
    letters = dict(zip(shown(asked), "ABCDE", strict=False))
    right = "".join(letters[stage] for stage in asked.stages)
    after = answered(one, asked, right, NOW)
    assert after == Redone(lesson.slug, "in-order", turn + 1, True, NOW)
    assert not answered(one, asked, right[::-1], NOW).is_right


def test_an_order_is_not_mixed_the_same_way_every_time(lesson: Lesson, course: Course) -> None:
    run = run_of(lesson, guess(lesson, "in-order", is_right=False))
    one = to_redo(course, [run], [], WHO)[0]
    asked = [asked_anew(replace(one, turns=turn), WHO, FIGURES) for turn in range(6)]
    assert len({shown(step) for step in asked if isinstance(step, OrderStep)}) > 2


def test_every_variation_of_the_course_reads_and_computes_otherwise(shipped: Course) -> None:
    steps = [
        s for one in shipped.lessons for s in one.steps if isinstance(s, NumberStep) and s.vary
    ]
    assert len(steps) >= 5
    for step in steps:
        texts = {(step.ask, step.lead)}
        for turn in range(len(step.variations())):
            other = varied(step, turn, FIGURES)
            texts.add((other.ask, other.lead))
            assert other.answer != step.answer
            assert step.reply in other.reply
            assert other.reply == other.too_low.reply == other.too_high.reply
        assert len(texts) == 1 + len(step.variations())
        assert varied(step, len(step.variations()), FIGURES) == varied(step, 0, FIGURES)


def test_a_number_without_other_numbers_is_asked_as_it_stands(lesson: Lesson) -> None:
    step = lesson.step("how-many")
    assert isinstance(step, NumberStep)
    assert varied(step, 3, FIGURES) is step
