import pytest
import torch
from transformers import AutoModelForCausalLM, GPT2Config, LlamaConfig, MistralConfig, Qwen2Config

from tests.fakes.engine import CountingEngine
from tools.engine.local.local import LocalEngine
from tools.exhibit.drawn_text import table_text
from tools.exhibit.exhibit import Origin, Table
from tools.instruments import parameters
from tools.instruments.parameters import Parameters
from tools.models import (
    SHAPES,
    Shape,
    activation_counts,
    parameter_total,
    short_count,
    weight_counts,
)

# as each model's own repository or paper states it
PUBLISHED = {
    "gpt-2": 124_439_808,
    "smollm2-135m": 134_515_008,
    "smollm2-360m": 361_821_120,
    "llama-3.2-1b": 1_235_814_400,
    "qwen2.5-1.5b": 1_543_714_304,
    "mistral-7b": 7_241_732_096,
    "qwen2.5-7b": 7_615_616_512,
    "llama-3-8b": 8_030_261_248,
    "llama-3-70b": 70_553_706_496,
}
FAMILY = {
    "llama": LlamaConfig,
    "smollm": LlamaConfig,
    "mistra": MistralConfig,
    "qwen2.": Qwen2Config,
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_count_is_the_published_one(name: str) -> None:
    assert parameter_total(SHAPES[name]) == PUBLISHED[name]


def test_gpt_3_has_the_175_billion_of_its_paper() -> None:
    assert parameter_total(SHAPES["gpt-3"]) == pytest.approx(174.6e9, rel=1e-4)  # its table D.1


def _built(shape: Shape) -> torch.nn.Module:
    """The same shape, as transformers makes it; on the meta device it takes no memory."""
    if shape.is_classic:
        config = GPT2Config(
            vocab_size=shape.vocabulary, n_embd=shape.width, n_layer=shape.layers,
            n_head=shape.heads, n_inner=shape.feed_forward, n_positions=shape.context,
        )  # fmt: skip
    else:
        kind = next(kind for start, kind in FAMILY.items() if shape.name.startswith(start[:5]))
        config = kind(
            vocab_size=shape.vocabulary, hidden_size=shape.width, num_hidden_layers=shape.layers,
            num_attention_heads=shape.heads, num_key_value_heads=shape.kv_heads,
            head_dim=shape.head_size, intermediate_size=shape.feed_forward,
            tie_word_embeddings=shape.is_tied,
        )  # fmt: skip
    with torch.device("meta"):
        return AutoModelForCausalLM.from_config(config)


@pytest.mark.parametrize("name", [name for name in SHAPES if name not in ("tiny", "gpt-3")])
def test_each_part_is_what_transformers_builds(name: str) -> None:
    shape = SHAPES[name]
    counted = weight_counts(shape)
    built = dict(_built(shape).named_parameters())
    assert sum(one.numel() for one in built.values()) == parameter_total(shape)
    parts = {
        "embedding": ("embed_tokens", "wte"),
        "norms": ("norm", ".ln_"),
        "mlp": (".mlp.",),
        "o": ("o_proj", "attn.c_proj"),
    }
    for part, words in parts.items():
        found = sum(one.numel() for key, one in built.items() if any(word in key for word in words))
        assert found == counted[part], part


def test_the_tiny_model_by_hand() -> None:
    block = 4 * (128 * 128 + 128) + (128 * 256 + 256) + (256 * 128 + 128) + 2 * 256
    tables = 8_000 * 128 + 1_000 * 128 + (8_000 * 128 + 8_000)
    assert parameter_total(SHAPES["tiny"]) == tables + 2 * block + 256 == 2_449_216


def test_activations_by_hand() -> None:
    shape = Shape("toy", 10, 4, 2, 2, 1, 2, 6, 100)
    assert activation_counts(shape, 3) == {
        "embedding": 3 * 4,
        "q": 2 * 3 * 4,
        "k": 2 * 3 * 2,
        "v": 2 * 3 * 2,
        "scores": 2 * 2 * 9,
        "o": 2 * 3 * (4 + 4),
        "mlp": 2 * 3 * (3 * 6 + 4),
        "norms": 2 * 2 * 3 * 4 + 4,
        "head": 10,
    }


def test_the_keys_made_are_what_the_cache_keeps() -> None:
    made = activation_counts(SHAPES["llama-3-8b"], 256)
    assert 2 * (made["k"] + made["v"]) == 32 * 2**20  # 32 MiB in 16 bit, from the course


@pytest.mark.parametrize(
    ("count", "short"),
    [(0, "0"), (999, "999"), (2_880, "2.88k"), (999_900, "1M"), (8_030_261_248, "8.03B")],
)
def test_a_count_is_short(count: int, short: str) -> None:
    assert short_count(count) == short


@pytest.mark.parametrize("name", SHAPES)
async def test_every_table_fits_a_phone(name: str) -> None:
    for show in ("parts", "sizes"):
        params = Parameters.model_validate({"config": name, "show": show})
        shown = await parameters.run(CountingEngine(), params)
        table = shown.parts[0]
        assert isinstance(table, Table)
        assert len(table_text(table, 22).splitlines()) == len(table.rows) + 1  # not stacked
        assert shown.provenance.origin is Origin.COMPUTED


@pytest.mark.parametrize("name", SHAPES)
async def test_the_parts_shown_add_up_to_the_fact(name: str) -> None:
    shown = await parameters.run(CountingEngine(), Parameters(config=name))
    table = shown.parts[0]
    assert isinstance(table, Table)
    total = sum(number(weights) for _, weights, _ in table.rows)
    assert total == pytest.approx(parameter_total(SHAPES[name]), rel=0.01)  # cells are rounded


def number(cell: str) -> float:
    """Return what a cell says: 28,300,000 for `28.3M`."""
    powers = {"k": 1e3, "M": 1e6, "B": 1e9}
    return (
        float(cell[:-1]) * powers[cell[-1]] if cell[-1] in powers else float(cell.strip("-") or 0)
    )


async def test_the_sizes_stand_in_one_table() -> None:
    shown = await parameters.run(CountingEngine(), Parameters(config="llama-3-70b", show="sizes"))
    table = shown.parts[0]
    assert isinstance(table, Table)
    assert table.lit is not None
    assert table.rows[table.lit] == ("llama-3-70b", "70.6B")


async def test_the_real_tokenizer_counts_the_prompt(embedded: LocalEngine) -> None:
    shown = await parameters.run(embedded, Parameters())
    facts = {fact.name: fact.value for fact in shown.facts}
    assert facts["prompt"] == 5
    assert facts["parameters"] == 134_515_008
    assert facts["weights"] == 0.269
