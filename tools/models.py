"""The shapes of real models, and what follows from a shape: weights and activations, counted.

Source:
    The `config.json` of each model's repository on huggingface.co; for GPT-3 Brown et al. 2020,
    arXiv:2005.14165, table 2.1; the tiny model is the course's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Precision = Literal["float32", "bfloat16", "int8", "int4"]

BYTES: Mapping[str, float] = MappingProxyType(
    {"float32": 4.0, "bfloat16": 2.0, "int8": 1.0, "int4": 0.5}
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a decoder-only transformer looks like; sizes are counts of numbers.

    Attributes:
        name: What cards and commands call it.
        vocabulary: Entries of the token table.
        width: Of the vector that goes through all blocks.
        layers: Blocks.
        heads: Of queries, in each block.
        kv_heads: Of keys and of values.
        head_size: Numbers of one head's vector.
        feed_forward: The wide middle of the feed-forward part.
        context: The most tokens that it was made for.
        is_tied: The head is the token table again.
        is_gated: The feed-forward part has three matrices (SwiGLU), not two.
        has_qkv_bias: Queries, keys and values have a bias.
        is_classic: As GPT-2: a bias everywhere, LayerNorm, learned positions.
    """

    name: str
    vocabulary: int
    width: int
    layers: int
    heads: int
    kv_heads: int
    head_size: int
    feed_forward: int
    context: int
    is_tied: bool = False
    is_gated: bool = True
    has_qkv_bias: bool = False
    is_classic: bool = False


def _classic(
    name: str,
    vocabulary: int,
    width: int,
    layers: int,
    heads: int,
    context: int,
    feed_forward: int,
    *,
    is_tied: bool = True,
) -> Shape:
    """Return a shape of GPT-2's family: as many key heads as query heads."""
    return Shape(
        name,
        vocabulary,
        width,
        layers,
        heads,
        heads,
        width // heads,
        feed_forward,
        context,
        is_tied=is_tied,
        is_gated=False,
        has_qkv_bias=True,
        is_classic=True,
    )


SHAPES: Mapping[str, Shape] = MappingProxyType({
    shape.name: shape
    for shape in (
        _classic("tiny", 8_000, 128, 2, 4, 1_000, 256, is_tied=False),
        _classic("gpt-2", 50_257, 768, 12, 12, 1_024, 3_072),
        Shape("smollm2-135m", 49_152, 576, 30, 9, 3, 64, 1_536, 8_192, is_tied=True),
        Shape("smollm2-360m", 49_152, 960, 32, 15, 5, 64, 2_560, 8_192, is_tied=True),
        Shape("llama-3.2-1b", 128_256, 2_048, 16, 32, 8, 64, 8_192, 131_072, is_tied=True),
        Shape("qwen2.5-1.5b", 151_936, 1_536, 28, 12, 2, 128, 8_960, 32_768, is_tied=True,
              has_qkv_bias=True),
        Shape("mistral-7b", 32_000, 4_096, 32, 32, 8, 128, 14_336, 32_768),
        Shape("qwen2.5-7b", 152_064, 3_584, 28, 28, 4, 128, 18_944, 32_768, has_qkv_bias=True),
        Shape("llama-3-8b", 128_256, 4_096, 32, 32, 8, 128, 14_336, 8_192),
        Shape("llama-3-70b", 128_256, 8_192, 80, 64, 8, 128, 28_672, 8_192),
        Shape("llama-3.1-405b", 128_256, 16_384, 126, 128, 8, 128, 53_248, 131_072),
        _classic("gpt-3", 50_257, 12_288, 96, 96, 2_048, 49_152),
    )
})  # fmt: skip


def nearby(name: str, most: int = 8) -> tuple[str, ...]:
    """Return the names of `most` shapes next to one, by size, itself among them."""
    names = list(SHAPES)
    first = min(max(0, names.index(name) - most // 2), len(names) - most)
    return tuple(names[max(0, first) :][:most])


def weight_counts(shape: Shape) -> dict[str, int]:
    """Return how many weights each part has, in the order a token meets them."""
    queries, keys = shape.heads * shape.head_size, shape.kv_heads * shape.head_size
    bias = int(shape.is_classic)
    qkv_bias = int(shape.has_qkv_bias)
    width, wide = shape.width, shape.feed_forward
    norm = width * (1 + bias)  # LayerNorm shifts as well as scales
    widening = 2 if shape.is_gated else 1
    block = {
        "q": queries * (width + qkv_bias),
        "k": keys * (width + qkv_bias),
        "v": keys * (width + qkv_bias),
        "o": width * (queries + bias),
        "mlp": widening * wide * (width + bias) + width * (wide + bias),
    }
    return {
        "embedding": shape.vocabulary * width,
        "positions": shape.context * width if shape.is_classic else 0,
        **{part: shape.layers * count for part, count in block.items()},
        "norms": (2 * shape.layers + 1) * norm,
        "head": 0 if shape.is_tied else shape.vocabulary * (width + bias),
    }


def parameter_total(shape: Shape) -> int:
    """Return how many weights the model has; a tied head is counted once."""
    return sum(weight_counts(shape).values())


def activation_counts(shape: Shape, tokens: int) -> dict[str, int]:
    """Return how many numbers a prompt makes in each part, by a plain forward pass.

    Every matrix product and norm writes its result once, attention scores are one number for each
    pair of tokens and head, and only the last token is scored.

    Args:
        shape: The model.
        tokens: Of the prompt, 1 or more.
    """
    each = shape.layers * tokens
    keys = shape.kv_heads * shape.head_size
    widening = 3 if shape.is_gated else 2  # gate, up and their product; or up and its activation
    return {
        "embedding": tokens * shape.width,
        "q": each * shape.heads * shape.head_size,
        "k": each * keys,
        "v": each * keys,
        "scores": shape.layers * shape.heads * tokens * tokens,
        "o": each * (shape.heads * shape.head_size + shape.width),  # the heads' sums, and behind o
        "mlp": each * (widening * shape.feed_forward + shape.width),
        "norms": (2 * each + 1) * shape.width,
        "head": shape.vocabulary,
    }


def short_count(count: float) -> str:
    """Return a count in at most five signs: 8,030,261,248 as `8.03B`."""
    for size, sign in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        if count >= size * 0.9995:
            return f"{count / size:.3g}{sign}"
    return f"{count:.0f}"
