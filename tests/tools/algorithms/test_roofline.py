"""The bound, against the plain sums of others' fact sheets and a measurement on an H100."""

import pytest

from tools.algorithms.roofline import Setup, decode_bound, prefill_bound, ridge
from tools.gpus import GPUS
from tools.models import SHAPES
from tools.shape.precision import precision_of


def setup(name: str, gpu: str, gpus: int = 1, kept: str = "native", context: int = 0) -> Setup:
    shape = SHAPES[name]
    return Setup(shape, precision_of(shape, kept), 2, GPUS[gpu], gpus, context)


@pytest.mark.against("bandwidth", by="steps measured on H100 and B200")
def test_a_measured_step_stays_under_its_bound() -> None:
    # Llama-3.1-8B, one request: 6.44 ms + 4.37e-5 ms a token on an H100, 3.93 ms + 1.80e-5 ms on a
    # B200 (vLLM's blog, 2026-04-22, FP8 KV cache)
    for gpu, weights_ms, token_ms in (("H100", 6.44, 4.37e-5), ("B200", 3.93, 1.80e-5)):
        bare = decode_bound(setup("llama-3.1-8b", gpu), 1)
        long = decode_bound(setup("llama-3.1-8b", gpu, context=100_000), 1)
        assert 1000 * bare.seconds < weights_ms
        slope_ms = 1000 * (long.seconds - bare.seconds) / 100_000
        assert 0.85 * token_ms < slope_ms < token_ms


def test_the_hybrid_on_four_gpus_reads_in_two_milliseconds() -> None:
    one = decode_bound(setup("qwen3.6-27b", "H100", 1, "fp8"), 1)
    four = decode_bound(setup("qwen3.6-27b", "H100", 4, "fp8"), 1)
    assert 1000 * four.seconds == pytest.approx(2.0, abs=0.05)
    assert one.seconds == pytest.approx(4 * four.seconds)


def test_cache_traffic_equals_weight_traffic_where_their_bytes_do() -> None:
    bound = decode_bound(setup("llama-3-8b", "H100", context=114_516), 1)
    assert bound.cache_bytes == pytest.approx(bound.weight_bytes, rel=1e-4)  # 15.01 GB ÷ 131,072


def test_reading_8192_tokens_takes_what_arithmetic_takes() -> None:
    assert prefill_bound(setup("llama-3-8b", "H100"), 8_192).seconds == pytest.approx(
        0.133, abs=0.001
    )
    assert not prefill_bound(setup("llama-3-8b", "H100"), 8_192).is_memory_bound
    assert prefill_bound(setup("llama-3-8b", "H100"), 16).is_memory_bound


@pytest.mark.against("bandwidth", by="the GPUs' data sheets", within=0.05)
@pytest.mark.parametrize(
    ("gpu", "kept", "ops_per_byte"),
    [("H100", "bfloat16", 295), ("H200", "bfloat16", 206), ("B200", "bfloat16", 281),
     ("H100", "fp8", 591)],
)  # fmt: skip
def test_the_roof_bends_at_operations_by_bytes(gpu: str, kept: str, ops_per_byte: int) -> None:
    found = ridge(setup("llama-3-70b", gpu, kept=kept))
    assert found is not None
    # two operations a weight: a batch of that many at 2 bytes a weight, of half at 1
    weights = 1 if kept == "bfloat16" else 0.5
    assert found == pytest.approx(ops_per_byte * weights, rel=0.05)


def test_more_gpus_than_kv_heads_read_copies() -> None:
    eight = decode_bound(setup("llama-3-70b", "H100", 8, context=8_192), 16)
    sixteen = decode_bound(setup("llama-3-70b", "H100", 16, context=8_192), 16)
    assert sixteen.cache_bytes == 2 * eight.cache_bytes


def test_a_mixture_reads_more_experts_for_more_tokens() -> None:
    small, large = (decode_bound(setup("gpt-oss-120b", "H100"), n) for n in (1, 256))
    assert small.weight_bytes < 0.1 * large.weight_bytes
    assert large.weight_bytes == pytest.approx(64.1e9, rel=0.01)
