"""A learner's own data: the second press of a deletion."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from discord import ui

from bot.domain.learner import Learner
from bot.ui.buttons.kinds import Written
from bot.ui.buttons.privacy import DeleteAll, KeepAll
from bot.ui.cards.kit import Card
from bot.ui.cards.privacy import draw_deleted, draw_kept
from bot.ui.edge.handler import Refusal
from bot.usecases.privacy.own_data import OwnData

Stop = Callable[[int], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class PrivacyPlay:
    """Deleting, and thinking better of it."""

    own: OwnData
    stop: Stop  # what is being written for a learner: it would be kept when it ends

    presses = frozenset({DeleteAll, KeepAll})

    async def card(self, press: Any, learner: Learner) -> Card:
        """Return the card that a press leads to."""
        if isinstance(press, KeepAll):
            return draw_kept()
        if press.learner_id == learner.id:
            await self.stop(learner.id)
        await self.own.delete(press.learner_id, press.mark, learner)
        return draw_deleted()

    async def present(self, press: Any, learner: Learner, refused: Refusal) -> Card:
        """Say why nothing was deleted; there is no card to go back to."""
        raise refused

    def window(self, press: Written) -> ui.Modal:
        """There is none in this area."""
        raise NotImplementedError
