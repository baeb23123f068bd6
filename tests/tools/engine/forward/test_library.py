"""What the pinned transformers promises, where `PlainForward` leans on it."""

import pytest
import torch
from transformers import DynamicCache, LlamaConfig, LlamaForCausalLM

from tools.engine.forward.plain import PlainForward


def read(tokens: int) -> DynamicCache:
    """A cache of one layer that has read so many tokens."""
    cache = DynamicCache()
    keys = torch.arange(2.0 * tokens).reshape(1, 1, tokens, 2)
    cache.update(keys, keys.clone(), 0)
    return cache


def test_a_cache_is_cut_from_its_end_by_a_negative_number() -> None:
    cache = read(5)
    cache.crop(-2)
    assert cache.get_seq_length() == 3
    assert cache.layers[0].keys[0, 0].tolist() == [[0, 1], [2, 3], [4, 5]]


def test_a_cache_cut_by_nothing_stays() -> None:
    cache = read(5)
    cache.crop(0)
    assert cache.get_seq_length() == 5


def test_a_length_to_cut_to_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        read(5).crop(3)


def test_a_kept_run_is_read_on_from_where_the_next_prompt_parts_from_it() -> None:
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=64,
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        initializer_range=0.3,
    )
    forward = PlainForward(LlamaForCausalLM(config).eval())
    prompts = [(1, 2, 3, 4), (1, 2, 3, 4, 5), (1, 2, 9), (1, 2, 3, 4), (7,)]
    for ids in prompts:
        (kept,) = forward.scores([ids], keep=1)
        assert torch.allclose(kept[-1], forward.run(ids).scores, atol=1e-4), ids
