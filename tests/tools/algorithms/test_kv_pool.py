"""How a cache is cut: as vLLM 0.32.0 itself cuts it, and as start-up lines of others say."""

import json

import pytest

from tests.tools.algorithms.pool_cases import IN_FLIGHT, MEMORY, RECORDED, cases
from tools.algorithms.kv_pool import pool_of
from tools.models import SHAPES

GIB = 2**30
SAID = json.loads(RECORDED.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", SAID)
def test_every_shape_is_cut_as_vllm_cuts_it(case: str) -> None:
    pool, asked = cases()[case]
    blocks = pool.blocks_in(MEMORY)
    concurrency = pool.concurrency(blocks, asked["longest"], IN_FLIGHT)
    assert blocks == SAID[case]["blocks"]
    assert concurrency == pytest.approx(SAID[case]["concurrency"], rel=1e-12)
    assert int(concurrency * asked["longest"]) == SAID[case]["tokens"]


def test_every_shape_has_been_asked_of() -> None:
    assert set(SAID) == set(cases())


# What vLLM said at its start, published: memory left for the cache of each GPU, then the line.
PUBLISHED = [
    # LMCache/LMCache#1739: Qwen3-14B, one GPU
    ("qwen3-14b", 2, 1, 6.51, 32_768, 42_656, 1.30),
    # mitchross/talos-argocd-proxmox#1995: Qwen3.8-27B-FP8 on two RTX 3090, FP8 cache
    ("qwen3.6-27b", 1, 2, 4.99, 131_072, 302_921, 2.31),
    # noonghunna/club-3090#612: Qwen3.6-35B-A3B in NVFP4 on an RTX 5090, FP8 cache, vLLM 0.24
    ("qwen3.6-35b-a3b", 1, 1, 5.98, 131_072, 567_978, 4.33),
]


@pytest.mark.parametrize(
    ("name", "number_bytes", "gpus", "gib", "longest", "tokens", "times"), PUBLISHED
)
def test_the_start_up_lines_that_others_published_come_out(
    name: str, number_bytes: int, gpus: int, gib: float, longest: int, tokens: int, times: float
) -> None:
    pool = pool_of(SHAPES[name], number_bytes, gpus)
    concurrency = pool.concurrency(pool.blocks_in(gib * GIB), longest, IN_FLIGHT)
    assert int(concurrency * longest) == tokens
    assert round(concurrency, 2) == times


def test_the_start_up_line_of_make_cluster_comes_out() -> None:
    # "CPU KV cache size: 46,592 tokens, Maximum concurrency for 2,048 tokens per request: 22.75x",
    # vLLM 0.32.0 on a processor, float32, 2 GiB: recorded on 2026-11-29
    pool = pool_of(SHAPES["smollm2-135m"], 4, block_tokens=128)
    blocks = pool.blocks_in(2 * GIB)
    assert blocks == 364
    assert pool.concurrency(blocks, 2_048, IN_FLIGHT) == 22.75
    assert int(22.75 * 2_048) == 46_592


@pytest.mark.parametrize(
    ("name", "number_bytes", "tokens"),
    [
        ("qwen3.6-27b", 2, 784),  # vllm#54607
        ("qwen3.6-27b", 1, 1_568),  # noonghunna/club-3090#1047
        ("qwen3.6-35b-a3b", 2, 1_056),  # vllm#51198
        ("qwen3.5-0.8b", 2, 544),
        ("llama-3-8b", 2, 16),
    ],
)
def test_a_hybrids_block_holds_a_state(name: str, number_bytes: int, tokens: int) -> None:
    assert pool_of(SHAPES[name], number_bytes).block_tokens == tokens


def test_a_sequence_that_is_written_holds_less_than_vllm_reserves_for_its_start() -> None:
    pool = pool_of(SHAPES["gpt-oss-120b"], 2)
    assert pool.groups == {"F": 1, "S": 1}
    assert pool.blocks_of(8_000) == 500 + 9  # a window of 128 is 8 blocks, and one more begun
    assert pool.blocks_of(8_000, IN_FLIGHT) == 500 + 501
    assert pool.blocks_of(1) == 1 + 2
