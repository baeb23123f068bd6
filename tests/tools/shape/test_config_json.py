"""Shapes out of the config.json that transformers writes for each family, and out of numbers."""

import json

import pytest
from transformers import MixtralConfig, MixtralForCausalLM

from tests.tools.shape.built import config_of, on_meta, weights_in
from tools.errors import BadInput
from tools.models import SHAPES
from tools.shape.config_json import shape_from_config, shape_from_text
from tools.shape.kept import state_bytes, token_bytes
from tools.shape.weights import text_total

SOME = '"hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2, "vocab_size": 9'
READ = [name for name in SHAPES if name not in ("tiny", "gpt-3")]


@pytest.mark.parametrize("name", READ)
def test_the_config_of_each_family_is_read_to_the_last_weight(name: str) -> None:
    shape = SHAPES[name]
    read = shape_from_text(config_of(shape).to_json_string())
    assert text_total(read) == text_total(shape)
    assert token_bytes(read, 2) == token_bytes(shape, 2)
    assert state_bytes(read) == state_bytes(shape)
    assert (read.window, read.context) == (shape.window, shape.context)


def test_a_model_that_stands_in_no_list_is_counted_from_its_config() -> None:
    config = MixtralConfig(num_hidden_layers=2, hidden_size=512, intermediate_size=1_024)
    read = shape_from_text(config.to_json_string())
    assert text_total(read) == weights_in(on_meta(MixtralForCausalLM, config))
    assert read.experts is not None
    assert (read.experts.count, read.experts.used) == (8, 2)


def test_the_text_part_is_read_where_there_is_a_vision_part_too() -> None:
    text = json.loads(config_of(SHAPES["qwen3.6-27b"]).to_json_string())
    whole = {"model_type": "qwen3_5", "text_config": text, "vision_config": {"depth": 27}}
    assert text_total(shape_from_config(whole)) == 26_895_998_464


def test_the_precision_it_is_published_in_is_read() -> None:
    sizes = {"vocab_size": 100, "hidden_size": 8, "num_attention_heads": 2, "num_hidden_layers": 1}
    found = [
        shape_from_config({**sizes, "quantization_config": {"quant_method": method}}).native
        for method in ("fp8", "mxfp4", "awq", "gptq", "something new")
    ]
    assert found == ["fp8", "mxfp4", "int4", "int4", "bfloat16"]


def test_a_few_numbers_by_hand_do() -> None:
    shape = shape_from_text(
        "layers=32 width=4096 heads=32 kv_heads=8 feed_forward=14336 vocabulary=128256"
    )
    assert text_total(shape) == 8_030_261_248
    assert token_bytes(shape_from_text("layers=32, width = 4096, heads=32"), 2) == 512 * 1024


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "isn't JSON"),
        ("{" * 5_000, "isn't JSON"),
        ("{}", "no `hidden_size`"),
        ('{"hidden_size": "wide"}', "`hidden_size` of that config is no size: wide"),
        ('{"hidden_size": -1}', "no size: -1"),
        ('{"hidden_size": 99999999999}', "no size"),
        ("layers=3 width=8", "at least `layers=32"),
        ("layers=0 width=8 heads=1", "at least `layers=32"),
        ("layers=1 width=8 heads=1 wheels=4", "at least `layers=32"),
        (" " * 200_000, "longer than a config.json"),
        ("layers" * 16_000, "at least `layers=32"),  # a pattern that tries all ways takes hours
        ("layers=1" + " ;" * 40_000 + "x", "layers=32"),
        ("layers=10001 width=8 heads=1", "No model has 10,001 layers"),
        (f'{{{SOME}, "layer_types": ["linear_attention"]}}', "no `linear_num_value_heads`"),
        (f'{{{SOME}, "layer_types": ["sliding_attention"]}}', "no `sliding_window`"),
        (f'{{{SOME}, "num_experts": 2, "num_experts_per_tok": 3}}', "sends a token to 3 of 2"),
    ],
)
def test_what_is_no_config_is_refused_in_one_line(text: str, says: str) -> None:
    with pytest.raises(BadInput, match=says) as refused:
        shape_from_text(text)
    assert "\n" not in str(refused.value)
