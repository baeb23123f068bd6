"""A button for each stage that has no place yet."""

from bot.ui.cards.kinds.base import Arranged
from bot.ui.cards.kit import numbered
from curriculum.kinds.order import OrderStep


class OrderCards(Arranged[OrderStep]):
    """A button for each stage that has no place yet."""

    begin = "Put them in order"

    def label(self, letter: str, place: int, slots: tuple[str, ...]) -> str:
        """Return `C first`."""
        return f"{letter} {slots[place]}"

    def listed(self, choices: list[tuple[str, str]], slots: tuple[str, ...]) -> str | None:
        """Return a line for each stage."""
        return numbered(choices)
