"""The parts of a loaded model that can be looked at, and how big they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from tools.engine.base import Token
from tools.engine.findings import ModelBuild
from tools.engine.model.causal_model import CausalModel
from tools.errors import BadInput, Missing

# built as Llama is: norm, attention, add, norm, gated feed-forward, add; one norm before the head
FAMILY = frozenset({"llama", "mistral", "qwen2", "qwen3"})


@dataclass(frozen=True, slots=True)
class Anatomy:
    """torch's own modules, in the order that a token meets them."""

    config: Any
    embedding: torch.nn.Embedding  # weight of shape (vocabulary, width)
    layers: Sequence[Any]
    norm: torch.nn.Module
    head: torch.nn.Linear  # weight of shape (vocabulary, width)


def anatomy(model: CausalModel) -> Anatomy:
    """Return the model's parts.

    Raises:
        Missing: it is built otherwise than Llama.
    """
    network = model.network
    config = network.config.get_text_config()
    if config.model_type not in FAMILY:
        raise Missing(
            f"A {config.model_type} model is built otherwise than Llama, and this can't look into "
            "it. Leave HUNCH_LOCAL_MODEL empty to use the embedded model."
        )
    core = network.base_model
    return Anatomy(
        config, core.embed_tokens, core.layers, core.norm, network.get_output_embeddings()
    )


def shape(model: CausalModel) -> ModelBuild:
    """Return how the model is built."""
    parts = anatomy(model)
    config, first = parts.config, parts.layers[0]
    heads = config.num_attention_heads
    return ModelBuild(
        layers=len(parts.layers),
        width=config.hidden_size,
        heads=heads,
        kv_heads=config.num_key_value_heads,
        head_size=getattr(config, "head_dim", None) or config.hidden_size // heads,
        mlp=config.intermediate_size,
        vocabulary=config.vocab_size,
        context=config.max_position_embeddings,
        is_tied=parts.head.weight is parts.embedding.weight,
        parameters=_count(model.network),
        norm_parameters=_count(first.input_layernorm),
        attention_parameters=_count(first.self_attn),
        mlp_parameters=_count(first.mlp),
        weight_bytes=sum(p.numel() * p.element_size() for p in model.network.parameters()),
    )


def tokens(model: CausalModel, ids: Sequence[int]) -> tuple[Token, ...]:
    """Return vocabulary entries with their texts."""
    return tuple(model.token(number) for number in ids)


def prompt_ids(model: CausalModel, text: str, most: int) -> tuple[int, ...]:
    """Return a prompt's ids.

    Raises:
        BadInput: more than `most`.
    """
    ids = model.checked(model.tokenize(text))
    if len(ids) > most:
        raise BadInput(f"That is {len(ids):,} tokens; {most} fit here. Shorten it and try again.")
    return ids


def _count(module: torch.nn.Module) -> int:
    """Return how many weights a module has; one that is used twice counts once."""
    return sum(parameter.numel() for parameter in module.parameters())
