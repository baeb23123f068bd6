"""Show the model at work on a step: run the step's instrument and put it on the card."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import StaleClick
from bot.domain.learner import Learner
from bot.domain.lesson.attempt import Phase
from bot.domain.lesson.kinds.base import Flow
from bot.domain.lesson.kinds.registry import kind_of
from bot.usecases.instrument.ports import Instruments
from bot.usecases.lesson.ports import OpenRecords
from bot.usecases.lesson.turns import LessonShown, load, screen_now
from curriculum.schema import Course
from tools.engine.asker import asking_as
from tools.errors import ToolError


@dataclass(frozen=True, slots=True)
class SeeLive:
    """Run the exhibit of the step on the card, or hand it over."""

    course: Course
    open_records: OpenRecords
    instruments: Instruments

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
