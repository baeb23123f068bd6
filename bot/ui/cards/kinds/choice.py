"""A button for each option."""

from bot.ui.cards.kinds.base import Picked
from curriculum.kinds.choice import ChoiceStep


class ChoiceCards(Picked[ChoiceStep]):
    """A button for each option."""
