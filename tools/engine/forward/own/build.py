"""How a plain Llama is built, read from a model folder's config.json. No model library needed."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.engine.weights.manifest import MANIFEST, PACKED


class _Rope(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    rope_type: Literal["default"]
    rope_theta: float


class Build(BaseModel):
    """Sizes and constants, by the names in transformers' LlamaConfig; a plain Llama's, or refused.

    What `architectures` and the fields behind it may say is all that this forward pass can do.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    layers: int = Field(alias="num_hidden_layers")
    width: int = Field(alias="hidden_size")
    heads: int = Field(alias="num_attention_heads")
    kv_heads: int = Field(alias="num_key_value_heads")
    head_size: int = Field(alias="head_dim")
    norm_epsilon: float = Field(alias="rms_norm_eps")
    rope: _Rope = Field(alias="rope_parameters")
    vocabulary: int = Field(alias="vocab_size")
    context: int = Field(alias="max_position_embeddings")
    architectures: tuple[Literal["LlamaForCausalLM"]]
    hidden_act: Literal["silu"]
    tie_word_embeddings: Literal[True]
    attention_bias: Literal[False, None] = None
    mlp_bias: Literal[False, None] = None


def plain_build(folder: Path) -> Build | None:
    """Return how the model in a folder is built, if `convert` packed it and it is a plain Llama.

    None means: leave it to transformers.
    """
    if not (folder / MANIFEST).is_file() or not (folder / PACKED).is_file():
        return None
    try:
        return Build.model_validate_json((folder / "config.json").read_bytes())
    except (OSError, ValueError):
        return None
