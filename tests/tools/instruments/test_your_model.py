"""Cost cards open on the model that is connected, where its shape is known."""

import json
import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.engine import CountingEngine
from tests.tools.instruments.turning import values
from tools import catalogue
from tools.engine.base import Capability
from tools.errors import BadInput
from tools.exhibit.exhibit import Dial, Prose
from tools.exhibit.text import exhibit_text
from tools.instrument import Turning
from tools.models import SHAPES

cards = pytest.mark.parametrize("name", ["parameters", "cache", "bandwidth", "capacity"])


class Connected(CountingEngine):
    """A cluster that serves something, as far as a cost card cares."""

    def __init__(self, model: str) -> None:
        super().__init__()
        self.name, self.model = "cluster", model

    def capabilities(self) -> frozenset[Capability]:
        return frozenset({Capability.TOKENIZE})


@cards
async def test_a_card_opens_on_the_connected_model(name: str) -> None:
    shown = await catalogue.run(Connected("Qwen/Qwen3.6-27B-FP8"), name, {})
    assert "qwen3.6-27b" in shown.title
    (models,) = (one for one in shown.controls if isinstance(one, Dial) and one.name == "config")
    assert next(said for value, _, said in models.settings if value == "qwen3.6-27b") == "now"


@cards
async def test_the_connected_model_counts_where_another_engine_measures(name: str) -> None:
    connected, other = Connected("openai/gpt-oss-20b"), Connected("smollm2-135m")
    other.name = "embedded"
    shown = await catalogue.run(connected, name, {}, instead=other)
    assert "gpt-oss-20b" in shown.title


@cards
async def test_a_model_of_unknown_shape_is_said_to_be_one(name: str) -> None:
    shown = await catalogue.run(Connected("our-own-model"), name, {})
    first = shown.parts[0]
    assert isinstance(first, Prose)
    assert first.text.startswith("I don't know the shape of our-own-model, so this is ")
    assert "config.json" in first.text


@cards
async def test_a_chosen_model_stays_chosen(name: str) -> None:
    shown = await catalogue.run(Connected("openai/gpt-oss-20b"), name, {"config": "llama-3-8b"})
    assert "llama-3-8b" in shown.title


@cards
async def test_a_config_json_or_a_few_numbers_do(name: str) -> None:
    for config in (
        '{"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 2, "vocab_size": 100, '
        '"num_attention_heads": 4, "intermediate_size": 128, "max_position_embeddings": 4096}',
        "layers=2 width=64 heads=4",
    ):
        shown = await catalogue.run(Connected("fake"), name, {"config": config})
        assert "your model" in shown.title


@cards
def test_what_is_no_model_is_refused_in_one_line(name: str) -> None:
    for config, says in (
        ("gpt-9", r"no such config\. There are: tiny, gpt-2"),
        ("{", "isn't JSON"),
        ("layers=2", "at least `layers=32"),
    ):
        with pytest.raises(BadInput, match=says) as refused:
            catalogue.parameters(name, {"config": config})
        assert "\n" not in str(refused.value)


async def test_the_name_tells_the_precision() -> None:
    shown = await catalogue.run(Connected("Qwen/Qwen3.6-27B-FP8"), "parameters", {})
    assert values(shown)["weights"] == "30.4 GB"
    chosen = {"precision": "bfloat16"}
    shown = await catalogue.run(Connected("Qwen/Qwen3.6-27B-FP8"), "parameters", chosen)
    assert values(shown)["weights"] == "54.7 GB"


async def turned(name: str, chosen: dict[str, object], config: str) -> dict[str, object]:
    turning = Turning("config", config, random.Random(1))
    after = await catalogue.turned(CountingEngine(), name, chosen, turning)
    return after.model_dump()


async def test_a_knob_leads_to_no_model_with_more_context_than_it_has() -> None:
    for name in ("cache", "bandwidth"):
        long = {"config": "llama-3.1-8b", "context": 100_000}
        assert (await turned(name, long, "gpt-2"))["context"] == 1_024
        assert (await turned(name, long, "qwen3.6-27b"))["context"] == 100_000


async def test_a_knob_leads_to_no_deployment_that_vllm_would_refuse() -> None:
    spread = {"config": "deepseek-v3", "gpus": 8, "split": "ep", "prompt_tokens": 30_000}
    after = await turned("capacity", spread, "smollm2-135m")
    assert (after["gpus"], after["split"]) == (3, "tp")  # nine heads
    assert after["prompt_tokens"] == 8_192 - 300
    assert await catalogue.run(Connected("fake"), "capacity", after)
    kept = await turned("capacity", spread, "gpt-oss-120b")
    assert (kept["gpus"], kept["split"], kept["prompt_tokens"]) == (8, "ep", 30_000)


def test_the_schema_names_the_models() -> None:
    schema = catalogue.instrument("cache").params.model_json_schema()["properties"]["config"]
    assert schema["examples"] == ["auto", *SHAPES]


SIZES = (0, 1, 2, 3, 64, 4_096, 10**9 - 1, -1, None, "8", True, 2.5, [], {})
FIELDS = [
    "hidden_size",
    "num_hidden_layers",
    "num_attention_heads",
    "num_key_value_heads",
    "head_dim",
    "vocab_size",
    "intermediate_size",
    "max_position_embeddings",
    "sliding_window",
    "attention_chunk_size",
    "num_experts",
    "num_experts_per_tok",
    "moe_intermediate_size",
    "n_shared_experts",
    "first_k_dense_replace",
    "kv_lora_rank",
    "qk_rope_head_dim",
    "q_lora_rank",
    "qk_nope_head_dim",
    "v_head_dim",
    "linear_num_value_heads",
    "linear_num_key_heads",
    "linear_value_head_dim",
    "full_attention_interval",
    "sliding_window_pattern",
    "interleave_moe_layer_step",
    "text_config",
    "quantization_config",
    "layer_types",
    "tie_word_embeddings",
]
KINDS = ("llama", "gpt2", "gemma3_text", "llama4_text", "gpt_oss", "qwen3_5_moe_text", 7)
LIKELY = {"hidden_size": 64, "num_hidden_layers": 4, "num_attention_heads": 4, "vocab_size": 99}


@given(
    st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(SIZES), max_size=8),
    st.sampled_from(KINDS),
)
async def test_any_config_is_counted_or_refused(sizes: dict[str, object], kind: object) -> None:
    config = json.dumps({**LIKELY, **sizes, "model_type": kind})
    for name in ("parameters", "cache", "bandwidth", "capacity"):
        with suppress(BadInput):
            shown = await catalogue.run(Connected("fake"), name, {"config": config})
            assert exhibit_text(shown)
