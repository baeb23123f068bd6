"""Passages ranked by meaning: cosines between a question's vector and theirs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.agent.search.vectors import vectors_of
from bot.agent.vectors import NamedEncoder, Vectors
from bot.domain.tutor.passages import Passage

WHOLE = 400  # characters of a passage that its own vector is made from
SHARP = np.float32(20)  # how much more the nearest vectors count than the next
RIDGE = 3e-3  # how strongly the border is kept from following single phrases
OF_SOURCE, OF_ALL = 4, 8  # how many of the nearest count at all


@dataclass(frozen=True, slots=True)
class Near:
    """How near a question is in meaning.

    Attributes:
        own: To each passage's title or text, whichever is nearer, shape (passages,), −1 to 1.
        sources: To each source by its OF_SOURCE nearest vectors, shape (sources,).
        course: To the course, by its OF_ALL nearest vectors.
        elsewhere: To what isn't the course, likewise.
        side: On which side of the border between the two it lies: about 1 for the course, −1.
    """

    own: Vectors
    sources: Vectors
    course: float
    elsewhere: float
    side: float


class ByMeaning:
    """The vectors of all passages: of the title, of each way of asking, and of the whole."""

    def __init__(
        self,
        vectors: Vectors,
        passages: Sequence[int],
        is_way: Sequence[bool],
        of: Sequence[int],
        elsewhere: Vectors,
    ) -> None:
        """Index the vectors.

        Args:
            vectors: All of them, shape (vectors, width).
            passages: The passage of each.
            is_way: Whether each is of another way of asking.
            of: The source of each passage.
            elsewhere: Those of other topics, shape (topics, width).
        """
        self._is_way = np.array(is_way)
        self._vectors, self._elsewhere = vectors, elsewhere
        self._firsts = np.flatnonzero(np.diff(passages, prepend=-1))
        self._rows = _rows([of[passage] for passage in passages])
        self._across, self._middle = _border(vectors, elsewhere)

    def near(self, question: Vectors) -> Near:
        """Return how near a question is, by its vector."""
        cosines = _cosines(self._vectors, question)
        padded = np.append(cosines, np.float32(-1))  # where a source has no more vectors
        return Near(
            own=np.maximum.reduceat(np.where(self._is_way, -1, cosines), self._firsts),
            sources=_together(padded[self._rows], OF_SOURCE),
            course=float(_together(cosines, OF_ALL)),
            elsewhere=float(_together(_cosines(self._elsewhere, question), OF_ALL)),
            side=float(self._across @ (question - self._middle)),
        )


def _border(ours: Vectors, others: Vectors) -> tuple[Vectors, Vectors]:
    """Return what is perpendicular to the plane between two clouds, and a point near it.

    Ridge regression on 1 and −1, both clouds weighing the same.
    """
    middle = (ours.mean(axis=0) + others.mean(axis=0)) / 2
    clouds = [(each - middle) / np.sqrt(2 * len(each)) for each in (ours, others)]
    spread = sum(each.T @ each for each in clouds) + RIDGE * np.eye(ours.shape[1])
    apart = (ours.mean(axis=0) - others.mean(axis=0)) / 2
    across: Vectors = np.linalg.solve(spread, apart).astype(np.float32)
    return across, middle


def _rows(sources: Sequence[int]) -> NDArray[np.intp]:
    """Return which vectors each source has, shape (sources, most); −1 where it has no more."""
    has: list[list[int]] = [[] for _ in range(max(sources) + 1)]
    for vector, source in enumerate(sources):
        has[source].append(vector)
    most = max(OF_SOURCE, *map(len, has))
    return np.array([each + [-1] * (most - len(each)) for each in has])


def _together(cosines: Vectors, most: int) -> Vectors:
    """Return a soft maximum of the `most` largest along the last axis; above the largest."""
    most = min(most, cosines.shape[-1])
    largest = np.partition(cosines, -most, axis=-1)[..., -most:]
    soft: Vectors = np.log(np.exp(SHARP * largest).sum(axis=-1)) / SHARP
    return soft


def _cosines(vectors: Vectors, one: Vectors) -> Vectors:
    """Return each vector's product with one, row by row: for a whole matrix BLAS wakes threads."""
    products: Vectors = np.vecdot(vectors, one)
    return products


async def by_meaning(
    passages: Sequence[Passage],
    of: Sequence[int],
    elsewhere: Sequence[str],
    encoder: NamedEncoder,
    folder: Path | None,
    tell: Callable[[str], None] = lambda stage: None,
) -> ByMeaning:
    """Make, or read from `folder`, what ranking by meaning needs.

    Args:
        passages: What can be found.
        of: The source of each, counted from 0.
        elsewhere: Phrases that aren't the course.
        encoder: Makes the vectors.
        folder: Where vectors are kept.
        tell: Told when vectors have to be made.

    Raises:
        ToolError: the encoder gives no answer.
    """
    views = [(index, *view) for index, each in enumerate(passages) for view in _views(each)]
    texts = [text for _, text, _ in views]
    vectors = await vectors_of([*texts, *elsewhere], encoder, folder, tell)
    own, others = vectors[: len(texts)], vectors[len(texts) :]
    return ByMeaning(own, [view[0] for view in views], [view[2] for view in views], of, others)


def _views(passage: Passage) -> list[tuple[str, bool]]:
    """Return the texts that a passage is found by, and whether each is another way of asking."""
    whole = f"{passage.title}. {passage.text[:WHOLE]}"
    ways = [(way, True) for way in passage.asked]
    return [view for view in ((passage.title, False), *ways, (whole, False)) if view[0].strip()]
