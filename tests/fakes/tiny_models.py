"""Models of other families, tiny and random, in a folder as `HUNCH_LOCAL_MODEL` takes it."""

from pathlib import Path

import torch
from transformers import (
    GemmaConfig,
    GemmaForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen2ForCausalLM,
)
from transformers.utils.logging import disable_progress_bar

from tests.fakes.families import ENDS, FAMILIES

SHAPE = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "max_position_embeddings": 512,
    "initializer_range": 0.3,
}
BUILDS = {
    "qwen": (Qwen2Config, Qwen2ForCausalLM),
    "gemma": (GemmaConfig, GemmaForCausalLM),
    "llama2": (LlamaConfig, LlamaForCausalLM),
}
TEMPLATE = (
    "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}assistant: {% endif %}"
)


def write_model(folder: Path, family: str) -> Path:
    """Write a model of a family, with that family's tokenizer; return the folder."""
    made = FAMILIES[family]()
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=made, eos_token=ENDS[family], chat_template=TEMPLATE
    )
    wrapped.save_pretrained(folder)
    torch.manual_seed(3)
    config, build = BUILDS[family]
    network: PreTrainedModel = build(config(vocab_size=made.get_vocab_size(), **SHAPE))
    disable_progress_bar()
    network.save_pretrained(folder)
    return folder
