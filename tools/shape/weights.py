"""The weights of a shape, counted part by part; those one token uses; those one pass reads."""

from tools.shape.shape import Experts, Shape

ROUTED = ("experts", "expert_bias")  # parts of which a token meets only some


def weight_counts(shape: Shape) -> dict[str, int]:
    """Return how many weights each part has, in the order a token meets them.

    `mixer` is the large matrices of recurrent layers, `small` all that is no matrix: biases of
    attention that stand apart, convolutions, sinks, gates.
    """
    bias, norm = int(shape.is_classic), shape.width * (1 + int(shape.is_classic))
    return {
        "embedding": shape.vocabulary * shape.width,
        "positions": shape.context * shape.width if shape.is_classic else 0,
        **_attention(shape),
        "mixer": _mixer(shape),
        **_feed_forward(shape),
        "norms": (shape.norms * shape.layers + 1) * norm + _inner_norms(shape),
        "small": _small(shape),
        "head": 0 if shape.is_tied else shape.vocabulary * (shape.width + bias),
        "vision": shape.vision,
    }


def text_total(shape: Shape) -> int:
    """Return how many weights it has without its vision tower; a tied head is counted once."""
    return sum(weight_counts(shape).values()) - shape.vision


def used_per_token(shape: Shape) -> int:
    """Return how many weights one token of text is multiplied by.

    An input table of its own isn't: one row of it is looked up. A tied one is, as the head.
    """
    return round(read_in_pass(shape, 1))


def read_in_pass(shape: Shape, tokens: int) -> float:
    """Return how many weights a pass over some tokens reads, on average.

    All but the input table and the vision tower; of the experts, those that any token is sent to,
    if each is as likely as the others. Real routers favour some, and then read fewer.

    Args:
        shape: The model.
        tokens: In the pass: one for each sequence that is decoded.
    """
    return sum(read_by_part(shape, tokens).values())


def read_by_part(shape: Shape, tokens: int) -> dict[str, float]:
    """Return the same by part."""
    counts: dict[str, float] = {**weight_counts(shape), "vision": 0, "positions": 0}
    if not shape.is_tied:
        counts["embedding"] = 0
    if shape.experts is not None:
        share = share_of_experts(shape.experts, tokens)
        counts |= {part: counts[part] * share for part in ROUTED}
    return counts


def share_of_experts(experts: Experts, tokens: int) -> float:
    """Return which share of the experts some tokens are sent to, all being equally likely."""
    return float(1 - (1 - experts.used / experts.count) ** tokens)


def _attention(shape: Shape) -> dict[str, int]:
    layers, width = shape.attention_layers, shape.width
    if (latent := shape.latent) is not None:
        head = latent.plain + latent.rotary
        return {
            "q": layers * latent.query * (width + shape.heads * head),
            "k": layers * (width * (latent.kept + latent.rotary)
                           + latent.kept * shape.heads * latent.plain),
            "v": layers * latent.kept * shape.heads * latent.value,
            "o": layers * shape.heads * latent.value * width,
        }  # fmt: skip
    queries, keys = shape.heads * shape.head_size, shape.kv_heads * shape.head_size
    asked = queries * (2 if shape.has_output_gate else 1)
    qkv_bias, out_bias = int(shape.has_qkv_bias), int(shape.is_classic or shape.has_out_bias)
    return {
        "q": layers * asked * (width + qkv_bias),
        "k": layers * keys * (width + qkv_bias),
        "v": layers * keys * (width + qkv_bias),
        "o": layers * width * (queries + out_bias),
    }


def _mixer(shape: Shape) -> int:
    if (net := shape.recurrent) is None:
        return 0
    values = net.value_heads * net.head_size
    return shape.layers_of("R") * shape.width * (net.mixed + 2 * values)  # in, gate, out


def _feed_forward(shape: Shape) -> dict[str, int]:
    wide, width, bias = shape.feed_forward, shape.width, int(shape.is_classic)
    widening = 2 if shape.is_gated else 1
    plain = widening * wide * (width + bias) + width * (wide + bias)
    if (experts := shape.experts) is None:
        return {"mlp": shape.layers * plain}
    has_bias, each = int(experts.has_bias), shape.expert_layers * experts.count
    return {
        "mlp": experts.dense * plain,
        "shared": shape.expert_layers * (widening + 1) * experts.shared * width,
        "router": each * (width + has_bias),
        "experts": each * (widening + 1) * experts.width * width,
        "expert_bias": each * has_bias * (widening * experts.width + width),
    }


def _inner_norms(shape: Shape) -> int:
    """Return the weights of norms inside attention and recurrent layers."""
    inner = 2 * shape.head_size * shape.attention_layers if shape.has_qk_norm else 0
    if shape.latent is not None:
        inner += shape.layers * (shape.latent.query + shape.latent.kept)
    if shape.recurrent is not None:
        inner += shape.layers_of("R") * shape.recurrent.head_size
    return inner


def _small(shape: Shape) -> int:
    small = shape.attention_layers * shape.heads if shape.has_sinks else 0
    if shape.experts is not None and shape.experts.has_shared_gate:
        small += shape.expert_layers * shape.width
    if (net := shape.recurrent) is not None:
        gates = 2 * net.value_heads * (shape.width + 1)  # how much to forget and to write
        small += shape.layers_of("R") * (gates + net.convolution * net.mixed)
    return small
