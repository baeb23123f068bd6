"""Classes: look at one, say who may see you."""

from dataclasses import dataclass
from typing import assert_never, get_args

from bot.domain.learner import Learner
from bot.ui.buttons.classroom import (
    HandledClassroomPress,
    LetSee,
    OpenBeliefs,
    OpenCohort,
    OpenSharing,
)
from bot.ui.cards.classroom import draw_cohort, draw_misconceptions, draw_sharing
from bot.ui.cards.kit import Card
from bot.ui.edge.handler import Refusal
from bot.usecases.classroom.classroom import Classroom


@dataclass(frozen=True, slots=True)
class ClassroomHandler:
    """A class in its instructors' hands."""

    use: Classroom

    presses = frozenset(get_args(HandledClassroomPress))

    async def card(self, press: HandledClassroomPress, learner: Learner) -> Card:
        """Return the card that a press leads to."""
        match press:
            case OpenCohort():
                return draw_cohort(await self.use.show_cohort(learner))
            case OpenBeliefs(lesson):
                return draw_misconceptions(await self.use.show_misconceptions(lesson, learner))
            case OpenSharing():
                return draw_sharing(await self.use.share_progress(learner))
            case LetSee(is_shown):
                return draw_sharing(await self.use.share_progress(learner, is_shown))
            case _:
                assert_never(press)

    async def present(
        self, press: HandledClassroomPress, learner: Learner, refused: Refusal
    ) -> Card:
        """Leave it at the words: no card stands behind these."""
        raise refused
