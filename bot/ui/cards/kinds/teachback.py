"""A few sentences, typed."""

from typing import Any

from discord import ui

from bot.domain.lesson.written import TEACHBACK_CHARS
from bot.ui.cards.kinds.base import Typed
from bot.ui.cards.window import field
from curriculum.kinds.teachback import TeachbackStep


class TeachbackCards(Typed[TeachbackStep]):
    """A few sentences, typed."""

    label = "Write it"
    title = "Say it back"

    def box(self, step: TeachbackStep) -> ui.Label[Any]:
        """Return the field."""
        return field("Your words", step.ask, TEACHBACK_CHARS, is_long=True)
