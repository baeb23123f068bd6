"""Find out where to begin: see the placement, begin it, answer its questions."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.errors import StaleClick
from bot.domain.learner import Learner
from bot.domain.lesson.attempt import Attempt
from bot.domain.lesson.kinds.registry import kind_of
from bot.domain.lesson.scoring import read_answer
from bot.domain.path.commands import BeginPlacement, PlaceAnswer
from bot.domain.path.placement import (
    MINUTES,
    QUESTIONS,
    Placement,
    answered,
    begun,
    question_of,
    settled,
    standing_of,
    start_of,
)
from bot.domain.path.screens import (
    PlacementOffer,
    PlacementQuestion,
    PlacementResult,
    PlacementScreen,
)
from bot.usecases.clock import Clock
from bot.usecases.path.ports import OpenPathRecords
from curriculum.schema import Course

DONT_KNOW = "-"


@dataclass(frozen=True, slots=True)
class ShowPlacement:
    """Show the placement where the learner left it, what came of it, or what it is."""

    course: Course
    open_records: OpenPathRecords

    async def __call__(self, learner: Learner) -> PlacementScreen:
        """Return the screen."""
        async with self.open_records() as records:
            placement = await records.placement(learner.id)
            if placement is None:
                return PlacementOffer(QUESTIONS, MINUTES)
            guessed = _guessed(await records.attempts_of(learner.id))
            return _screen(settled(placement, self.course, guessed), self.course)


@dataclass(frozen=True, slots=True)
class TakePlacement:
    """Begin the placement, or answer its question."""

    course: Course
    open_records: OpenPathRecords
    now: Clock

    async def __call__(
        self, command: BeginPlacement | PlaceAnswer, learner: Learner
    ) -> PlacementScreen:
        """Run one command for one learner.

        Raises:
            StaleClick: the question was answered already, or has no such option.
        """
        now = self.now()
        async with self.open_records() as records:
            await records.enrol(learner, now)
            guessed = _guessed(await records.attempts_of(learner.id))
            if isinstance(command, BeginPlacement):
                placement = begun(self.course, learner.id, guessed)
            else:
                stored = await records.placement(learner.id, is_held=True)
                placement = self._after(command, stored, guessed)
            await records.save_placement(placement, now)
            return _screen(placement, self.course)

    def _after(
        self, command: PlaceAnswer, stored: Placement | None, guessed: frozenset[tuple[str, str]]
    ) -> Placement:
        if stored is None:
            raise StaleClick
        placement = settled(stored, self.course, guessed)
        step = question_of(placement, self.course)
        if step is None or command.turn != len(placement.answers):
            raise StaleClick("That one is answered already. Here is where you are.")
        said = None if command.said == DONT_KNOW else read_answer(step, command.said)
        return answered(placement, self.course, said, guessed)


@dataclass(frozen=True, slots=True)
class FindStart:
    """Say with which lesson a learner's placement tells them to begin."""

    course: Course
    open_records: OpenPathRecords

    async def __call__(self, learner_id: int) -> int:
        """Return its number; 0: they took no placement, or are in the middle of it."""
        async with self.open_records() as records:
            return start_of(self.course, await records.placement(learner_id))


@dataclass(frozen=True, slots=True)
class FindQuestion:
    """Say which question of a learner's placement waits."""

    course: Course
    open_records: OpenPathRecords

    async def __call__(self, learner_id: int) -> int | None:
        """Return its number, from 1; None: they took no placement, or all of it."""
        async with self.open_records() as records:
            placement = await records.placement(learner_id)
            if placement is None or placement.is_over:
                return None
            guessed = _guessed(await records.attempts_of(learner_id))
        present = settled(placement, self.course, guessed)
        return None if present.is_over else len(present.answers) + 1


def _guessed(attempts: Sequence[Attempt]) -> frozenset[tuple[str, str]]:
    return frozenset((run.lesson, guess.step) for run in attempts for guess in run.guesses)


def _screen(placement: Placement, course: Course) -> PlacementScreen:
    step = question_of(placement, course)
    if step is not None:
        choices = kind_of(step).choices(step)
        return PlacementQuestion(len(placement.answers), QUESTIONS, step.ask, step.lead, choices)
    found = standing_of(course, placement.answers)
    start = found.start
    return PlacementResult(
        found.right,
        found.asked,
        found.sure,
        (start.number, start.title, start.slug) if start else None,
    )
