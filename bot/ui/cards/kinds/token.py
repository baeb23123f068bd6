"""A next token, typed."""

from typing import Any

from discord import ui

from bot.domain.lesson.written import TOKEN_CHARS
from bot.ui.cards.kinds.base import Typed
from bot.ui.cards.window import field
from curriculum.kinds.token import TokenStep


class TokenCards(Typed[TokenStep]):
    """A next token, typed."""

    label = "Type what comes next"
    title = "The next token"

    def box(self, step: TokenStep) -> ui.Label[Any]:
        """Return the field."""
        return field("What comes next?", f"After: …{step.prompt[-60:]}", TOKEN_CHARS)
