"""Show the model at work on a step: run the step's instrument and put it on the card."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.errors import StaleClick
from bot.domain.learner import Learner
from bot.domain.lesson.attempt import Phase
from bot.domain.lesson.kinds.base import Flow
from bot.domain.lesson.kinds.registry import kind_of
from bot.domain.lesson.screens import LessonScreen, ReadScreen, RevealScreen
from bot.usecases.instrument.ports import Instruments
from bot.usecases.lesson.ports import OpenRecords
from bot.usecases.lesson.turns import LessonShown, load, screen_now
from curriculum.schema import Course
from tools.engine.asker import asking_as
from tools.errors import ToolError
from tools.exhibit.exhibit import Exhibit

MOST = 500  # attempts; the one that ran something longest ago is forgotten


class LastRuns:
    """What was run last in each attempt, as far as this process knows: its card goes on showing it.

    After a restart a card is as it was before anything was run.
    """

    def __init__(self) -> None:
        self._runs: OrderedDict[int, tuple[str, Exhibit]] = OrderedDict()

    def put(self, attempt_id: int, step: str, exhibit: Exhibit) -> None:
        """Remember what a step has shown."""
        self._runs[attempt_id] = (step, exhibit)
        self._runs.move_to_end(attempt_id)
        if len(self._runs) > MOST:
            self._runs.popitem(last=False)

    def of(self, screen: LessonScreen) -> Exhibit | None:
        """Return what was run at the step of a screen, if anything was."""
        if not isinstance(screen, ReadScreen | RevealScreen):
            return None
        step, exhibit = self._runs.get(screen.place.attempt_id, ("", None))
        return exhibit if step == screen.place.step else None


@dataclass(frozen=True, slots=True)
class SeeLive:
    """Run the exhibit of the step on the card, or hand it over."""

    course: Course
    open_records: OpenRecords
    instruments: Instruments
    last_runs: LastRuns = field(default_factory=LastRuns)

    def still(self, shown: LessonShown) -> LessonShown:
        """Return what is shown, with what was run at that step before."""
        if shown.exhibit is not None:
            return shown
        return replace(shown, exhibit=self.last_runs.of(shown.screen))

    async def __call__(self, attempt_id: int, step_id: str, learner: Learner) -> LessonShown:
        """Return the same card with the exhibit on it; a failing model leaves a note instead.

        Raises:
            NotYours: the attempt belongs to another learner.
            StaleClick: the step is behind the learner, or its answer is not out yet.
        """
        async with self.open_records() as records:
            attempt, lesson = await load(records, self.course, attempt_id, learner)
            if attempt.phase is Phase.FINISHED or attempt.step != step_id:
                raise StaleClick
            step = lesson.step(step_id)
            is_open = kind_of(step).flow is Flow.LOOK or attempt.phase is Phase.REVEALED
            if step.after is None or not is_open:
                raise StaleClick
            screen = await screen_now(records, self.course, attempt, lesson, learner)
        try:
            with asking_as(learner.id):
                exhibit = await self.instruments.run(step.after.exhibit, step.after.arguments)
        except ToolError as error:
            return LessonShown(screen, note=f"{error} You can go on without.", can_retry=True)
        self.last_runs.put(attempt_id, step_id, exhibit)
        return LessonShown(screen, exhibit)

    async def taken_up(
        self, attempt_id: int, step_id: str, learner: Learner
    ) -> tuple[str, Mapping[str, Any]]:
        """Return the step's instrument and what the step sets, for the learner's own hands.

        Raises:
            NotYours: the attempt belongs to another learner.
            StaleClick: the step shows nothing any more, or its answer is not out yet.
        """
        async with self.open_records() as records:
            attempt, lesson = await load(records, self.course, attempt_id, learner)
        step = next((step for step in lesson.sequence if step.id == step_id), None)
        if step is None or step.after is None:
            raise StaleClick
        is_asking = attempt.step == step_id and attempt.phase in (Phase.ASKING, Phase.LOCKED)
        is_guessed = attempt.guess_at(step_id) is not None and not is_asking
        if kind_of(step).flow is not Flow.LOOK and not is_guessed:
            raise StaleClick
        return step.after.exhibit, step.after.arguments
