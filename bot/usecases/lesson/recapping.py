"""Show the end of a learner's first way through a lesson, whatever they have begun since."""

from dataclasses import dataclass

from bot.domain.errors import StaleClick
from bot.domain.learner import Learner
from bot.domain.lesson.screens import RecapScreen
from bot.usecases.lesson.ports import OpenRecords
from bot.usecases.lesson.turns import load, screen_now
from curriculum.schema import Course


@dataclass(frozen=True, slots=True)
class ShowRecap:
    """Say how a first run went: the one whose guesses were first guesses."""

    course: Course
    open_records: OpenRecords

    async def __call__(self, attempt_id: int, learner: Learner) -> RecapScreen:
        """Return it.

        Raises:
            NotYours: the attempt belongs to another learner.
            StaleClick: it isn't finished, or was no first run.
        """
        async with self.open_records() as records:
            attempt, lesson = await load(records, self.course, attempt_id, learner)
            screen = await screen_now(records, self.course, attempt, lesson, learner)
        if not isinstance(screen, RecapScreen) or not screen.is_first_run:
            raise StaleClick("Only a finished first run can be posted. Type `/lesson` to go on.")
        return screen
