"""Shapes, as vLLM would be told of their layers; and what it said of each, recorded.

`python -m tests.tools.algorithms.pool_cases` asks the vLLM of `make cluster` anew.
"""

import json
from pathlib import Path
from typing import Any

from tests.cluster.in_vllm import said_in_vllm
from tools.algorithms.kv_pool import Pool, pool_of
from tools.models import SHAPES
from tools.shape.kept import layer_numbers, state_bytes

RECORDED = Path(__file__).with_name("kv_pool_of_vllm_0.32.0.json")
PROGRAM = Path(__file__).parents[2] / "cluster" / "kv_pool_of_vllm.py"
MEMORY = 50 * 2**30
IN_FLIGHT = 2 * 8_192  # two whole budgets, as with async scheduling
SETTINGS = ((2, 1), (1, 2))  # bytes of a number, GPUs


def cases() -> dict[str, tuple[Pool, dict[str, Any]]]:
    """Each shape in each setting: how we cut its cache, and what vLLM is to be asked."""
    return {
        f"{name} {number_bytes} {gpus}": _case(name, number_bytes, gpus)
        for name, shape in SHAPES.items()
        for number_bytes, gpus in SETTINGS
        if shape.kv_heads % gpus == 0
    }


def _case(name: str, number_bytes: int, gpus: int) -> tuple[Pool, dict[str, Any]]:
    shape = SHAPES[name]
    pool, latent = pool_of(shape, number_bytes, gpus), shape.latent
    recurrent = shape.layers_of("R")
    return pool, {
        "mixers": (shape.pattern * shape.layers)[: shape.layers],
        "block_tokens": pool.block_tokens,
        "number_bytes": number_bytes,
        "is_latent": latent is not None,
        "kv_heads": 1 if latent else shape.kv_heads // gpus,
        "head_size": latent.kept + latent.rotary if latent else shape.head_size,
        "window": shape.window,
        "is_chunked": shape.is_chunked,
        "state_bytes": state_bytes(shape, gpus) // recurrent if recurrent else 0,
        "page_bytes": pool.block_tokens * layer_numbers(shape, gpus) * number_bytes,
        "longest": min(shape.context, 131_072),
        "in_flight": IN_FLIGHT,
        "memory_bytes": MEMORY,
    }


def ask_vllm() -> dict[str, dict[str, Any]]:
    """What the vLLM of `make cluster` says of each case; seconds."""
    asked = cases()
    answers = said_in_vllm(PROGRAM, told=json.dumps([case for _, case in asked.values()]))
    return dict(zip(asked, answers, strict=True))


if __name__ == "__main__":
    RECORDED.write_text(json.dumps(ask_vllm(), indent=1) + "\n", encoding="utf-8")
