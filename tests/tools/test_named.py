import pytest

from tools.errors import BadInput
from tools.named import find_shape, precision_in, shape_of


@pytest.mark.parametrize(
    ("served", "name", "precision"),
    [
        ("Qwen/Qwen3.6-27B-FP8", "qwen3.6-27b", "fp8"),
        ("Qwen/Qwen3.8-27B", "qwen3.6-27b", "native"),
        ("Qwen/Qwen3.6-35B-A3B", "qwen3.6-35b-a3b", "native"),
        ("nvidia/Qwen3.6-35B-A3B-NVFP4", "qwen3.6-35b-a3b", "nvfp4"),
        ("Qwen/Qwen3-30B-A3B-Instruct-2507", "qwen3-30b-a3b", "native"),
        ("Qwen/Qwen3-8B-AWQ", "qwen3-8b", "int4"),
        ("openai/gpt-oss-120b", "gpt-oss-120b", "native"),
        ("deepseek-ai/DeepSeek-R1-0528", "deepseek-v3", "native"),
        ("deepseek-ai/DeepSeek-V3.1", "deepseek-v3", "native"),
        ("meta-llama/Llama-3.1-8B-Instruct", "llama-3.1-8b", "native"),
        ("meta-llama/Meta-Llama-3-8B", "llama-3-8b", "native"),
        ("RedHatAI/Meta-Llama-3.1-70B-Instruct-quantized.w4a16", "llama-3.3-70b", "native"),
        ("meta-llama/Llama-4-Scout-17B-16E-Instruct", "llama-4-scout", "native"),
        ("deepseek-ai/DeepSeek-R1-Distill-Llama-70B", "llama-3.3-70b", "native"),
        ("google/gemma-3-27b-it", "gemma-3-27b", "native"),
        ("mistralai/Mistral-Small-3.2-24B-Instruct-2506", "mistral-small-24b", "native"),
        ("mistralai/Mistral-7B-Instruct-v0.3", "mistral-7b", "native"),
        ("smollm2-135m", "smollm2-135m", "native"),
        ("/models/qwen3-32b/", "qwen3-32b", "native"),
    ],
)
def test_a_model_is_found_by_the_name_it_is_served_under(
    served: str, name: str, precision: str
) -> None:
    found = find_shape(served)
    assert found is not None
    assert found.name == name
    assert precision_in(served) == precision


@pytest.mark.parametrize(
    "served",
    [
        "deepseek-ai/DeepSeek-R1-Distill-Qwen-14B",  # no DeepSeek inside
        "qwen3-8b-pruned",
        "Qwen/Qwen3-Coder-480B-A35B",
        "chat",
        "",
    ],
)
def test_what_only_begins_alike_is_not_taken_for_it(served: str) -> None:
    assert find_shape(served) is None


def test_a_config_or_numbers_do_instead_of_a_name() -> None:
    found = shape_of("layers=2 width=64 heads=4")
    assert found is not None
    assert found.layers == 2
    with pytest.raises(BadInput):
        shape_of("{")
