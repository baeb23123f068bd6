"""The door between a language model and its arithmetic: all that anybody else knows of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # who only names a door needn't wait for torch
    from torch import Tensor


class Run(Protocol):
    """Ids that were read, and what reading on from them takes. Nothing writes into it."""

    @property
    def scores(self) -> "Tensor":
        """Of what may follow the last id, shape (vocabulary,), any real numbers."""
        ...

    def then(self, fresh: Sequence[int], keep: int = 1) -> "Run":
        """Read on, those ids alone; this run stays as it is.

        Args:
            fresh: What follows, at least one id.
            keep: After how many of the last ids scores are worked out, as checking a draft takes.
        """
        ...


class Forward(Protocol):
    """One network's forward pass. Used by one thread; ids are such as it can read.

    Attributes:
        vocabulary: How many tokens it scores.
        context: The most ids that it was made for.
    """

    vocabulary: int
    context: int

    def scores(self, prompts: Sequence[tuple[int, ...]], keep: int = 1) -> "list[Tensor]":
        """Return what may follow the last `keep` ids of each prompt, shape (keep, vocabulary).

        What was read for the same first ids a moment ago need not be read again.
        """
        ...

    def run(self, ids: Sequence[int]) -> Run:
        """Read ids from the first on, whatever was read before: the work that an answer takes."""
        ...

    def weights(self) -> "Sequence[Tensor]":
        """Return the tensors that are read for each token."""
        ...
