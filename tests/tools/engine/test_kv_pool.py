import pytest

from tests.fakes.stub_vllm import StubVllm
from tools.engine.kv_pool import KvPool, read_kv_pool
from tools.engine.sharing.shared import SharedEngine
from tools.errors import Nonsense


async def test_a_server_tells_what_its_cache_holds(stub: StubVllm, served: SharedEngine) -> None:
    assert await served.kv_pool() == KvPool(
        engines=1,
        blocks=364,
        block_tokens=128,
        tokens=46_592,
        concurrency=22.75,
        cache_type="auto",
        memory_share=0.92,
    )


async def test_without_metrics_it_tells_nothing(stub: StubVllm, served: SharedEngine) -> None:
    stub.has_metrics = False
    assert await served.kv_pool() is None


def test_an_older_server_tells_less() -> None:
    page = (
        "# TYPE vllm:cache_config_info gauge\n"
        'vllm:cache_config_info{block_size="16",cache_dtype="fp8",num_gpu_blocks="None"} 1.0\n'
    )
    found = read_kv_pool(page)
    assert found is not None
    assert (found.block_tokens, found.blocks, found.tokens) == (16, None, None)
    assert read_kv_pool("# TYPE other gauge\nother 1.0\n") is None


def test_engines_are_counted_not_added() -> None:
    page = StubVllm().page()
    second = page.replace('engine="0"', 'engine="1"')
    found = read_kv_pool(page + second)
    assert found is not None
    assert (found.engines, found.blocks) == (2, 364)


def test_what_is_no_page_of_counters_is_refused() -> None:
    with pytest.raises(Nonsense, match="can't be read"):
        read_kv_pool('vllm:cache_config_info{block_size="16" 1.0')
