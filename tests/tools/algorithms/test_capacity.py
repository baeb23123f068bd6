"""The estimate, against what was measured and published elsewhere, and against plain sums."""

import pytest

from tools.algorithms.capacity import (
    Deployment,
    Split,
    concurrency_at_longest,
    cost_per_million,
    held_at_once,
    longest_that_fits,
    memory_of,
    most_within,
    prefill_s,
    speed_of,
    step_budget,
    step_s,
)
from tools.algorithms.roofline import Setup
from tools.gpus import GPUS
from tools.models import SHAPES
from tools.shape.precision import precision_of

GIB = 2**30


def deployment(
    name: str,
    gpu: str = "H100",
    gpus: int = 1,
    kept: str = "native",
    *,
    split: Split = "tp",
    longest: int = 8_192,
    beside_bytes: float | None = None,
) -> Deployment:
    shape = SHAPES[name]
    setup = Setup(shape, precision_of(shape, kept), 2, GPUS[gpu], gpus)
    return Deployment(setup, split, longest=longest, beside_bytes=beside_bytes)


@pytest.mark.against("capacity", by="steps measured on H100 and B200", within=0.07)
@pytest.mark.parametrize(
    ("gpu", "weights_ms", "token_ms"), [("H100", 6.44, 4.37e-5), ("B200", 3.93, 1.80e-5)]
)
def test_the_gap_between_tokens_is_the_measured_one(
    gpu: str, weights_ms: float, token_ms: float
) -> None:
    # Llama-3.1-8B, one request, 16-bit cache: vLLM's blog, 2026-04-22
    bare, long = (step_s(deployment("llama-3.1-8b", gpu), n, 1) for n in (0, 100_000))
    assert 1000 * bare == pytest.approx(weights_ms, rel=0.07)
    assert 1000 * (long - bare) / 100_000 == pytest.approx(token_ms, rel=0.02)


def test_an_8b_on_an_h100_leaves_56_gib_for_the_cache() -> None:
    memory = memory_of(deployment("llama-3.1-8b"))
    assert memory.weights / GIB == pytest.approx(14.99, abs=0.05)  # as vLLM loads it: vllm#10517
    assert memory.cache / GIB == pytest.approx(55.8, abs=0.5)
    assert memory.blocks * 16 == pytest.approx(457_000, rel=0.01)


def test_what_lies_beside_weights_and_cache_may_be_known() -> None:
    memory = memory_of(deployment("llama-3.1-8b", beside_bytes=4 * GIB))
    assert memory.beside == 4 * GIB


def test_four_gpus_share_the_weights_and_a_node_copies_attention_when_experts_are_spread() -> None:
    one, four = (memory_of(deployment("llama-3-70b", gpus=n, gpu="H200")) for n in (1, 4))
    assert four.weights == pytest.approx(one.weights / 4)
    shared = memory_of(deployment("deepseek-v3", "H200", 8))
    spread = memory_of(deployment("deepseek-v3", "H200", 8, split="ep"))
    assert spread.weights > shared.weights  # attention and tables whole on each
    tokens = 4_000
    several = held_at_once(deployment("deepseek-v3", "H200", 8, split="ep"), spread, tokens)
    assert several > 4 * held_at_once(deployment("deepseek-v3", "H200", 8), shared, tokens)


def test_more_gpus_than_kv_heads_keep_copies_of_keys_and_values() -> None:
    eight, sixteen = (memory_of(deployment("llama-3-70b", gpus=n)) for n in (8, 16))
    assert eight.pool.block_bytes == sixteen.pool.block_bytes
    assert 2 * sixteen.weights > eight.weights


def test_what_does_not_fit_leaves_less_than_nothing() -> None:
    memory = memory_of(deployment("llama-3-70b"))
    assert memory.cache < 0
    assert memory.blocks == 0


def test_vllm_starts_with_no_longer_sequence_than_it_can_hold() -> None:
    served = deployment("qwen3-32b", longest=40_960)
    memory = memory_of(served)
    fits = longest_that_fits(served, memory)
    assert concurrency_at_longest(served, memory) < 1
    assert memory.pool.blocks_of(fits) <= memory.blocks < memory.pool.blocks_of(fits + 17)


def test_in_flight_is_arrivals_times_time_inside() -> None:
    served = deployment("llama-3.1-8b")
    speed = speed_of(served, 2_000, 300, 64)
    reading = prefill_s(served, 2_000)
    inside = reading + 300 * speed.gap_s
    assert speed.requests_per_s * inside == pytest.approx(64)  # Little's law
    assert speed.written_per_s == pytest.approx(300 * speed.requests_per_s)


def test_more_at_once_write_more_in_all_and_each_more_slowly() -> None:
    served = deployment("llama-3.1-8b")
    few, many = (speed_of(served, 500, 200, n) for n in (4, 128))
    assert many.written_per_s > 5 * few.written_per_s
    assert many.gap_s > few.gap_s
    assert speed_of(served, 500, 200, 1).gap_s == pytest.approx(step_s(served, 600, 1))


def test_a_limit_on_the_gap_is_kept_and_just_so() -> None:
    served = deployment("llama-3.1-8b")
    most = most_within(served, 2_000, 300, 1_000, 0.05)
    assert speed_of(served, 2_000, 300, most).gap_s <= 0.05
    assert speed_of(served, 2_000, 300, most + 1).gap_s > 0.05
    assert most_within(served, 2_000, 300, 1_000, None) == 1_000
    assert most_within(served, 2_000, 300, 1_000, 0.001) == 0


def test_a_small_model_on_more_gpus_waits_for_wires() -> None:
    one, eight = (step_s(deployment("llama-3.2-1b", gpus=n), 0, 1) for n in (1, 8))
    assert eight > one / 2
    by_link, by_slot = (prefill_s(deployment("llama-3-70b", gpu, 4), 8_000)
                        for gpu in ("H100", "L40S"))  # fmt: skip
    assert by_slot > 3 * by_link


def test_the_price_of_a_million_tokens() -> None:
    assert cost_per_million(3, 4, 6_000, 1) == pytest.approx(0.56, abs=0.005)
    assert cost_per_million(3, 4, 6_000, 0.35) == pytest.approx(1.59, abs=0.005)


@pytest.mark.parametrize(
    ("gpu", "budget"),
    [("B200", (16_384, 1_024)), ("H100", (8_192, 1_024)), ("A100", (2_048, 256)),
     ("L40S", (2_048, 256))],
)  # fmt: skip
def test_budgets_are_vllms_own(gpu: str, budget: tuple[int, int]) -> None:
    assert step_budget(GPUS[gpu]) == budget
