"""A sentence, typed."""

from typing import Any

from discord import ui

from bot.domain.lesson.written import SENTENCE_CHARS
from bot.ui.cards.kinds.base import Typed
from bot.ui.cards.window import field
from curriculum.kinds.text import TextStep


class TextCards(Typed[TextStep]):
    """A sentence, typed."""

    label = "Write your sentence"
    title = "Your sentence"

    def box(self, step: TextStep) -> ui.Label[Any]:
        """Return the field."""
        return field("Your sentence", "", SENTENCE_CHARS, is_long=True)
