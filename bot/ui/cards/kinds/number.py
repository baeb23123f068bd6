"""A number, typed."""

from typing import Any

from discord import ui

from bot.domain.lesson.kinds.number import NUMBER_CHARS
from bot.ui.cards.kinds.base import Typed
from bot.ui.cards.window import field
from curriculum.kinds.number import NumberStep


class NumberCards(Typed[NumberStep]):
    """A number, typed."""

    label = "Type your number"
    title = "Your number"

    def box(self, step: NumberStep) -> ui.Label[Any]:
        """Return the field."""
        label = f"Your number, in {step.unit}" if step.unit else "Your number"
        return field(label, "", NUMBER_CHARS)
