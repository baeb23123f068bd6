"""A recall: answered in the head."""

from bot.ui.cards.kinds.base import Unasked
from curriculum.kinds.recall import RecallStep


class RecallCards(Unasked[RecallStep]):
    """A recall: answered in the head."""
