"""Sentences as vectors: what whoever compares them asks of an encoder."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turns sentences into vectors whose cosine says how alike they are in meaning."""

    async def encode(self, texts: Sequence[str]) -> Vectors:
        """Return a vector of length one for each text, shape (texts, width).

        Raises:
            ToolError: there is no answer to be had.
        """
        ...


class NamedEncoder(Encoder, Protocol):
    """An encoder whose vectors may be kept: another's mean something else."""

    @property
    def name(self) -> str:
        """Which encoder it is."""
        ...
