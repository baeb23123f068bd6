"""What a turn needs of an area: which presses are its own, and what each leads to."""

from typing import Any, Protocol

from discord import ui

from bot.domain.errors import TutorError
from bot.domain.learner import Learner
from bot.ui.buttons.kinds import Written
from bot.ui.cards.kit import Card
from tools.errors import BadInput

Refusal = TutorError | BadInput


class Play(Protocol):
    """The presses of one area."""

    @property
    def presses(self) -> frozenset[type]:
        """The presses that it plays."""
        ...

    async def card(self, press: Any, learner: Learner) -> Card:
        """Return the card that a press leads to.

        Raises:
            TutorError, ToolError: it can't be played; the text says what to do.
        """
        ...

    async def present(self, press: Any, learner: Learner, refused: Refusal) -> Card:
        """Return the card that should stand where a press was refused, with the reason on it.

        Raises:
            TutorError, ToolError: there is no such card; the words alone will do.
        """
        ...

    def window(self, press: Written) -> ui.Modal:
        """Return the window that a press opens, without asking the database."""
        ...
