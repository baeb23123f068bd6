"""Classes: look at one, say who may see you."""

from dataclasses import dataclass
from typing import Any

from discord import ui

from bot.domain.errors import StaleClick
from bot.domain.learner import Learner
from bot.ui.buttons.classroom import LetSee, OpenBeliefs, OpenCohort
from bot.ui.buttons.kinds import Written
from bot.ui.cards.classroom import draw_cohort, draw_misconceptions, draw_sharing
from bot.ui.cards.kit import Card
from bot.ui.edge.handler import Refusal
from bot.usecases.classroom.classroom import Classroom


@dataclass(frozen=True, slots=True)
class ClassPlay:
    """A class in its instructors' hands."""

    use: Classroom

    presses = frozenset({OpenCohort, OpenBeliefs, LetSee})

    async def card(self, press: Any, learner: Learner) -> Card:
        """Return the card that a press leads to."""
        match press:
            case OpenCohort():
                return draw_cohort(await self.use.show_cohort(learner))
            case OpenBeliefs(lesson):
                return draw_misconceptions(await self.use.show_misconceptions(lesson, learner))
            case LetSee(is_shown):
                return draw_sharing(await self.use.share_progress(learner, is_shown))
            case _:
                raise StaleClick

    async def present(self, press: Any, learner: Learner, refused: Refusal) -> Card:
        """Leave it at the words: no card stands behind these."""
        raise refused

    def window(self, press: Written) -> ui.Modal:
        """Open none: nothing is written here."""
        raise StaleClick
