"""A passage: nothing is answered."""

from bot.ui.cards.kinds.base import Unasked
from curriculum.kinds.read import ReadStep


class ReadCards(Unasked[ReadStep]):
    """A passage: nothing is answered."""
