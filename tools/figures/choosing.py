"""Figures of scores, probabilities and bits."""

import math
from collections.abc import Sequence

from tools.figures.figure import Figure


def softmax(of: Sequence[object]) -> float:
    """Return one probability of a softmax.

    Args:
        of: `[logits, index]`: raw scores, any real numbers, and which one is asked for, from 0.

    Returns:
        Between 0 and 1.

    Source:
        Goodfellow et al. 2016, *Deep Learning*, eq. 4.1.
    """
    logits, index = of
    if not isinstance(logits, Sequence) or not isinstance(index, int):
        raise ValueError(f"softmax takes [logits, index], not {of!r}")
    scores = [float(logit) for logit in logits]
    top = max(scores)  # so that exp() cannot overflow
    parts = [math.exp(score - top) for score in scores]
    return parts[index] / sum(parts)


def softmax_percent(of: Sequence[object]) -> float:
    """Return one probability of a softmax in percent, 0 to 100; `of` as for `softmax`."""
    return 100 * softmax(of)


def odds_factor(of: float) -> float:
    """Return how many times the odds of a token grow when `of`, any number, is added to its score.

    Source:
        Goodfellow et al. 2016, *Deep Learning*, eq. 4.1: e to the power of what is added.
    """
    return math.exp(of)


def biased_percent(of: Sequence[float]) -> float:
    """Return a token's probability after something is added to its score, in per cent.

    Args:
        of: `[percent, added]`: what it had, between 0 and 100, and what a logit bias adds. All
            other scores stay.
    """
    percent, added = of
    grown = percent * odds_factor(added)
    return 100 * grown / (100 - percent + grown)


def entropy_bits_max(of: int) -> float:
    """Return the entropy of `of` equally likely tokens, in bits: the most there can be."""
    return math.log2(of)


def surprisal_bits(of: float) -> float:
    """Return how unexpected an outcome of this probability (above 0, up to 1) is, in bits."""
    return max(0.0, -math.log2(of))


def brier(of: float) -> float:
    """Return the Brier score of a right guess made with this probability: (1 - p)²."""
    return (1.0 - of) ** 2


FIGURES: tuple[Figure, ...] = (
    softmax,
    softmax_percent,
    odds_factor,
    biased_percent,
    entropy_bits_max,
    surprisal_bits,
    brier,
)
