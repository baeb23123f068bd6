"""What the edge must know of a press before it plays it."""

from typing import Any


class Opens:
    """Gets a card of its own where the card that was pressed is shared with a channel."""

    __slots__ = ()


class Aside(Opens):
    """Always gets a card of its own: what was pressed on is kept to come back to."""

    __slots__ = ()


class Menu:
    """Stands behind a menu: a choice completes it."""

    __slots__ = ()

    def chosen(self, value: str) -> Any:
        """Return the press that this choice stands for."""
        raise NotImplementedError


class Written:
    """Opens a window; what is written in it completes it. Its submission carries the same id."""

    __slots__ = ()

    def written(self, text: str) -> Any:
        """Return the press that this text stands for."""
        raise NotImplementedError
