"""What weights take, against the sizes of published files."""

import pytest

from tools.models import SHAPES
from tools.shape.precision import PRECISIONS, precision_of, read_bytes, weight_bytes


def test_a_mixture_in_mxfp4_takes_what_its_files_do() -> None:
    shape = SHAPES["gpt-oss-120b"]
    # the hub's files, as alvarobartt/hf-mem#60 counts them
    assert weight_bytes(shape, precision_of(shape, "native")) == 65_248_815_744


def test_a_hybrid_in_fp8_takes_what_its_files_do() -> None:
    shape = SHAPES["qwen3.6-27b"]
    drafting = 424.7e6  # weights of the layer that predicts a second token: not counted here
    found = weight_bytes(shape, PRECISIONS["fp8"]) + drafting
    # "Checkpoint size: 28.75 GiB", vLLM of Qwen3.8-27B-FP8: noonghunna/club-3090#1139
    assert found / 2**30 == pytest.approx(28.75, rel=0.003)


def test_16_bits_take_what_vllm_says_it_loaded() -> None:
    found = weight_bytes(SHAPES["llama-3.1-8b"], PRECISIONS["bfloat16"]) / 2**30
    assert found == pytest.approx(14.9888, rel=0.003)  # "model weights took": vllm#10517


def test_four_bits_leave_tables_alone() -> None:
    shape = SHAPES["llama-3-70b"]
    assert weight_bytes(shape, PRECISIONS["bfloat16"]) == pytest.approx(141.1e9, rel=1e-3)
    assert 37e9 < weight_bytes(shape, PRECISIONS["int4"]) < 41e9  # never the 35 of 70 ÷ 2
    assert PRECISIONS["nvfp4"].matrix == 4.5


def test_an_untied_input_table_is_not_read() -> None:
    shape = SHAPES["llama-3-8b"]
    table = 128_256 * 4_096 * 2
    read = read_bytes(shape, PRECISIONS["bfloat16"], 1)
    assert weight_bytes(shape, PRECISIONS["bfloat16"]) - read == table
