"""Experts against vLLM's own: where they lie, and what its routers choose of a made-up model."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import Qwen3MoeConfig, Qwen3MoeForCausalLM

from tests.cluster.in_vllm import said_in_vllm
from tests.tools.algorithms.test_experts import HELD_IN_VLLM
from tools.algorithms.experts import balancedness, rank_of_experts
from tools.algorithms.router import chosen
from tools.engine.cluster.routing import read_routed

SCRIPT = Path(__file__).with_name("experts_of_vllm.py")
IDS = [(7 * n * n + 3) % 500 for n in range(60)]


@pytest.mark.against("experts", by="vLLM's own expert map, live")
async def test_experts_lie_and_are_balanced_as_vllm_says() -> None:
    said = await asyncio.to_thread(said_in_vllm, SCRIPT, "placement")
    assert len(said["held"]) == len(HELD_IN_VLLM)
    for count, ranks in HELD_IN_VLLM:
        assert list(rank_of_experts(count, ranks)) == said["held"][f"{count}/{ranks}"]
    loads = [[5, 11, 4, 8], [0, 0, 28, 0], [7, 7, 7, 7]]
    assert abs(balancedness(loads) - said["balancedness"]) < 1e-6


@pytest.mark.against("experts", by="vLLM's own routers, live")
async def test_what_vllms_routers_choose_is_read_as_transformers_chooses(tmp_path: Path) -> None:
    network = _made_up(tmp_path)
    answer = await asyncio.to_thread(said_in_vllm, SCRIPT, "routing", tmp_path, json.dumps(IDS))
    read = read_routed(answer, len(IDS))
    assert read is not None
    with torch.inference_mode():
        logits = network(torch.tensor([IDS]), output_router_logits=True).router_logits
    assert len(read) == len(logits) == 3
    for layer, theirs in zip(read, logits, strict=True):
        experts, _ = chosen(theirs.double().numpy(), 2)
        assert [sorted(one) for one in layer] == [sorted(one) for one in experts.tolist()]


def _made_up(folder: Path) -> Any:
    """Save a mixture of experts with random weights, sharp enough that no two experts tie."""
    torch.manual_seed(7)
    config = Qwen3MoeConfig(
        vocab_size=512,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=3,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=32,
        num_experts=8,
        num_experts_per_tok=2,
        moe_intermediate_size=64,
        norm_topk_prob=True,
        max_position_embeddings=256,
        initializer_range=0.2,
    )
    network: Any = Qwen3MoeForCausalLM(config).float().eval()
    network.save_pretrained(folder)
    return network
