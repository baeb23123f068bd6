"""vLLM's own account of how it cuts a cache: run by the Python of `make cluster`, which has vLLM.

Reads a list of cases as JSON (see `tests/tools/algorithms/pool_cases.py`), writes a list.
"""

import json
import sys
from types import SimpleNamespace
from typing import Any

import torch
from vllm.v1.core.kv_cache_utils import (
    get_kv_cache_capacity,
    get_kv_cache_config_from_groups,
    get_kv_cache_groups,
)
from vllm.v1.kv_cache_interface import (
    ChunkedLocalAttentionSpec,
    FullAttentionSpec,
    KVCacheSpec,
    MambaSpec,
    MLAAttentionSpec,
    SlidingWindowSpec,
)
from vllm.v1.kv_cache_layout import KVCacheLayout

NUMBERS = {4: torch.float32, 2: torch.bfloat16, 1: torch.uint8}


def config(longest: int, in_flight: int) -> Any:
    """As much of a VllmConfig as is looked at."""
    return SimpleNamespace(
        scheduler_config=SimpleNamespace(disable_hybrid_kv_cache_manager=False),
        cache_config=SimpleNamespace(
            get_resolved_kv_cache_layout=lambda: KVCacheLayout.LBNHC,
            num_gpu_blocks_override=None,
            prefix_cache_retention_interval=0,
            mamba_cache_mode="align",  # as with prefix caching
        ),
        model_config=SimpleNamespace(max_model_len=longest),
        parallel_config=SimpleNamespace(decode_context_parallel_size=1),
        attention_config=SimpleNamespace(hisparse_config=None),
        speculative_config=None,
        max_in_flight_tokens=in_flight,
    )


def layer(mixer: str, case: dict[str, Any]) -> KVCacheSpec:
    common = {
        "block_size": case["block_tokens"], "num_kv_heads": case["kv_heads"],
        "head_size": case["head_size"], "dtype": NUMBERS[case["number_bytes"]],
    }  # fmt: skip
    if mixer == "R":
        return MambaSpec(
            block_size=case["block_tokens"], shapes=((case["state_bytes"],),),
            dtypes=(torch.uint8,), page_size_padded=case["page_bytes"], mamba_cache_mode="align",
        )  # fmt: skip
    if mixer == "S" and case["is_chunked"]:
        return ChunkedLocalAttentionSpec(attention_chunk_size=case["window"], **common)
    if mixer == "S":
        return SlidingWindowSpec(sliding_window=case["window"], **common)
    return MLAAttentionSpec(**common) if case["is_latent"] else FullAttentionSpec(**common)


def said(asked: dict[str, Any]) -> dict[str, Any]:
    """What vLLM makes of one case."""
    whole = config(asked["longest"], asked["in_flight"])
    layers = {str(n): layer(mixer, asked) for n, mixer in enumerate(asked["mixers"])}
    cut = get_kv_cache_config_from_groups(
        whole, get_kv_cache_groups(whole, layers), asked["memory_bytes"]
    )
    tokens, concurrency = get_kv_cache_capacity(whole, cut)
    return {"blocks": cut.num_blocks, "tokens": tokens, "concurrency": concurrency}


print(json.dumps([said(case) for case in json.load(sys.stdin)]))  # noqa: T201 - it prints
