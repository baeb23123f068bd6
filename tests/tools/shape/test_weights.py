"""Every shape's weights, against transformers building it, and against what its makers say."""

import pytest

from tests.tools.shape.built import built, vision_towers, weights_in
from tools.models import SHAPES, nearby, parameter_total, short_count
from tools.shape.shape import Experts, Shape
from tools.shape.weights import (
    read_in_pass,
    share_of_experts,
    text_total,
    used_per_token,
    weight_counts,
)

# as each model's own repository, paper, or files (safetensors) state it
PUBLISHED = {
    "gpt-2": 124_439_808,
    "smollm2-135m": 134_515_008,
    "smollm2-360m": 361_821_120,
    "qwen3.5-0.8b": 852_985_920,
    "gemma-3-1b": 999_885_952,
    "llama-3.2-1b": 1_235_814_400,
    "qwen2.5-1.5b": 1_543_714_304,
    "llama-3.2-3b": 3_212_749_824,
    "gemma-3-4b": 4_300_079_472,
    "mistral-7b": 7_241_732_096,
    "qwen2.5-7b": 7_615_616_512,
    "llama-3-8b": 8_030_261_248,
    "qwen3-8b": 8_190_735_360,
    "gemma-3-12b": 12_187_325_040,
    "gpt-oss-20b": 20_914_757_184,
    "mistral-small-24b": 24_011_361_280,
    "gemma-3-27b": 27_432_406_640,
    "qwen3-30b-a3b": 30_532_122_624,
    "qwen3-32b": 32_762_123_264,
    "llama-3-70b": 70_553_706_496,
    "llama-4-scout": 108_641_793_536,
    "gpt-oss-120b": 116_829_156_672,
    "llama-4-maverick": 401_583_781_376,
    "llama-3.1-405b": 405_853_388_800,
    "deepseek-v3": 671_026_404_352,  # + 14,848 of a router's correction, which is no weight here
}
BUILT = [name for name in SHAPES if name not in ("tiny", "gpt-3")]
BY_PART = {  # our part, and what its weights are called in transformers
    "q": ("q_proj", "q_a_proj", "q_b_proj"),
    "v": ("v_proj",),
    "o": ("o_proj",),
    "mixer": ("in_proj_qkv", "in_proj_z", "linear_attn.out_proj"),
    "norms": ("norm", "layernorm"),
    "head": ("lm_head",),
}


@pytest.mark.against("parameters", by="published counts")
@pytest.mark.parametrize("name", PUBLISHED)
def test_the_count_is_the_published_one(name: str) -> None:
    assert parameter_total(SHAPES[name]) == PUBLISHED[name]


def test_gpt_3_has_the_175_billion_of_its_paper() -> None:
    assert parameter_total(SHAPES["gpt-3"]) == pytest.approx(174.6e9, rel=1e-4)  # its table D.1


@pytest.mark.against("parameters", by="transformers, weights it builds")
@pytest.mark.parametrize("name", BUILT)
def test_transformers_builds_as_many_weights(name: str) -> None:
    assert weights_in(built(SHAPES[name])) == text_total(SHAPES[name])


@pytest.mark.parametrize("name", ["llama-3-8b", "qwen2.5-7b", "qwen3-8b", "qwen3.6-27b",
                                  "gemma-3-12b", "gpt-oss-20b", "smollm2-135m"])  # fmt: skip
def test_each_part_is_what_transformers_builds(name: str) -> None:
    counted = weight_counts(SHAPES[name])
    weights = dict(built(SHAPES[name]).named_parameters())
    for part, words in BY_PART.items():
        found = sum(
            each.numel() for key, each in weights.items() if any(word in key for word in words)
        )
        assert found == counted[part], part


def test_vision_towers_are_what_transformers_builds() -> None:
    ours = {name: shape.vision for name, shape in SHAPES.items() if shape.vision}
    assert vision_towers() == ours


def test_the_small_hybrid_is_text_and_an_eye() -> None:
    shape = SHAPES["qwen3.5-0.8b"]
    assert text_total(shape) == 752_393_024
    assert shape.vision == 100_592_896
    assert parameter_total(shape) == 852_985_920


def test_what_a_token_uses_leaves_out_other_experts_and_an_input_table() -> None:
    used = {name: used_per_token(SHAPES[name]) for name in SHAPES}
    assert used["gpt-oss-120b"] == 5_132_849_472
    assert used["gpt-oss-20b"] == 3_608_307_264
    assert used["deepseek-v3"] == pytest.approx(37e9, rel=0.02)  # 37 B with the table, its paper
    assert used["qwen3.6-35b-a3b"] == pytest.approx(3e9, rel=0.02)  # A3B
    assert used["qwen3-235b-a22b"] == pytest.approx(22e9, rel=0.02)
    assert used["llama-4-scout"] == pytest.approx(17e9, rel=0.06)
    assert used["llama-3-8b"] == 8_030_261_248 - 128_256 * 4_096
    assert used["smollm2-135m"] == 134_515_008  # the table is the head: it is read


def test_a_large_pass_reads_nearly_all_experts_and_one_token_its_own() -> None:
    experts = Experts(128, 4, 1)
    assert share_of_experts(experts, 1) == pytest.approx(4 / 128)
    assert share_of_experts(experts, 32) == pytest.approx(0.638, abs=0.001)
    assert share_of_experts(experts, 1000) == pytest.approx(1)
    shape = SHAPES["gpt-oss-120b"]
    assert read_in_pass(shape, 10_000) == pytest.approx(
        parameter_total(shape) - 201_088 * 2_880, rel=1e-9
    )


def test_layers_take_turns() -> None:
    gemma, hybrid = SHAPES["gemma-3-27b"], SHAPES["qwen3.6-27b"]
    assert (gemma.layers_of("S"), gemma.layers_of("F")) == (52, 10)
    assert (hybrid.layers_of("R"), hybrid.layers_of("F")) == (48, 16)
    assert hybrid.attention_layers == 16


def test_the_tiny_model_by_hand() -> None:
    block = 4 * (128 * 128 + 128) + (128 * 256 + 256) + (256 * 128 + 128) + 2 * 256
    tables = 8_000 * 128 + 1_000 * 128 + (8_000 * 128 + 8_000)
    assert parameter_total(SHAPES["tiny"]) == tables + 2 * block + 256 == 2_449_216


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_has_a_source_and_a_name_for_phones(name: str) -> None:
    assert SHAPES[name].source
    assert len(SHAPES[name].short_name) <= 12


def test_shapes_stand_by_size() -> None:
    sizes = [parameter_total(shape) for shape in SHAPES.values()]
    assert sizes == sorted(sizes)
    assert nearby("tiny")[0] == "tiny"
    assert nearby("deepseek-v3")[-1] == "deepseek-v3"
    assert "llama-3-8b" in nearby("llama-3-8b", 3)


@pytest.mark.parametrize(
    ("count", "short"),
    [(0, "0"), (999, "999"), (2_880, "2.88k"), (999_900, "1M"), (8_030_261_248, "8.03B")],
)
def test_a_count_is_short(count: int, short: str) -> None:
    assert short_count(count) == short


def test_an_unheard_of_shape_counts_too() -> None:
    toy = Shape("toy", 10, 4, 2, 2, 1, 2, 6, 100)
    assert sum(weight_counts(toy).values()) == 40 + 2 * (16 + 8 + 8 + 16 + 72 + 8) + 4 + 40
