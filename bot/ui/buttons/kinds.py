"""What the edge must know of a press before it is handled."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

Whole = TypeVar("Whole", covariant=True)  # the press that a menu or a window is completed to


class Opens:
    """Gets a card of its own where the card that was pressed is shared with a channel."""

    __slots__ = ()


class Aside(Opens):
    """Always gets a card of its own: what was pressed on is kept to come back to."""

    __slots__ = ()


class LeadsBack(Opens):
    """Leads back to a lesson, below the card that was pressed: that one is kept, and says so."""

    __slots__ = ()


class Errand:
    """Leads to no card of an area's: what it is for sees to its own answer."""

    __slots__ = ()


class Menu(ABC, Generic[Whole]):
    """Stands behind a menu: a choice completes it."""

    __slots__ = ()

    @abstractmethod
    def chosen(self, value: str) -> Whole:
        """Return the press that this choice stands for."""


class Weighed(ABC, Generic[Whole]):
    """Opens a window that asks how sure, too, where its question does."""

    __slots__ = ()

    @abstractmethod
    def weighed(self, text: str, level: int) -> Whole:
        """Return the press that this text stands for, said this surely."""


class Written(ABC, Generic[Whole]):
    """Opens a window; what is written in it completes it. Its submission carries the same id."""

    __slots__ = ()

    @abstractmethod
    def written(self, text: str) -> Whole:
        """Return the press that this text stands for."""
