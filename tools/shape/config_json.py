"""A shape out of what a model's `config.json` says, or out of a few numbers typed by hand."""

import json
import re
from collections.abc import Mapping
from typing import Any

from tools.errors import BadInput
from tools.numerals import UnreadableNumber, whole_number
from tools.shape.shape import Experts, Latent, Recurrent, Shape

LONGEST = 100_000  # characters: a config.json has a few thousand
MOST_LAYERS = 10_000
HOW_BY_HAND = (
    "Type at least `layers=32 width=4096 heads=32`; also kv_heads, head_size, feed_forward, "
    "vocabulary, context."
)
_Config = Mapping[str, Any]
_BY_HAND = ("layers", "width", "heads", "kv_heads", "head_size", "feed_forward", "vocabulary",
            "context")  # fmt: skip
_LETTERS = {"linear_attention": "R", "sliding_attention": "S", "chunked_attention": "S"}
_TIED = ("gemma", "gpt2")  # families whose config may leave out that they are
_QUANTIZED = {"fp8": "fp8", "mxfp4": "mxfp4", "awq": "int4", "gptq": "int4", "auto-round": "int4"}


def shape_from_text(text: str) -> Shape:
    """Return the shape that JSON, or `layers=32 width=4096 heads=32 …`, describes.

    Raises:
        BadInput: it is neither, or lacks what a count needs; the text says what.
    """
    if len(text) > LONGEST:
        raise BadInput("That is longer than a config.json is. Paste only the model's config.json.")
    if not text.lstrip().startswith("{"):
        return _by_hand(text)
    try:
        config = json.loads(text)
    except (ValueError, RecursionError):
        raise BadInput("That isn't JSON. Paste the model's config.json as it is.") from None
    return shape_from_config(config)


