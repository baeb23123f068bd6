"""The shapes of real models, each with its source, by size.

Known by the names that cards use; `named.py` finds one by the name it is served under.

Source:
    Each model's `config.json`, as far as it could be seen: read as the defaults of the config
    class that transformers 5.23 has for it, or in the model's paper or card. A test builds each
    with transformers, and compares the count of weights.
"""

from collections.abc import Mapping
from types import MappingProxyType

from tools.shape.shape import Experts, Latent, Recurrent, Shape
from tools.shape.weights import weight_counts

BYTES: Mapping[str, float] = MappingProxyType({"bfloat16": 2.0, "int8": 1.0, "int4": 0.5})
"""Bytes of a weight where all are kept alike; `precision.py` knows what formats leave alone."""


def parameter_total(shape: Shape) -> int:
    """Return how many weights the model has, vision tower included; a tied head counts once."""
    return sum(weight_counts(shape).values())


def nearby(name: str, most: int = 8) -> tuple[str, ...]:
    """Return the names of `most` shapes next to one, by size, itself among them."""
    names = list(SHAPES)
    first = min(max(0, names.index(name) - most // 2), len(names) - most)
    return tuple(names[max(0, first) :][:most])


def short_count(count: float) -> str:
    """Return a count in at most five signs: 8,030,261,248 as `8.03B`."""
    for size, sign in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        if count >= size * 0.9995:
            return f"{count / size:.3g}{sign}"
    return f"{count:.0f}"


def _classic(
    name: str,
    vocabulary: int,
    width: int,
    layers: int,
    heads: int,
    context: int,
    feed_forward: int,
    source: str,
    *,
    is_tied: bool = True,
) -> Shape:
    """Return a shape of GPT-2's family: as many key heads as query heads."""
    return Shape(
        name, vocabulary, width, layers, heads, heads, width // heads, feed_forward, context,
        is_tied=is_tied, is_gated=False, has_qkv_bias=True, is_classic=True, source=source,
    )  # fmt: skip


def _qwen3(
    name: str, width: int, layers: int, heads: int, kv_heads: int, feed_forward: int,
    experts: Experts | None = None, label: str = "",
) -> Shape:  # fmt: skip
    return Shape(
        name, 151_936, width, layers, heads, kv_heads, 128, feed_forward, 40_960,
        experts=experts, has_qk_norm=True, label=label,
        source="arXiv:2505.09388, tables 1 and 2; config of Qwen/Qwen3",
    )  # fmt: skip


def _qwen35(
    name: str, width: int, layers: int, heads: tuple[int, int], feed_forward: int,
    net: Recurrent, vision: int, *, is_tied: bool = False, experts: Experts | None = None,
    label: str = "",
) -> Shape:  # fmt: skip
    """Return a hybrid of Qwen3.5's family: every fourth layer has full attention."""
    return Shape(
        name, 248_320, width, layers, *heads, 256, feed_forward, 262_144,
        is_tied=is_tied, pattern="RRRF", recurrent=net, experts=experts, has_qk_norm=True,
        has_output_gate=True, vision=vision, label=label,
        source="model cards of Qwen/Qwen3.5 and Qwen3.6; transformers' Qwen3_5(Moe)TextConfig",
    )  # fmt: skip


def _gemma3(
    name: str, width: int, layers: int, heads: tuple[int, int], head_size: int,
    feed_forward: int, vision: int = 416_866_032,
) -> Shape:  # fmt: skip
    """Return a Gemma 3: five layers that see a window, then one that sees all."""
    is_small = not vision
    return Shape(
        name, 262_144 if is_small else 262_208, width, layers, *heads, head_size, feed_forward,
        32_768 if is_small else 131_072, is_tied=True, pattern="SSSSSF",
        window=512 if is_small else 1_024, norms=4, has_qk_norm=True,
        vision=vision + (width * 1_152 + 1_152 if vision else 0),
        source="arXiv:2503.19786, section 2; config of google/gemma-3",
    )  # fmt: skip


def _gpt_oss(name: str, layers: int, experts: int) -> Shape:
    return Shape(
        name, 201_088, 2_880, layers, 64, 8, 64, 2_880, 131_072,
        pattern="SF", window=128, has_qkv_bias=True, has_out_bias=True, has_sinks=True,
        experts=Experts(experts, 4, 2_880, has_bias=True), native="mxfp4",
        source="arXiv:2508.10925, section 2; transformers' GptOssConfig",
    )  # fmt: skip


def _llama4(name: str, label: str, context: int, experts: Experts, *, feed_forward: int) -> Shape:
    """Return a Llama 4: three layers that see a chunk of 8,192 tokens, then one that sees all."""
    return Shape(
        name, 202_048, 5_120, 48, 40, 8, 128, feed_forward, context,
        pattern="SSSF", window=8_192, is_chunked=True, experts=experts, vision=871_932_416,
        label=label,
        source="model cards of meta-llama/Llama-4; transformers' Llama4TextConfig",
    )  # fmt: skip


_LLAMA_3 = "arXiv:2407.21783, table 3; config of meta-llama/Llama-3"
_LLAMA_32 = "config of meta-llama/Llama-3.2"
_SMOL = "arXiv:2502.02737; config of HuggingFaceTB/SmolLM2"
_QWEN_25 = "arXiv:2412.15115, table 1; config of Qwen/Qwen2.5"


_ALL: tuple[Shape, ...] = (
    _classic("tiny", 8_000, 128, 2, 4, 1_000, 256, "the course's own", is_tied=False),
    _classic("gpt-2", 50_257, 768, 12, 12, 1_024, 3_072, "config of openai-community/gpt2"),
    _classic("gpt-3", 50_257, 12_288, 96, 96, 2_048, 49_152, "arXiv:2005.14165, table 2.1"),
    Shape("smollm2-135m", 49_152, 576, 30, 9, 3, 64, 1_536, 8_192, is_tied=True, source=_SMOL),
    Shape("smollm2-360m", 49_152, 960, 32, 15, 5, 64, 2_560, 8_192, is_tied=True, source=_SMOL),
    Shape("llama-3.2-1b", 128_256, 2_048, 16, 32, 8, 64, 8_192, 131_072, is_tied=True,
          source=_LLAMA_32),
    Shape("llama-3.2-3b", 128_256, 3_072, 28, 24, 8, 128, 8_192, 131_072, is_tied=True,
          source=_LLAMA_32),
    Shape("qwen2.5-1.5b", 151_936, 1_536, 28, 12, 2, 128, 8_960, 32_768, is_tied=True,
          has_qkv_bias=True, source=_QWEN_25),
    Shape("qwen2.5-7b", 152_064, 3_584, 28, 28, 4, 128, 18_944, 32_768, has_qkv_bias=True,
          source=_QWEN_25),
    Shape("mistral-7b", 32_000, 4_096, 32, 32, 8, 128, 14_336, 32_768,
          source="config of mistralai/Mistral-7B-v0.1, without its window"),
    Shape("llama-3-8b", 128_256, 4_096, 32, 32, 8, 128, 14_336, 8_192, source=_LLAMA_3),
    Shape("llama-3.1-8b", 128_256, 4_096, 32, 32, 8, 128, 14_336, 131_072, source=_LLAMA_3),
    Shape("llama-3-70b", 128_256, 8_192, 80, 64, 8, 128, 28_672, 8_192, source=_LLAMA_3),
    Shape("llama-3.3-70b", 128_256, 8_192, 80, 64, 8, 128, 28_672, 131_072,
          label="llama3.3-70b", source=_LLAMA_3),
    Shape("llama-3.1-405b", 128_256, 16_384, 126, 128, 8, 128, 53_248, 131_072,
          label="llama3-405b", source=_LLAMA_3),
    Shape("mistral-small-24b", 131_072, 5_120, 40, 32, 8, 128, 32_768, 131_072,
          vision=438_958_080, label="mistral-24b",
          source="transformers' Mistral3Config, of mistralai/Mistral-Small-3.1-24B"),
    _qwen3("qwen3-8b", 4_096, 36, 32, 8, 12_288),
    _qwen3("qwen3-14b", 5_120, 40, 40, 8, 17_408),
    _qwen3("qwen3-32b", 5_120, 64, 64, 8, 25_600),
    _qwen3("qwen3-30b-a3b", 2_048, 48, 32, 4, 6_144, Experts(128, 8, 768), label="qwen3-30b"),
    _qwen3("qwen3-235b-a22b", 4_096, 94, 64, 4, 12_288, Experts(128, 8, 1_536), "qwen3-235b"),
    _qwen35("qwen3.5-0.8b", 1_024, 24, (8, 2), 3_584, Recurrent(16, 16), 100_592_896,
            is_tied=True),
    _qwen35("qwen3.6-27b", 5_120, 64, (24, 4), 17_408, Recurrent(16, 48), 460_730_096),
    _qwen35("qwen3.6-35b-a3b", 2_048, 40, (16, 2), 0, Recurrent(16, 32), 446_571_248,
            experts=Experts(256, 8, 512, shared=512, has_shared_gate=True),
            label="qwen3.6-35b"),
    _gemma3("gemma-3-1b", 1_152, 26, (4, 1), 256, 6_912, vision=0),
    _gemma3("gemma-3-4b", 2_560, 34, (8, 4), 256, 10_240),
    _gemma3("gemma-3-12b", 3_840, 48, (16, 8), 256, 15_360),
    _gemma3("gemma-3-27b", 5_376, 62, (32, 16), 128, 21_504),
    _gpt_oss("gpt-oss-20b", 24, 32),
    _gpt_oss("gpt-oss-120b", 36, 128),
    _llama4("llama-4-scout", "llama4-scout", 10_485_760, Experts(16, 1, 8_192, shared=8_192),
            feed_forward=0),
    _llama4("llama-4-maverick", "llama4-mav.", 1_048_576,
            Experts(128, 1, 8_192, shared=8_192, dense=24), feed_forward=16_384),
    Shape("deepseek-v3", 129_280, 7_168, 61, 128, 128, 192, 18_432, 163_840,
          latent=Latent(512, 64, 1_536, 128, 128),
          experts=Experts(256, 8, 2_048, shared=2_048, dense=3), native="fp8",
          source="arXiv:2412.19437, section 4.2; transformers' DeepseekV3Config"),
)  # fmt: skip


SHAPES: Mapping[str, Shape] = MappingProxyType(
    {shape.name: shape for shape in sorted(_ALL, key=parameter_total)}
)
