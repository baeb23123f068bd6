"""A rubric made ready to be compared with: its phrases as vectors, and which way each is meant."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.agent.grading.language.language import Language
from bot.agent.grading.windows import TextWindow, phrases, scope, speaks_of_change
from bot.agent.vectors import Encoder, Vectors
from curriculum.kinds.teachback import Criterion

RIDGE = 0.05  # how little a criterion's own direction may bend to single phrases


@dataclass(frozen=True, slots=True)
class RubricPhrases:
    """Phrases of a rubric.

    Attributes:
        vectors: Shape (phrases, width).
        negated, stays: As of a window, shape (phrases,).
        of_change: Whether "stays" counts for the phrase, shape (phrases,).
        of_all: Whether it says so of all there are, shape (phrases,).
    """

    vectors: Vectors
    negated: np.ndarray
    stays: np.ndarray
    of_change: np.ndarray
    of_all: np.ndarray


@dataclass(frozen=True, slots=True)
class Measured:
    """One criterion, ready.

    Attributes:
        criterion: What it is about.
        good, near, other: What counts, what just misses, and what counts for the other criteria.
        support: All their vectors, shape (phrases, width).
        pull: How much each of them speaks for the criterion, shape (phrases,).
        rest: What is added to that.
    """

    criterion: Criterion
    good: RubricPhrases
    near: RubricPhrases
    other: RubricPhrases
    support: Vectors
    pull: np.ndarray
    rest: float


async def measure(
    criteria: Sequence[Criterion], encoder: Encoder, language: Language
) -> tuple[Measured, ...]:
    """Encode a rubric, and fit to each criterion the direction that tells it from the others.

    Raises:
        ToolError: the encoder gave no answer.
    """
    good = {one.id: _windows((one.says, *one.counts), language) for one in criteria}
    near = {one.id: _windows(one.near_misses, language) for one in criteria}
    texts = sorted({w.text for found in (good, near) for ws in found.values() for w in ws})
    vectors = dict(zip(texts, await encoder.encode(texts), strict=True))
    width = len(vectors[texts[0]])

    def phrases_of(found: Sequence[TextWindow], of_all: bool) -> RubricPhrases:
        return RubricPhrases(
            np.array([vectors[w.text] for w in found], np.float32).reshape(len(found), width),
            np.array([w.negated for w in found], bool),
            np.array([w.stays is not False for w in found], bool),
            np.array([speaks_of_change(w.text, language) for w in found], bool),
            np.array([of_all or scope(w.text, language) > 0 for w in found], bool),
        )

    ready = []
    for one in criteria:
        names = [c.id for c in criteria if c.id != one.id]
        others = [window for other in names for window in (*good[other], *near[other])]
        own = phrases_of(good[one.id], scope(one.says, language) > 0)
        misses, elsewhere = phrases_of(near[one.id], False), phrases_of(others, False)
        support = np.concatenate([own.vectors, misses.vectors, elsewhere.vectors])
        pull, rest = _direction(support, len(own.vectors))
        ready.append(Measured(one, own, misses, elsewhere, support, pull, rest))
    return tuple(ready)


def _windows(texts: Sequence[str], language: Language) -> list[TextWindow]:
    return [window for text in texts for window in phrases(text, language)]


def _direction(support: Vectors, good: int) -> tuple[np.ndarray, float]:
    """Return how each phrase pulls: weighted kernel ridge regression, good ones 1, the rest 0.

    Source:
        Saunders, Gammerman & Vovk 1998, "Ridge regression learning algorithm in dual variables".
    """
    wanted = np.zeros(len(support))
    wanted[:good] = 1
    counts = np.where(wanted == 1, good, max(1, len(support) - good))
    kernel = support @ support.T + 1
    pull = np.linalg.solve(kernel + RIDGE * np.diag(counts), wanted)
    return pull, float(pull.sum())
