"""How much each number of a comparison tells, fitted on labelled teach-backs.

`python -m tests.eval.fit_grading` fits them on the half of `tests/eval/teachbacks.yaml` that is for
that, and prints what to paste into the language's file.
"""

import math
from dataclasses import dataclass

import numpy as np

from bot.agent.grading.features import NAMES
from bot.agent.grading.language.language import Fitted

NOT_LEADING = -1.5  # the most a window scores that something else is nearer to; p = 0.18
NEAR_LEAD, TURNED_LEAD = -0.1, 0.0  # what a window has to lead a near miss, and its opposite, by


@dataclass(frozen=True, slots=True)
class CriterionModel:
    """A logistic model over `features.NAMES`.

    Attributes:
        weights: One for each of them.
        bias: Added to their sum.
        low, high: Between these probabilities nothing can be told.
        denied: What takes the place of `high` for a denial, where likeness misleads most.
    """

    weights: tuple[float, ...]
    bias: float
    low: float = 0.4
    high: float = 0.6
    denied: float = 0.75

    def scores(self, compared: np.ndarray) -> np.ndarray:
        """Return a log-odds for each window, shape (windows,)."""
        plain = compared @ np.array(self.weights) + self.bias
        near, turned = NAMES.index("over_near"), NAMES.index("over_turned")
        trails = (compared[:, near] < NEAR_LEAD) | (compared[:, turned] < TURNED_LEAD)
        return np.asarray(np.where(trails, np.minimum(plain, NOT_LEADING), plain))


def calibrated(fitted: Fitted) -> CriterionModel:
    """Return the model that was fitted for a language."""
    return CriterionModel(tuple(getattr(fitted, name) for name in NAMES), fitted.bias)


def probability(score: float) -> float:
    """Return the chance that a log-odds stands for."""
    return 1 / (1 + math.exp(-score))
