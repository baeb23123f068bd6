import pytest

from curriculum.check import check
from curriculum.errors import CourseError
from curriculum.kinds.base import OPTION_KEYS
from curriculum.kinds.registry import STEPS
from curriculum.kinds.token import TokenStep
from curriculum.loader import HERE, load_course
from tests.curriculum.conftest import EVERY_KIND, LESSON, edit
from tools.catalogue import INSTRUMENTS
from tools.figures import FIGURES

KINDS = [*STEPS]


def test_the_course_for_tests_holds_every_kind_of_step():
    course = load_course(EVERY_KIND)
    assert [step.kind for step in course.lesson("every-kind").steps] == KINDS


def test_the_course_that_ships_passes_the_check():
    forms = {name: each.params.model_validate for name, each in INSTRUMENTS.items()}
    assert [str(problem) for problem in check(HERE, FIGURES, forms)] == []


def test_the_course_that_ships_is_planned_in_twelve_lessons():
    course = load_course()
    assert [stage.number for stage in course.outline.stages] == list(range(1, 13))
    stops = [stage.stop for stage in course.outline.stages if stage.stop]
    assert stops == ["text", "tokens", "vectors", "attention", "choice", "loop", "engine"]
    assert len(course.terms) >= 80


def test_lesson_1_asks_five_guesses_with_two_hints_each():
    steps = load_course().lesson("what-is-an-llm").steps
    hints = [len(step.hints) for step in steps if step.kind in {"choice", "number", "token"}]
    assert hints == [2] * 5


def test_lesson_1_ties_every_wrong_option_to_a_belief():
    for step in load_course().lesson("what-is-an-llm").sequence:
        if step.kind == "choice":
            assert all(option.correct or option.misconception for option in step.options), step.id


def test_the_right_option_has_no_favourite_place():
    sequence = load_course().lesson("what-is-an-llm").sequence
    keys = [step.answer for step in sequence if step.kind == "choice"]
    assert max(keys.count(key) for key in keys) <= len(keys) // 2
    longest = [step.answer == _longest(step) for step in sequence if step.kind == "choice"]
    assert sum(longest) <= len(longest) // 2


def _longest(step):
    return max(OPTION_KEYS[: len(step.options)], key=lambda key: len(step.option(key).text))


def test_the_recorded_figures_stand_in_lesson_1():
    step = load_course().lesson("what-is-an-llm").step("how-sure")
    assert isinstance(step, TokenStep)
    assert step.recorded is not None
    assert step.recorded.top[" kube"] == 0.389
    assert step.recorded.rest == pytest.approx(0.227)


def test_a_course_with_mistakes_is_refused_with_the_whole_list(folder):
    edit(folder / LESSON, "text: All at once", "text: All 7")
    edit(folder / "glossary.yaml", "lesson: 1\n  means: All", "lesson: 9\n  means: All")
    with pytest.raises(CourseError) as refused:
        load_course(folder)
    lines = str(refused.value).splitlines()
    assert len(lines) == len(refused.value.problems) == 2
    assert lines[0].startswith(f"{folder / 'glossary.yaml'}:6: ")
    assert lines[1].startswith(f"{folder / LESSON}:23: 7 has no source")


def test_a_folder_without_a_course_is_refused(tmp_path):
    with pytest.raises(CourseError, match=r"course\.yaml:1: can't be read"):
        load_course(tmp_path)
