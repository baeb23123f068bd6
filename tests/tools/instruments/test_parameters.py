import pytest

from tests.fakes.engine import CountingEngine
from tests.tools.instruments.turning import assert_it_fits_and_turns, values
from tools import catalogue
from tools.engine.local.local import LocalEngine
from tools.errors import BadInput
from tools.exhibit.exhibit import Exhibit, Origin, Portions, Prose, Table
from tools.exhibit.monospace import PHONE
from tools.exhibit.table_text import table_text
from tools.instruments import parameters
from tools.instruments.parameters import Parameters
from tools.models import SHAPES, parameter_total


def table_of(shown: Exhibit) -> Table:
    (table,) = (part for part in shown.parts if isinstance(part, Table))
    return table


@pytest.mark.parametrize("name", SHAPES)
async def test_every_table_fits_a_phone(name: str) -> None:
    for show in ("parts", "sizes"):
        params = Parameters.model_validate({"config": name, "show": show})
        shown = await parameters.run(CountingEngine(), params)
        table = table_of(shown)
        text = table_text(table, PHONE)
        assert len(text.splitlines()) == len(table.rows) + 1  # not stacked
        assert "…" not in text
        assert shown.provenance.origin is Origin.COMPUTED


@pytest.mark.parametrize("name", SHAPES)
async def test_the_parts_shown_add_up_to_the_fact(name: str) -> None:
    shown = await parameters.run(CountingEngine(), Parameters(config=name))
    total = sum(number(weights) for _, weights, _ in table_of(shown).rows)
    assert total == pytest.approx(parameter_total(SHAPES[name]), rel=0.01)  # cells are rounded


def number(cell: str) -> float:
    """Return what a cell says: 28,300,000 for `28.3M`."""
    powers = {"k": 1e3, "M": 1e6, "B": 1e9}
    return (
        float(cell[:-1]) * powers[cell[-1]] if cell[-1] in powers else float(cell.strip("-") or 0)
    )


async def test_the_sizes_stand_in_one_table() -> None:
    params = Parameters(config="llama-3-70b", show="sizes")
    table = table_of(await parameters.run(CountingEngine(), params))
    assert table.lit is not None
    assert table.rows[table.lit] == ("llama-3-70b", "70.6B")


async def test_the_first_line_says_what_is_seen_and_every_knob_turns() -> None:
    for config in ("gpt-oss-120b", "layers=4 width=64 heads=4"):
        shown = await parameters.run(CountingEngine(), Parameters(config=config))
        first = shown.parts[0]
        assert isinstance(first, Prose)
        assert first.text.startswith("Where the weights are")
        await assert_it_fits_and_turns(CountingEngine(), "parameters", shown)


async def test_the_real_tokenizer_counts_the_prompt(embedded: LocalEngine) -> None:
    facts = values(await parameters.run(embedded, Parameters()))
    assert facts["prompt"] == 5
    assert facts["parameters"] == 134_515_008
    assert facts["weights"] == "269 MB"


async def test_a_long_prompt_of_a_405b_keeps_megabytes_alive_not_73_gigabytes(
    embedded: LocalEngine,
) -> None:
    params = Parameters(config="llama-3.1-405b", prompt="word " * 800)
    facts = values(await parameters.run(embedded, params))
    tokens = facts["prompt"]
    assert tokens == 801
    # the widest moment: 2 vectors and 3 wide middles a token, in 16 bit
    assert facts["alive at most"] == f"{801 * (2 * 16_384 + 3 * 53_248) * 2 / 1e6:.3g} MB"
    assert facts["stays in the cache"] == f"{801 * 516_096 / 1e6:.3g} MB"


async def test_what_stays_is_not_said_to_be_dropped() -> None:
    for name in ("llama-3-8b", "deepseek-v3", "qwen3.6-27b"):
        shown = await parameters.run(CountingEngine(), Parameters(config=name))
        said = shown.parts[-1]
        assert isinstance(said, Prose)
        assert "dropped" not in said.text
        assert said.text.endswith("stay.")


async def test_a_mixture_says_what_a_token_uses() -> None:
    shown = await parameters.run(CountingEngine(), Parameters(config="openai/gpt-oss-120b"))
    assert values(shown)["parameters"] == 116_829_156_672
    assert values(shown)["used for a token"] == 5_132_849_472
    assert values(shown)["weights"] == "65.2 GB"
    assert "used for a token" not in values(
        await parameters.run(CountingEngine(), Parameters(config="llama-3-8b"))
    )


async def test_a_vision_tower_is_counted_apart() -> None:
    shown = await parameters.run(CountingEngine(), Parameters(config="qwen3.5-0.8b"))
    assert values(shown)["parameters"] == 852_985_920
    assert values(shown)["of text"] == 752_393_024
    assert ("vision", "101M", "-") in table_of(shown).rows


async def test_an_empty_prompt_is_refused_before_the_model_is_asked() -> None:
    engine = CountingEngine()
    with pytest.raises(BadInput, match="some text to continue"):
        await catalogue.run(engine, "parameters", {"prompt": "", "config": "llama-3-8b"})
    assert engine.calls == []


async def test_the_picture_shows_where_the_weights_are() -> None:
    shown = await parameters.run(CountingEngine(), Parameters(config="gpt-oss-20b"))
    (picture,) = (part for part in shown.parts if isinstance(part, Portions))
    assert sum(row.values[0] or 0 for row in picture.rows) == pytest.approx(1)
    assert [row.label for row in picture.rows if row.is_lit] == ["expert"]
    assert next(row.note for row in picture.rows if row.is_lit) == "91% · 19.1B"
