"""What a language model needs of a tokenizer, whichever library reads its file."""

from collections.abc import Sequence
from typing import Protocol

from tools.engine.base import Token


class Tokenizes(Protocol):
    """Cuts text into ids, and says what an id stands for."""

    def ids(self, text: str, *, follows: bool = False) -> tuple[int, ...]:
        """Return the ids of outside text; control tokens in it are cut up like other text.

        Args:
            text: Any text.
            follows: It follows other text: no start token before it.
        """
        ...

    def text(self, ids: Sequence[int]) -> str:
        """Return the text of ids."""
        ...

    def token(self, number: int) -> Token:
        """Return a vocabulary entry with its text."""
        ...

    def size(self) -> int:
        """Return how many entries the vocabulary has: ids go from 0 to one less."""
        ...

    def special(self) -> frozenset[int]:
        """Return the ids that stand for no text: control tokens."""
        ...

    def end(self) -> int | None:
        """Return the id that ends a text; None where the tokenizer names none."""
        ...
