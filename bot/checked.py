"""`hunch lessons check`: the course's files, with the real figures and instruments."""

from bot.settings import Settings
from curriculum.check import check
from curriculum.errors import Problem
from curriculum.loader import HERE
from tools import catalogue
from tools.figures import FIGURES


def check_course(settings: Settings) -> list[Problem]:
    """Return every mistake in the course's files, with the real figures and instruments."""
    instruments = {name: i.params.model_validate for name, i in catalogue.INSTRUMENTS.items()}
    return check(settings.course_dir or HERE, FIGURES, instruments)
