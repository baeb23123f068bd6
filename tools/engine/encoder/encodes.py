"""The door between the sentence encoder and its arithmetic: all that anybody else knows of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a bot starts without numpy, and imports it with the first text
    from numpy import float32
    from numpy.typing import NDArray

    Vectors = NDArray[float32]


class Encodes(Protocol):
    """all-MiniLM-L6-v2, loaded. Used by one thread."""

    def encode(self, texts: Sequence[str]) -> "Vectors":
        """Return a vector of length one for each text, shape (texts, WIDTH); at least one text."""
        ...
