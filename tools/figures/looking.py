"""Figures of attention: its share of the work, its rounds and its positions."""

import math
from collections.abc import Mapping, Sequence

from tools.figures.figure import Figure
from tools.models import SHAPES
from tools.shape.weights import weight_counts


def attention_work_percent(of: Mapping[str, object]) -> float:
    """Return attention's share of the products that one token costs in a layer, in percent.

    The rest is the feed-forward part. Each weight of a matrix is one product; each token looked
    back on is two for each number of the heads: one for the score, one for the mix.

    Args:
        of: `model`, a name in `tools.models`, without experts or windows, and `context`, the
            tokens looked back on, itself included.

    Source:
        Kaplan et al. 2020, arXiv:2001.08361, table 1.
    """
    shape, context = SHAPES[str(of["model"])], of["context"]
    if not isinstance(context, int):
        raise ValueError(f"context is a count of tokens, not {context!r}")
    counts = weight_counts(shape)
    looks = 2 * context * shape.heads * shape.head_size * shape.layers
    attention = counts["q"] + counts["k"] + counts["v"] + counts["o"] + looks
    return 100 * attention / (attention + counts["mlp"])


def rotary_turn(of: Mapping[str, float]) -> float:
    """Return after how many places a pair of a rotary model has come full circle.

    Args:
        of: `base` (rope_theta), `width` (numbers of a head that are turned), and `pair`, from 0
            for the fastest to `width / 2 - 1` for the slowest.

    Returns:
        Places, above 0: a full circle, 2π, by the radians that the pair turns at each place.

    Source:
        Su et al. 2021, arXiv:2104.09864, section 3.2.2.
    """
    return float(math.tau * of["base"] ** (2 * of["pair"] / of["width"]))


def sum_to(of: int) -> int:
    """Return 1 + 2 + … + n: tokens read when each of n rounds reads all so far."""
    return of * (of + 1) // 2


def sum_of_squares(of: int) -> int:
    """Return 1² + 2² + … + n²."""
    return of * (of + 1) * (2 * of + 1) // 6


def tokens_read(of: Sequence[int]) -> int:
    """Return how many tokens a loop without a cache reads in all.

    Args:
        of: `[prompt, rounds]`: tokens of the prompt, and how many are put behind it. Each round
            reads the prompt and all that was put behind it before.
    """
    prompt, rounds = of
    return prompt * rounds + sum_to(rounds - 1)


FIGURES: tuple[Figure, ...] = (
    attention_work_percent,
    rotary_turn,
    sum_to,
    sum_of_squares,
    tokens_read,
)