def shape_from_config(config: _Config) -> Shape:
    """Return the shape that a config describes. A vision tower isn't counted.

    Raises:
        BadInput: it lacks a size, or one can't be.
    """
    inner = config.get("text_config")
    text = inner if isinstance(inner, dict) and inner else config
    kind = str(text.get("model_type") or config.get("model_type") or "")
    whole = _Sizes({**config, **text})
    width, heads = whole.need("hidden_size", "n_embd"), whole.need("num_attention_heads", "n_head")
    layers = _bounded(whole.need("num_hidden_layers", "n_layer"))
    pattern, window = _layers(whole, kind, layers)
    experts, recurrent = _experts(whole, kind, layers), _recurrent(whole)
    if "R" in pattern and recurrent is None:
        raise BadInput("That config has recurrent layers, but no `linear_num_value_heads`.")
    if "S" in pattern and not window:
        raise BadInput("That config has layers with a window, but no `sliding_window`.")
    return Shape(
        name="your model",
        vocabulary=whole.need("vocab_size"),
        width=width,
        layers=layers,
        heads=heads,
        kv_heads=whole.size("num_key_value_heads", or_else=heads),
        head_size=whole.size("head_dim", or_else=max(1, width // heads)),
        feed_forward=_feed_forward(whole, kind, width),
        context=whole.size("max_position_embeddings", "n_positions", or_else=131_072),
        is_tied=bool(config.get("tie_word_embeddings", kind.startswith(_TIED))),
        pattern=pattern,
        window=window,
        is_chunked=kind == "llama4_text",
        experts=experts,
        latent=_latent(whole),
        recurrent=recurrent,
        **_habits(whole, kind),
        native=_native(config),
        source="the config.json that was given",
    )


def _habits(whole: "_Sizes", kind: str) -> dict[str, Any]:
    """Return what a family of models does without saying so in its config."""
    is_classic = kind == "gpt2"
    return {
        "is_gated": not is_classic,
        "has_qkv_bias": is_classic or kind in ("qwen2", "gpt_oss") or whole.flag("attention_bias"),
        "is_classic": is_classic,
        "norms": 4 if kind.startswith("gemma3") else 2,
        "has_qk_norm": kind.startswith(("qwen3", "gemma3")),
        "has_output_gate": kind.startswith(("qwen3_5", "qwen3_next")),
        "has_out_bias": kind == "gpt_oss",
        "has_sinks": kind == "gpt_oss",
    }


class _Sizes:
    """The sizes in a config, by any of the names that they go by."""

    def __init__(self, found: _Config) -> None:
        self._found = found

    def size(self, *names: str, or_else: int = 0) -> int:
        """Return a size that must be positive; `or_else` where the config has none."""
        for name in names:
            value = self._found.get(name)
            if value is None:
                continue
            if not isinstance(value, int) or not 0 <= value < 10**9:
                raise BadInput(f"`{name}` of that config is no size: {str(value)[:40]}.")
            return value or or_else
        return or_else

    def need(self, *names: str) -> int:
        """Return a size that the config must have."""
        found = self.size(*names)
        if not found:
            raise BadInput(f"That config has no `{names[0]}`. {HOW_BY_HAND}")
        return found

    def flag(self, name: str) -> bool:
        return bool(self._found.get(name))

    def names(self, name: str) -> list[str]:
        found = self._found.get(name)
        return [str(each) for each in found] if isinstance(found, list) else []


def _bounded(layers: int) -> int:
    """Return a count of layers that can be."""
    if layers > MOST_LAYERS:
        raise BadInput(f"No model has {layers:,} layers; {MOST_LAYERS:,} is the limit.")
    return layers


def _layers(sizes: _Sizes, kind: str, layers: int) -> tuple[str, int]:
    """Return the mixers of all layers, and the window of those that have one."""
    window = sizes.size("sliding_window", "attention_chunk_size")
    if listed := sizes.names("layer_types"):
        return "".join(_LETTERS.get(each, "F") for each in listed[:layers]), window
    if every := min(layers, sizes.size("full_attention_interval")):
        return "R" * (every - 1) + "F", 0
    if kind == "llama4_text":
        every = min(layers, sizes.size("no_rope_layer_interval", or_else=4))
        return "S" * (every - 1) + "F", window
    if every := min(layers, sizes.size("sliding_window_pattern", "_sliding_window_pattern")):
        return "S" * (every - 1) + "F", window
    if kind.startswith("gemma3"):
        return "SSSSSF", window
    if kind == "mistral" and window:
        return "S", window
    return "F", 0


def _feed_forward(sizes: _Sizes, kind: str, width: int) -> int:
    if kind == "llama4_text":
        return sizes.size("intermediate_size_mlp")
    return sizes.size("intermediate_size", "n_inner", or_else=4 * width)


def _experts(sizes: _Sizes, kind: str, layers: int) -> Experts | None:
    count = sizes.size("num_experts", "num_local_experts", "n_routed_experts")
    if not count:
        return None
    width = sizes.size("moe_intermediate_size", "intermediate_size")
    shared = sizes.size("shared_expert_intermediate_size") or width * sizes.size("n_shared_experts")
    if kind == "llama4_text":
        shared = width
    step = sizes.size("interleave_moe_layer_step", or_else=1)
    used = sizes.size("num_experts_per_tok", or_else=1)
    if used > count:
        raise BadInput(f"That config sends a token to {used:,} of {count:,} experts.")
    return Experts(
        count=count,
        used=used,
        width=width,
        shared=shared,
        dense=min(layers, sizes.size("first_k_dense_replace") or layers - layers // step),
        has_bias=kind == "gpt_oss",
        has_shared_gate=bool(sizes.size("shared_expert_intermediate_size")),
    )


def _latent(sizes: _Sizes) -> Latent | None:
    if not (kept := sizes.size("kv_lora_rank")):
        return None
    return Latent(
        kept,
        sizes.need("qk_rope_head_dim"),
        sizes.need("q_lora_rank"),
        sizes.need("qk_nope_head_dim"),
        sizes.need("v_head_dim"),
    )


def _recurrent(sizes: _Sizes) -> Recurrent | None:
    if not (values := sizes.size("linear_num_value_heads")):
        return None
    return Recurrent(
        sizes.need("linear_num_key_heads"),
        values,
        sizes.size("linear_value_head_dim", or_else=128),
        sizes.size("linear_conv_kernel_dim", or_else=4),
    )


def _native(config: _Config) -> str:
    found = config.get("quantization_config")
    method = str(found.get("quant_method", "")).lower() if isinstance(found, dict) else ""
    return _QUANTIZED.get(method, "bfloat16")


def _by_hand(text: str) -> Shape:
    parts = re.split(r"(?<!\w)(\w++)\s*+=", text)  # what leads, then name and size in turn
    try:
        given = {
            name: whole_number(size.strip(" \t\r\n,;"))
            for name, size in zip(parts[1::2], parts[2::2], strict=True)
        }
    except UnreadableNumber as unreadable:
        raise BadInput(f"{unreadable} {HOW_BY_HAND}") from None
    unknown = [name for name in given if name not in _BY_HAND]
    is_possible = all(0 < size < 10**9 for size in given.values())
    if unknown or not {"layers", "width", "heads"} <= given.keys() or not is_possible:
        raise BadInput(HOW_BY_HAND)
    width, heads = given["width"], given["heads"]
    return Shape(
        name="your model",
        vocabulary=given.get("vocabulary", 128_256),
        width=width,
        layers=_bounded(given["layers"]),
        heads=heads,
        kv_heads=given.get("kv_heads", heads),
        head_size=given.get("head_size", max(1, width // heads)),
        feed_forward=given.get("feed_forward", 4 * width),
        context=given.get("context", 131_072),
        source="the numbers that were given",
    )
