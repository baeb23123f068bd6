"""The numbers that live while tokens pass through. Buffers are reused: the fullest moment counts.

As engines compute today: attention in tiles, so that no matrix of scores is written
(arXiv:2205.14135); a block's buffers are free again when it is done; only the last token is scored.
"""

from tools.shape.shape import Shape


def live_numbers(shape: Shape, tokens: int) -> dict[str, int]:
    """Return how many numbers live at once while each part works, in the order a token meets them.

    The vector that goes through all blocks is among them everywhere. Keys and values count while
    attention reads them; that they stay afterwards is `kept.py`'s.

    Args:
        shape: The model.
        tokens: In one pass, 1 or more.
    """
    width, through = shape.width, 2 * shape.width  # the vector, and the same normed
    queries, keys, values, out = _attention(shape)
    moments = {
        "embedding": width,
        "norms": through,
        "q": through + queries,
        "k": through + queries + keys,
        "v": through + queries + keys + values,
        "o": width + queries + keys + values + out,
        "mixer": through + _mixer(shape),
        "mlp": through + _wide(shape) * shape.feed_forward,
        "experts": through + _wide(shape) * _middle(shape),
    }
    left_out = {
        "mixer": shape.recurrent is None,
        "mlp": shape.expert_layers == shape.layers,
        "experts": shape.experts is None,
    }
    return {
        **{part: tokens * n for part, n in moments.items() if not left_out.get(part)},
        "head": tokens * width + shape.vocabulary,
    }


def most_live(shape: Shape, tokens: int) -> int:
    """Return how many numbers live at the fullest moment of a pass."""
    return max(live_numbers(shape, tokens).values())


def _attention(shape: Shape) -> tuple[int, int, int, int]:
    """Return a token's queries, keys, values and what attention gives; a latent is spread out."""
    if (latent := shape.latent) is not None:
        head, value = latent.plain + latent.rotary, latent.value
        return (shape.heads * head, shape.heads * head, shape.heads * value, shape.heads * value)
    asked = shape.heads * shape.head_size
    keys = shape.kv_heads * shape.head_size
    return asked * (2 if shape.has_output_gate else 1), keys, keys, asked


def _mixer(shape: Shape) -> int:
    net = shape.recurrent
    return 2 * net.mixed + 2 * net.value_heads * net.head_size if net else 0


def _wide(shape: Shape) -> int:
    """Return how many of the wide middle live at once: gate, up and their product."""
    return 3 if shape.is_gated else 2


def _middle(shape: Shape) -> int:
    """Return the width of all experts that a token goes through, side by side."""
    experts = shape.experts
    return experts.used * experts.width + experts.shared if experts else 0
