"""The operations that tokens cost: two for each weight they meet, four for each pair that attends.

Source:
    Kaplan et al. 2020, arXiv:2001.08361, table 1. Norms, softmax and rotary positions are left
    out: below one in a hundred.
"""

from tools.shape.shape import Shape
from tools.shape.weights import used_per_token, weight_counts


def decode_operations(shape: Shape, context: int) -> float:
    """Return what one more token costs after `context` others."""
    return 2 * used_per_token(shape) + _pairs(shape, context, 1)


def prefill_operations(shape: Shape, tokens: int) -> float:
    """Return what reading a prompt costs; only its last token is scored."""
    scored = weight_counts(shape)["embedding" if shape.is_tied else "head"]
    return 2 * (used_per_token(shape) - scored) * tokens + 2 * scored + _pairs(shape, 0, tokens)


def _pairs(shape: Shape, before: int, tokens: int) -> float:
    """Return what scores and mixing cost, for tokens that see those before and each other."""
    seen = tokens * before + tokens * (tokens + 1) / 2
    windowed = min(seen, tokens * shape.window) if shape.window else 0
    each = 4 * shape.heads * _head_size(shape)
    return each * (shape.layers_of("F") * seen + shape.layers_of("S") * windowed) + tokens * (
        _states(shape)
    )


def _head_size(shape: Shape) -> float:
    """Return the mean of a key's and a value's numbers."""
    if (latent := shape.latent) is None:
        return shape.head_size
    return (latent.plain + latent.rotary + latent.value) / 2


def _states(shape: Shape) -> int:
    """Return what a token costs in recurrent states: each is faded, written to and read."""
    if (net := shape.recurrent) is None:
        return 0
    return shape.layers_of("R") * 6 * net.value_heads * net.head_size**2
