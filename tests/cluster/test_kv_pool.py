"""What a cache holds, by our sums and by vLLM's own, on the version that is installed."""

import math
import re

import pytest

from bench.serve_vllm import CACHE_GB
from tests.cluster.conftest import BLOCKS, Served
from tests.tools.algorithms.pool_cases import ask_vllm, cases
from tests.tools.instruments.serving_checks import tables
from tools import catalogue
from tools.algorithms.kv_pool import pool_of
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.sharing.shared import SharedEngine
from tools.exhibit.exhibit import Prose
from tools.models import SHAPES


@pytest.mark.against("capacity", "cache", by="vLLM's own KV cache config")
def test_vllm_cuts_every_shape_as_we_do(cluster_url: str) -> None:
    for case, said in ask_vllm().items():
        pool, asked = cases()[case]
        blocks = pool.blocks_in(asked["memory_bytes"])
        assert blocks == said["blocks"], case
        ours = pool.concurrency(blocks, asked["longest"], asked["in_flight"])
        assert math.isclose(ours, said["concurrency"]), case


@pytest.mark.against("capacity", by="a live vLLM's start-up line")
async def test_the_server_says_of_its_cache_what_we_work_out(
    cluster: ClusterEngine, served: Served
) -> None:
    said = await cluster.kv_pool()
    assert said is not None
    assert said.block_tokens == 128
    pool = pool_of(SHAPES["smollm2-135m"], 4, block_tokens=128)
    blocks = said.blocks
    if served.log is not None:  # ours: it is started with fewer blocks than its memory holds
        assert blocks == BLOCKS
        line = re.search(r"Overriding num_gpu_blocks=(\d+) with", served.log.read_text())
        assert line
        blocks = int(line[1])
    assert blocks == pool.blocks_in(CACHE_GB * 2**30)
    assert said.concurrency == pytest.approx(pool.concurrency(said.blocks, 2_048, 2 * 2_048))


async def test_capacity_opens_on_the_served_model_beside_its_own_word(
    shared: SharedEngine, cluster: ClusterEngine
) -> None:
    said = await cluster.kv_pool()
    assert said is not None
    shown = await catalogue.run(shared, "capacity", {})
    assert shown.title.startswith("smollm2-135m on")
    assert tables(shown)
    words = " ".join(part.text for part in shown.parts if isinstance(part, Prose))
    assert f"server (smollm2-135m) says: {said.blocks} blocks of 128 tokens" in words
