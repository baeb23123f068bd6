"""An instrument: nothing is answered."""

from bot.ui.cards.kinds.base import Unasked
from curriculum.kinds.exhibit import ExhibitStep


class ExhibitCards(Unasked[ExhibitStep]):
    """An instrument: nothing is answered."""
