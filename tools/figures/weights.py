"""Figures of how many weights a model has, and what they weigh."""

from collections.abc import Mapping
from typing import Any

from tools.engine.weights.embedded import EMBEDDED, Pinned
from tools.figures.figure import Figure
from tools.models import SHAPES, parameter_total
from tools.shape.activations import most_live
from tools.shape.weights import weight_counts

_PARTS = {"table": ("embedding",), "attention": ("q", "k", "v", "o"), "feed-forward": ("mlp",)}


def vocabulary_size(of: str) -> int:
    """Return how many tokens a model knows; `of` is "embedded"."""
    return _embedded(of).vocabulary


def parameter_count(of: str) -> int:
    """Return how many weights a model has, its vision tower included.

    Args:
        of: "embedded", or a name in `tools.models.SHAPES`, which gives the source of each shape.
    """
    return parameter_total(SHAPES[of]) if of in SHAPES else _embedded(of).parameters


def weight_share(of: Mapping[str, str]) -> float:
    """Return which share of a model's weights one kind of part has, 0 to 1.

    Args:
        of: `model`, a name in `tools.models.SHAPES`, and `part`: "table" (of tokens, at the input),
            "attention" or "feed-forward".
    """
    counts = weight_counts(SHAPES[of["model"]])
    return sum(counts[part] for part in _PARTS[of["part"]]) / sum(counts.values())


def weight_bytes(of: Mapping[str, float]) -> float:
    """Return the bytes that weights take: `parameters` times `bytes` for each."""
    return of["parameters"] * of["bytes"]


def activation_kilobytes(of: Mapping[str, Any]) -> float:
    """Return how many kilobytes of activations are held at the fullest moment of one pass.

    Args:
        of: `model`, a name in `tools.models.SHAPES`, `tokens` in the pass, and `bytes` for each
            number.

    Source:
        As engines compute today; `tools.shape.activations` says what is counted.
    """
    return float(most_live(SHAPES[of["model"]], of["tokens"]) * of["bytes"] / 1000)


FIGURES: tuple[Figure, ...] = (
    vocabulary_size,
    parameter_count,
    weight_share,
    weight_bytes,
    activation_kilobytes,
)


def _embedded(of: str) -> Pinned:
    if of != "embedded":
        raise ValueError(f"figures are known of 'embedded' only, not of {of!r}")
    return EMBEDDED
