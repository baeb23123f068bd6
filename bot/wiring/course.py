"""The course that the settings name, held against the real figures and instruments."""

from bot.settings import Settings
from curriculum.check import mistakes_in
from curriculum.errors import CourseError, Problem
from curriculum.loader import HERE, course_in
from curriculum.reading import CourseFiles, read_course
from curriculum.schema import Course
from tools import catalogue
from tools.figures import FIGURES


def check_course(settings: Settings) -> list[Problem]:
    """Return every mistake in the course's files."""
    return _mistakes_in(_read(settings))


def checked_course(settings: Settings) -> Course:
    """Return the course, read once.

    Raises:
        CourseError: with every mistake in its files.
    """
    reading = _read(settings)
    if problems := _mistakes_in(reading):
        raise CourseError(problems)
    return course_in(reading)


def _read(settings: Settings) -> CourseFiles:
    return read_course(settings.course_dir or HERE)


def _mistakes_in(reading: CourseFiles) -> list[Problem]:
    instruments = {name: i.params.model_validate for name, i in catalogue.INSTRUMENTS.items()}
    return mistakes_in(reading, FIGURES, instruments)
