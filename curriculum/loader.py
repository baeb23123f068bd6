"""Loads the course, or says all that stands in the way."""

from collections.abc import Sequence
from pathlib import Path

from curriculum.errors import CourseError, Problem
from curriculum.reading import CourseFiles, read_course
from curriculum.rules import broken_rules
from curriculum.schema import Course

HERE = Path(__file__).parent


def load_course(folder: Path | None = None) -> Course:
    """Read the course in this folder; without one, the course that ships with Hunch.

    Figures and instruments aren't tried here: `curriculum.check.check` does that.

    Raises:
        CourseError: with every mistake in the files.
    """
    reading = read_course(folder or HERE)
    return course_in(reading, [*reading.problems, *broken_rules(reading)])


def course_in(reading: CourseFiles, problems: Sequence[Problem]) -> Course:
    """Return the course that was read; raises as `load_course`, with these problems."""
    if problems or reading.outline is None or reading.terms is None:
        raise CourseError(problems)
    lessons = [file.lesson for file in reading.lessons if file.lesson is not None]
    return Course(
        outline=reading.outline,
        lessons=tuple(sorted(lessons, key=lambda lesson: lesson.number)),
        terms=reading.terms,
        questions=tuple(placed.question for placed in reading.questions),
        passages=reading.passages,
        asking=reading.asking,
    )
