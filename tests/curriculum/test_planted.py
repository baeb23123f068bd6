"""A course with forty mistakes and more: each is told, on its line, and nothing else is."""

import pytest

from curriculum.check import check
from curriculum.errors import CourseError
from curriculum.loader import load_course
from tests.curriculum.conftest import FIGURES, INSTRUMENTS
from tests.curriculum.planted import planted_course


def test_every_planted_mistake_is_told_with_its_file_and_line(tmp_path):
    planted = planted_course(tmp_path / "course")
    problems = check(tmp_path / "course", FIGURES, INSTRUMENTS)
    assert len({one.says for one in planted}) >= 40
    untold = [
        one
        for one in planted
        if not any((p.file, p.line) == one[:2] and one.says in p.text for p in problems)
    ]
    assert untold == []
    places = {one[:2] for one in planted}
    others = [str(problem) for problem in problems if (problem.file, problem.line) not in places]
    assert all("course.yaml:1: option B is the right one in" in other for other in others)


def test_such_a_course_isn_t_loaded(tmp_path):
    planted_course(tmp_path / "course")
    with pytest.raises(CourseError):
        load_course(tmp_path / "course")
