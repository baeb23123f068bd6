import hashlib
from typing import Any

import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from tools.engine.local.local import LocalEngine
from tools.engine.model.causal_model import CausalModel


@pytest.fixture
async def running(embedded: LocalEngine) -> CausalModel:
    """What the embedded engine has loaded, as it is looked into."""
    await embedded.check()
    assert embedded._loaded is not None
    return await embedded._worker.run(embedded._loaded.opened)


@pytest.fixture
def tiny(running: CausalModel) -> CausalModel:
    """A small model of the same build, its weights made up."""
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=49_152,
        hidden_size=32,
        intermediate_size=80,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        tie_word_embeddings=True,
        initializer_range=0.3,
    )
    return CausalModel(LlamaForCausalLM(config).eval(), running.tokenizer)


def fingerprint(network: Any) -> str:
    """SHA-256 over every weight, by name."""
    found = hashlib.sha256()
    for name, weight in sorted(network.state_dict().items()):
        found.update(name.encode())
        found.update(weight.numpy().tobytes())
    return found.hexdigest()
