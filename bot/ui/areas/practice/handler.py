"""Reviews, reminders, progress and rank."""

from dataclasses import dataclass
from typing import get_args

from bot.domain.learner import Learner
from bot.ui.buttons.practice import (
    OpenProgress,
    OpenReminder,
    OpenReview,
    PracticePress,
    ShowRank,
    StopReminding,
)
from bot.ui.cards.kit import Card
from bot.ui.cards.practice.reminder import draw_plan
from bot.ui.cards.practice.review import draw_review
from bot.ui.cards.progress.progress import draw_over_time, draw_progress
from bot.ui.edge.handler import Refusal
from bot.usecases.practising import Practising


@dataclass(frozen=True, slots=True)
class PracticeHandler:
    """Cards and what stands around them."""

    use: Practising

    presses = frozenset(get_args(PracticePress))

    async def card(self, press: PracticePress, learner: Learner) -> Card:
        """Return the card that a press leads to."""
        match press:
            case OpenReview():
                return draw_review(await self.use.show_review(learner))
            case OpenProgress(is_over_time):
                draw = draw_over_time if is_over_time else draw_progress
                return draw(await self.use.show_progress(learner))
            case ShowRank(is_ranked):
                return draw_progress(await self.use.show_progress(learner, is_ranked=is_ranked))
            case OpenReminder():
                return draw_plan(await self.use.show_reminder(learner))
            case StopReminding():
                await self.use.stop_reminders(learner.id)
                return draw_plan(await self.use.show_reminder(learner))
            case _:
                return draw_review(await self.use.take_review(press, learner))

    async def present(self, press: PracticePress, learner: Learner, refused: Refusal) -> Card:
        """Return the card to review now, with the reason on it."""
        return draw_review(await self.use.show_review(learner), str(refused))
