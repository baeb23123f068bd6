"""What a sequence keeps, against figures that vLLM, papers and other counts give."""

import pytest

from tools.models import SHAPES
from tools.shape.kept import kept_bytes, layer_numbers, state_bytes, token_bytes

KIB = 1024


@pytest.mark.against("cache", by="vLLM's, papers' and others' figures")
@pytest.mark.parametrize(
    ("name", "kib"),
    [
        ("gpt-2", 36),
        ("smollm2-135m", 22.5),
        ("llama-3-8b", 128),
        ("llama-3-70b", 320),
        ("llama-3.1-405b", 504),
        ("qwen2.5-7b", 56),
        ("gpt-3", 4_608),
        ("qwen3.6-27b", 64),  # 16 of its 64 layers
        ("qwen3.6-35b-a3b", 20),
        ("qwen3.5-0.8b", 12),
        ("gpt-oss-120b", 36),  # 18 of its 36 layers go on growing
        ("deepseek-v3", 68.625),  # 61 × (512 + 64) × 2, arXiv:2412.19437
    ],
)
def test_each_further_token_takes(name: str, kib: float) -> None:
    assert token_bytes(SHAPES[name], 2) == kib * KIB


def test_a_hybrid_has_a_state_of_fixed_size() -> None:
    # 48 layers × (48 × 128 × 128 float32 + 10,240 × 3 of 16 bits)
    assert state_bytes(SHAPES["qwen3.6-27b"]) == 153_944_064
    assert state_bytes(SHAPES["qwen3.6-27b"], 4) == 153_944_064 // 4
    assert state_bytes(SHAPES["llama-3-8b"]) == 0
    both = kept_bytes(SHAPES["qwen3.6-27b"], 2_349, 2)
    assert both == pytest.approx(2 * 153_944_064, rel=1e-3)  # where growing has caught up


def test_a_window_keeps_no_more_than_it_sees() -> None:
    shape = SHAPES["gpt-oss-120b"]
    assert kept_bytes(shape, 100, 2) == 100 * 73_728  # vLLM's figure: alvarobartt/hf-mem#60
    assert kept_bytes(shape, 1_128, 2) - kept_bytes(shape, 128, 2) == 1_000 * 36_864


def test_heads_are_shared_out_and_a_latent_is_copied() -> None:
    llama, deepseek = SHAPES["llama-3-70b"], SHAPES["deepseek-v3"]
    assert layer_numbers(llama, 8) * 8 == layer_numbers(llama)
    assert layer_numbers(llama, 16) == layer_numbers(llama, 8)  # 8 heads: copies beyond
    assert layer_numbers(deepseek, 8) == layer_numbers(deepseek)
