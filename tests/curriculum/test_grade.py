"""How hard a lesson may read."""

import pytest

from curriculum.grade import school_grade
from curriculum.loader import HERE
from curriculum.prose import step_prose
from curriculum.reading import read_course
from tests.curriculum.conftest import edit
from tests.curriculum.planted import HARD


def test_the_formula_is_flesch_and_kincaid_s():
    """Eleven words in two sentences, a syllable each; then two words more of two."""
    text = "The cat sat on the mat. The dog ran to me."
    assert school_grade([text]) == pytest.approx(0.39 * 11 / 2 + 11.8 - 15.59)
    text = "The cat sat on the mat. The dog ran to me again today."
    assert school_grade([text]) == pytest.approx(0.39 * 13 / 2 + 11.8 * 15 / 13 - 15.59)


@pytest.mark.parametrize("spared", ["`notwithstanding_heterogeneity`", "49,152", "*", ""])
def test_code_and_figures_are_no_words(spared):
    text = "The cat sat on the mat."
    assert school_grade([f"{text[:-1]} {spared}."]) == school_grade([text])


def test_long_words_in_long_sentences_take_more_schooling():
    assert school_grade([HARD]) > 20 > 9 > school_grade(["We run it. You see it."])


def test_every_lesson_that_ships_reads_below_grade_nine():
    for file in read_course(HERE).lessons:
        said = [text for placed in file.steps for _, text in step_prose(file, placed)]
        assert 0 < school_grade(said) < 9, file.name


def test_a_course_may_set_a_grade_of_its_own_or_none(problems_after, folder):
    edit(folder / "course.yaml", "stages:", "grade: null\nstages:")
    hard = ("lessons/01-every-kind.yaml", "answer: A probability for", f"answer: {4 * HARD}For")
    assert problems_after(hard) == []
    edit(folder / "course.yaml", "grade: null", "grade: 4")
    (problem,) = problems_after()
    assert "reads like school grade" in problem.text
