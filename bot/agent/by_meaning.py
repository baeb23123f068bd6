"""Passages ranked by meaning: the cosine between a question's vector and theirs."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from bot.agent.elsewhere import ELSEWHERE
from bot.agent.vectors import Encoder, Vectors, vectors_of
from bot.domain.passages import Passage

WHOLE = 400  # characters of a passage that its own vector is made from


class ByMeaning:
    """The vectors of all passages: of the title, of each way of asking, and of the whole."""

    def __init__(self, vectors: Vectors, firsts: Sequence[int], elsewhere: Vectors) -> None:
        """Take all vectors in a row, where each passage's begin, and those of other topics."""
        self._vectors, self._firsts, self._elsewhere = vectors, np.array(firsts), elsewhere

    def scores(self, question: Vectors) -> Vectors:
        """Return how near each passage is to a question's vector, shape (passages,), −1 to 1."""
        near: Vectors = np.maximum.reduceat(_cosines(self._vectors, question), self._firsts)
        return near

    def elsewhere(self, question: Vectors) -> float:
        """Return how near a question's vector is to what isn't the course, −1 to 1."""
        return float(_cosines(self._elsewhere, question).max())


def _cosines(vectors: Vectors, one: Vectors) -> Vectors:
    """Return each vector's product with one; not by BLAS, whose threads would spin after it."""
    products: Vectors = np.einsum("ij,j->i", vectors, one)
    return products


async def by_meaning(
    passages: Sequence[Passage],
    encoder: Encoder,
    folder: Path | None,
    tell: Callable[[str], None] = lambda stage: None,
) -> ByMeaning:
    """Make, or read from `folder`, what ranking by meaning needs.

    Raises:
        ToolError: the encoder gives no answer.
    """
    texts: list[str] = []
    firsts = []
    for passage in passages:
        firsts.append(len(texts))
        whole = f"{passage.title}. {passage.text[:WHOLE]}"
        texts += [t for t in (passage.title, *passage.asked, whole) if t.strip()]
    vectors = await vectors_of([*texts, *ELSEWHERE], encoder, folder, tell)
    return ByMeaning(vectors[: len(texts)], firsts, vectors[len(texts) :])
