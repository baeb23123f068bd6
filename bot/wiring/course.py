"""The course that the settings name, held against the real figures and instruments."""

from bot.settings import Settings
from curriculum.check import mistakes_in
from curriculum.errors import Problem
from curriculum.loader import HERE, course_in
from curriculum.reading import CourseFiles, read_course
from curriculum.schema import Course
from curriculum.unwritten import unwritten
from tools import catalogue
from tools.figures import FIGURES


def check_course(settings: Settings) -> list[Problem]:
    """Return every mistake in the course's files."""
    reading = _read(settings)
    return sorted([*_mistakes_in(reading), *_unwritten_in(reading)])


def checked_course(settings: Settings, *, is_draft: bool = False) -> Course:
    """Return the course, read once.

    Args:
        settings: What the operator chose.
        is_draft: Whether it may hold texts still to be written, as a preview may.

    Raises:
        CourseError: with every mistake in its files.
    """
    reading = _read(settings)
    unwritten_texts = [] if is_draft else _unwritten_in(reading)
    return course_in(reading, [*_mistakes_in(reading), *unwritten_texts])


def renew(course: Course, newer: Course) -> None:
    """Put a newer reading into a course that is being taught, so that all who hold it see it.

    Only a preview does this, where an author is the one learner.
    """
    course.__dict__.update(newer.__dict__)


def _read(settings: Settings) -> CourseFiles:
    return read_course(settings.course_dir or HERE)


def _unwritten_in(reading: CourseFiles) -> list[Problem]:
    return [problem for file in reading.lessons for problem in unwritten(file)]


def _mistakes_in(reading: CourseFiles) -> list[Problem]:
    instruments = {name: i.params.model_validate for name, i in catalogue.INSTRUMENTS.items()}
    return mistakes_in(reading, FIGURES, instruments)
