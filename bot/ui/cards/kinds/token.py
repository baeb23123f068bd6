"""A next token, typed."""

from typing import Any

from discord import ui

from bot.domain.lesson.written import TOKEN_CHARS
from bot.ui.cards.kinds.base import Typed
from bot.ui.cards.kit import quote
from bot.ui.cards.window import field
from curriculum.kinds.token import TokenStep

_PROMPT_SHOWN = 600


class TokenCards(Typed[TokenStep]):
    """A next token, typed."""

    label = "Type what comes next"
    title = "The next token"

    def box(self, step: TokenStep) -> ui.Label[Any]:
        """Return the field."""
        return field("What comes next?", "", TOKEN_CHARS)

    def quoted(self, step: TokenStep) -> str:
        """Return the question with the text to continue."""
        return f"{super().quoted(step)}\n{quote(step.prompt, _PROMPT_SHOWN)} ▁"
