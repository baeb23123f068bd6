"""How a plain Llama is built, read from a model folder's config.json. No model library needed."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.engine.weights.manifest import MANIFEST, PACKED


@dataclass(frozen=True, slots=True)
class Build:
    """Sizes and constants, as transformers' LlamaConfig has them."""

    layers: int
    width: int
    heads: int
    kv_heads: int
    head_size: int
    norm_epsilon: float
    rope_theta: float
    vocabulary: int
    context: int


def plain_build(folder: Path) -> Build | None:
    """Return how the model in a folder is built, if `convert` packed it and it is a plain Llama.

    None means: leave it to transformers.
    """
    try:
        if not (folder / MANIFEST).is_file() or not (folder / PACKED).is_file():
            return None
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        return _build(config) if _is_plain(config) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_plain(config: dict[str, Any]) -> bool:
    return (
        config["architectures"] == ["LlamaForCausalLM"]
        and config["hidden_act"] == "silu"
        and config["tie_word_embeddings"] is True
        and config["rope_parameters"]["rope_type"] == "default"
        and not config.get("attention_bias")
        and not config.get("mlp_bias")
    )


def _build(config: dict[str, Any]) -> Build:
    return Build(
        layers=config["num_hidden_layers"],
        width=config["hidden_size"],
        heads=config["num_attention_heads"],
        kv_heads=config["num_key_value_heads"],
        head_size=config["head_dim"],
        norm_epsilon=config["rms_norm_eps"],
        rope_theta=config["rope_parameters"]["rope_theta"],
        vocabulary=config["vocab_size"],
        context=config["max_position_embeddings"],
    )
