"""A router of a mixture of experts: softmax over all, the likeliest few, weighed anew.

And a small one with seeded numbers in place of learned ones, where no model's choices can be had.
numpy is imported here, so whoever needs this imports it late.

Source:
    Jiang et al. 2024, arXiv:2401.04088, section 2.1. Softmax and then the top k, their weights
    made to sum to 1 (Mixtral, Qwen3 by norm_topk_prob), is the same as the top k and then softmax
    (gpt-oss): what softmax divides by cancels.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.algorithms.experts import Mixture

_WIDTH = 32  # numbers of a made-up token's vector
_SHARPNESS = 1.5  # standard deviation of a made-up router's logits
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Routed:
    """Where tokens go in each layer, each token's heaviest expert first.

    Attributes:
        experts: Shape (layers, tokens, used).
        weights: What each counts for, of the same shape; a token's sum to 1 in each layer.
    """

    experts: tuple[tuple[tuple[int, ...], ...], ...]
    weights: tuple[tuple[tuple[float, ...], ...], ...]


def chosen(logits: Numbers, used: int) -> tuple[NDArray[np.int64], Numbers]:
    """Return the experts with the highest softmax, and their weights, which sum to 1.

    Args:
        logits: Shape (tokens, experts).
        used: Experts for each token, at most as many as there are.

    Returns:
        Experts and weights, each of shape (tokens, used), the heaviest first.
    """
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))  # so that none overflows
    shares = shifted / shifted.sum(axis=-1, keepdims=True)
    best = np.argsort(-shares, axis=-1, kind="stable")[:, :used]
    kept = np.take_along_axis(shares, best, axis=-1)
    return best, kept / kept.sum(axis=-1, keepdims=True)


def made_up(texts: Sequence[str], mixture: Mixture, seed: int, skew: float) -> Routed:
    """Route tokens by a router that nobody has trained.

    In the first layer a token's vector hangs on its text alone, so the same text goes to the same
    experts. In later layers more and more of what stands before it is mixed in.

    Args:
        texts: Of the tokens, in order.
        mixture: The model whose numbers of experts and layers are taken.
        seed: Which router.
        skew: Standard deviation of what is added to all logits of an expert: 0 favours none.
    """
    own = np.stack([_vector(text, seed) for text in texts])
    so_far = np.cumsum(own, axis=0) / np.sqrt(np.arange(1, len(texts) + 1))[:, None]
    dice = np.random.default_rng(seed)
    layers = [
        chosen(_logits(own, so_far, layer / mixture.layers, mixture.count, skew, dice),
               mixture.used)
        for layer in range(mixture.layers)
    ]  # fmt: skip
    return Routed(
        tuple(tuple(map(tuple, experts.tolist())) for experts, _ in layers),
        tuple(tuple(map(tuple, weights.tolist())) for _, weights in layers),
    )


def _logits(
    own: Numbers,
    so_far: Numbers,
    mixed: float,
    count: int,
    skew: float,
    dice: np.random.Generator,
) -> Numbers:
    """Return a layer's logits, shape (tokens, count)."""
    hidden = np.sqrt(1 - mixed) * own + np.sqrt(mixed) * so_far
    matrix = dice.standard_normal((_WIDTH, count)) * _SHARPNESS / np.sqrt(_WIDTH)
    favour: Numbers = skew * dice.standard_normal(count)
    logits: Numbers = hidden @ matrix + favour
    return logits


def _vector(text: str, seed: int) -> Numbers:
    """Return a vector that hangs on the text and the seed alone."""
    told = f"{seed} {text}".encode("utf-8", "surrogatepass")  # half a character is a token too
    dice = random.Random(told)
    return np.array([dice.gauss(0, 1) for _ in range(_WIDTH)])
