"""A learner's own data: what is kept, and both presses of a deletion."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import assert_never, get_args

from bot.domain.learner import Learner
from bot.domain.privacy.sent import Receivers
from bot.ui.buttons.privacy import (
    AskDeletion,
    DeleteAll,
    HandledPrivacyPress,
    KeepAll,
    OpenMyData,
)
from bot.ui.cards.kit import Card
from bot.ui.cards.privacy import draw_deleted, draw_deletion, draw_kept, draw_privacy
from bot.ui.edge.handler import Refusal
from bot.usecases.privacy.own_data import OwnData

Stop = Callable[[int], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class PrivacyHandler:
    """Looking, deleting, and thinking better of it."""

    own: OwnData
    receivers: Receivers  # which model gets which words
    stop: Stop  # what is being written for a learner: it would be kept when it ends

    presses = frozenset(get_args(HandledPrivacyPress))

    async def card(self, press: HandledPrivacyPress, learner: Learner) -> Card:
        """Return the card that a press leads to."""
        match press:
            case OpenMyData():
                return draw_privacy(self.receivers)
            case AskDeletion():
                return draw_deletion(learner.id, await self.own.sum_up(learner))
            case KeepAll():
                return draw_kept()
            case DeleteAll(learner_id, mark):
                if learner_id == learner.id:
                    await self.stop(learner.id)
                await self.own.delete(learner_id, mark, learner)
                return draw_deleted()
            case _:
                assert_never(press)

    async def present(self, press: HandledPrivacyPress, learner: Learner, refused: Refusal) -> Card:
        """Say why nothing was deleted; there is no card to go back to."""
        raise refused
