"""A button for each thing to pair the one in turn with."""

from bot.ui.cards.kinds.base import Arranged
from bot.ui.cards.kit import numbered
from curriculum.kinds.match import MatchStep


class MatchCards(Arranged[MatchStep]):
    """A button for each thing to pair the one in turn with."""

    begin = "Pair them"

    def label(self, letter: str, place: int, slots: tuple[str, ...]) -> str:
        """Return `1 → C`."""
        return f"{place + 1} → {letter}"

    def listed(self, choices: list[tuple[str, str]], slots: tuple[str, ...]) -> str | None:
        """Return a line for each thing, then one for each that they are paired with."""
        things = [(str(place), thing) for place, thing in enumerate(slots, 1)]
        return f"{numbered(things)}\n{numbered(choices)}"
