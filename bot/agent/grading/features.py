"""How a learner's words compare with one criterion: a few numbers for each window."""

from collections.abc import Sequence

import numpy as np

from bot.agent.grading.rubric import Measured, RubricPhrases
from bot.agent.grading.windows import TextWindow
from bot.agent.vectors import Vectors

NAMES = (
    "two",  # likeness to the two nearest phrases that count, and mean it the same way round
    "over_near",  # by how much that beats the nearest near miss
    "over_turned",  # by how much it beats what counts, turned round
    "over_other",  # what it lacks to the nearest phrase about another criterion, at most 0
    "direction",  # how far it lies in the criterion's own direction
)
NEAR = 0.5  # a likeness that two sentences about other things don't have
CLEAR = 0.2  # a lead beyond this says no more


def compare(windows: Sequence[TextWindow], vectors: Vectors, measured: Measured) -> np.ndarray:
    """Return the numbers of `NAMES` for each window, shape (windows, len(NAMES)).

    Args:
        windows: What the learner claims.
        vectors: Of the windows, shape (windows, width).
        measured: The criterion.
    """
    good, same = vectors @ measured.good.vectors.T, _same(windows, measured.good)
    alike = np.where(same, good, 0)
    says, turned = _most(alike), _most(np.where(same, 0, good))
    near = _most(np.where(_same(windows, measured.near), vectors @ measured.near.vectors.T, 0))
    other = _most(vectors @ measured.other.vectors.T)  # turned round, it's still about the other
    two = np.sort(alike, axis=1)[:, -2:].mean(axis=1)
    direction = vectors @ measured.support.T @ measured.pull + measured.rest
    over_other = np.minimum(0, says - other)
    columns = (
        two,
        np.minimum(says - near, CLEAR),
        np.minimum(says - turned, CLEAR),
        over_other,
        direction,
    )
    return np.stack(columns, axis=1)


def denial(windows: Sequence[TextWindow], vectors: Vectors, measured: Measured) -> float:
    """Return by how much the plainest denial of a criterion beats what is said for it there.

    Only a negated window that comes near a phrase of the criterion, turned round, is a denial.
    """
    same = _same(windows, measured.good)
    alike = vectors @ measured.good.vectors.T
    says, turned = _most(np.where(same, alike, 0)), _most(np.where(same, 0, alike))
    denies = np.array([window.negated or window.of_few for window in windows])
    other = _most(vectors @ measured.other.vectors.T)
    plain = np.where(denies & (turned >= NEAR) & (turned > other), turned - says, 0)
    return float(plain.max(initial=0))


def _same(windows: Sequence[TextWindow], phrases: RubricPhrases) -> np.ndarray:
    """Whether a window and a phrase are meant the same way round, shape (windows, phrases)."""
    negated = np.array([window.negated for window in windows])[:, None]
    stays = np.array([window.stays is True for window in windows])[:, None]
    mixed = np.array([window.stays is None for window in windows])[:, None]
    few = np.array([window.of_few for window in windows])[:, None]
    turned = np.where(
        phrases.of_change, mixed | (stays != phrases.stays), negated != phrases.negated
    )
    return np.asarray(~(turned | (few & phrases.of_all)))


def _most(likeness: np.ndarray) -> np.ndarray:
    return np.asarray(likeness.max(axis=1, initial=0))
