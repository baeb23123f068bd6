"""The two courses that every suite walks through."""

from pathlib import Path

import pytest

from curriculum.loader import load_course
from curriculum.schema import Course, Lesson

EVERY_KIND = Path(__file__).parent / "curriculum" / "every_kind"


@pytest.fixture(scope="session")
def course() -> Course:
    """A course with every kind of step."""
    return load_course(EVERY_KIND)


@pytest.fixture(scope="session")
def lesson(course: Course) -> Lesson:
    """A lesson with every kind of step."""
    return course.lessons[0]


@pytest.fixture(scope="session")
def shipped() -> Course:
    """The course that ships with Hunch."""
    return load_course()
