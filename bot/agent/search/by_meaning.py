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
        defines: Likewise: about 1 where it asks for a definition, −1 for a written answer.
    """

    own: Vectors
    sources: Vectors
    course: float
    elsewhere: float
    side: float
    defines: float


@dataclass(frozen=True, slots=True)
class View:
    """A text that a passage is found by.

    Attributes:
        text: What is compared.
        passage: The passage's number.
        is_way: Whether it is another way of asking.
        wants: 1 where who asks so wants the definition of a term, −1 a written answer.
    """

    text: str
    passage: int
    is_way: bool = False
    wants: int = 0


class Border:
    """The plane between two clouds: ridge regression on 1 and −1, both weighing the same."""

    def __init__(self, ours: Vectors, others: Vectors) -> None:
        """Lay the plane; with nothing on one side nothing lies on either."""
        self._middle: Vectors = np.zeros(ours.shape[1], np.float32)
        self._across = self._middle
        if not len(ours) or not len(others):
            return
        self._middle = (ours.mean(axis=0) + others.mean(axis=0)) / 2
        clouds = [(each - self._middle) / np.sqrt(2 * len(each)) for each in (ours, others)]
        spread = sum(each.T @ each for each in clouds) + RIDGE * np.eye(ours.shape[1])
        apart = (ours.mean(axis=0) - others.mean(axis=0)) / 2
        self._across = np.linalg.solve(spread, apart).astype(np.float32)

    def side(self, one: Vectors) -> float:
        """Return about 1 for what lies among ours, −1 among the others."""
        return float(self._across @ (one - self._middle))


class ByMeaning:
    """The vectors of all passages: of the title, of each way of asking, and of the whole."""

    def __init__(
        self,
        vectors: Vectors,
        views: Sequence["View"],
        of: Sequence[int],
        elsewhere: Vectors,
    ) -> None:
        """Index the vectors.

        Args:
            vectors: All of them, shape (vectors, width).
            views: The text behind each.
            of: The source of each passage.
            elsewhere: Those of other topics, shape (topics, width).
        """
        passages = [view.passage for view in views]
        wants = np.array([view.wants for view in views])
        self._is_way = np.array([view.is_way for view in views])
        self._vectors, self._elsewhere = vectors, elsewhere
        self._firsts = np.flatnonzero(np.diff(passages, prepend=-1))
        self._rows = _rows([of[passage] for passage in passages])
        self._of_course = Border(vectors, elsewhere)
        self._of_definitions = Border(vectors[wants == 1], vectors[wants == -1])

    def near(self, question: Vectors) -> Near:
        """Return how near a question is, by its vector."""
        cosines = _cosines(self._vectors, question)
        padded = np.append(cosines, np.float32(-1))  # where a source has no more vectors
        return Near(
            own=np.maximum.reduceat(np.where(self._is_way, -1, cosines), self._firsts),
            sources=_together(padded[self._rows], OF_SOURCE),
            course=float(_together(cosines, OF_ALL)),
            elsewhere=float(_together(_cosines(self._elsewhere, question), OF_ALL)),
            side=self._of_course.side(question),
            defines=self._of_definitions.side(question),
        )


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
    views = [view for index, each in enumerate(passages) for view in _views(index, each)]
    texts = [view.text for view in views]
    vectors = await vectors_of([*texts, *elsewhere], encoder, folder, tell)
    return ByMeaning(vectors[: len(texts)], views, of, vectors[len(texts) :])


def _views(index: int, passage: Passage) -> list[View]:
    """Return the texts that a passage is found by: its title, ways of asking, the whole."""
    wants = bool(passage.names) - passage.is_answer
    title = View(passage.title, index, wants=min(wants, 0))
    asked = (View(way, index, True, 0 if way in passage.names else wants) for way in passage.asked)
    ways = (View(way, index, True) for way in passage.ways)
    whole = View(f"{passage.title}. {passage.text[:WHOLE]}", index)
    return [view for view in (title, *asked, *ways, whole) if view.text.strip()]
