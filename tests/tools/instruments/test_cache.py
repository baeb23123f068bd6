import pytest

from tests.fakes.engine import CountingEngine
from tests.tools.instruments.turning import assert_it_fits_and_turns, values
from tools import catalogue
from tools.engine.local.local import LocalEngine
from tools.errors import BadInput
from tools.exhibit.exhibit import Curve, Exhibit, Origin, Prose, Table
from tools.exhibit.monospace import PHONE
from tools.exhibit.text import part_text
from tools.instruments import cache
from tools.instruments.cache import Cache, binary
from tools.models import SHAPES

KIB = 1024


def table_of(shown: Exhibit) -> Table:
    (table,) = (part for part in shown.parts if isinstance(part, Table))
    return table


async def test_the_picture_holds_the_cache_against_the_weights() -> None:
    curve = (await cache.run(CountingEngine(), Cache(batch=64, context=2048))).parts[1]
    assert isinstance(curve, Curve)
    grows, weights, here = curve.series
    assert grows.name == "cache of 64 sequences"
    assert grows.points[0] == (0, 0)
    assert grows.points[-1] == (8192, 64)  # GiB: 128 KiB a token
    assert [y for _, y in weights.points] == [pytest.approx(14.96, abs=0.01)] * 2
    assert here.points == ((2048, 16),)


async def test_256_tokens_of_llama_take_32_mib() -> None:
    shown = await cache.run(CountingEngine(), Cache())
    assert values(shown)["a token"] == "128 KiB"
    assert values(shown)["256 tokens × 1"] == "32 MiB"
    assert shown.provenance.origin is Origin.COMPUTED
    table = table_of(shown)
    assert table.lit is not None
    assert table.header == ("model", "MiB")
    assert table.rows[table.lit] == ("llama-3-8b", "32")
    assert ("gemma-3-12b", "96") in table.rows  # 256 of its windows' 1,024: as if all were full
    await assert_it_fits_and_turns(CountingEngine(), "cache", shown)


async def test_the_models_are_listed_by_the_token_too() -> None:
    table = table_of(await cache.run(CountingEngine(), Cache(show="token")))
    assert table.header == ("model", "KiB")
    assert ("llama-3-8b", "128") in table.rows


@pytest.mark.parametrize("name", SHAPES)
async def test_the_chosen_model_stands_among_the_seven_next_to_it(name: str) -> None:
    table = table_of(await cache.run(CountingEngine(), Cache(config=name)))
    assert table.lit is not None
    assert table.rows[table.lit][0] == SHAPES[name].short_name
    listed = [row[0] for row in table.rows]
    names = [shape.short_name for shape in SHAPES.values()]
    first = names.index(listed[0])
    assert listed == names[first : first + 7]


async def test_context_and_batch_multiply() -> None:
    shown = await cache.run(CountingEngine(), Cache(context=8192, batch=64))
    assert values(shown)["8,192 tokens × 64"] == "64 GiB"
    largest = Cache(context=10_485_760, batch=100_000, config="llama-4-scout", precision="float32")
    shown = await cache.run(CountingEngine(), largest)
    await assert_it_fits_and_turns(CountingEngine(), "cache", shown)


@pytest.mark.parametrize("show", ["all", "token"])
@pytest.mark.parametrize("precision", ["float32", "int8"])
@pytest.mark.parametrize(
    ("config", "context", "batch"),
    [("llama-3-8b", 1, 1), ("llama-3.1-8b", 131_072, 256), ("llama-4-scout", 10_485_760, 100_000)],
)
async def test_every_name_and_size_stays_whole_on_a_phone(
    show: str, precision: str, config: str, context: int, batch: int
) -> None:
    params = {"show": show, "precision": precision, "context": context, "batch": batch,
              "config": config}  # fmt: skip
    table = table_of(await catalogue.run(CountingEngine(), "cache", params))
    assert "…" not in part_text(table, PHONE)
    assert all(row[1] == "-" or float(row[1].strip("<kMBT")) for row in table.rows)


async def test_the_staircase_is_measured(
    embedded: LocalEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "LENGTHS", (8, 96))
    shown = await cache.run(embedded, Cache(measure=True))
    curve = shown.parts[1]
    assert isinstance(curve, Curve)
    assert curve.is_stepped
    assert [one.name for one in curve.series] == ["with the cache", "without"]
    assert [x for x, _ in curve.series[0].points] == [8, 96]
    assert curve.series[0].points[1][1] < curve.series[1].points[1][1]
    assert shown.provenance.origin is Origin.LIVE
    await assert_it_fits_and_turns(embedded, "cache", shown)


def test_bytes_are_written_in_powers_of_1024() -> None:
    assert [binary(n) for n in (1, 1023, 1024, 131_072, 1.5 * KIB**4, KIB**6)] == [
        "1 B", "1023 B", "1 KiB", "128 KiB", "1.5 TiB", "1024 PiB",
    ]  # fmt: skip


@pytest.mark.parametrize("config", ["gpt-2", "llama-3-8b"])
async def test_more_context_than_the_model_has_is_refused_in_one_line(config: str) -> None:
    engine = CountingEngine()
    chosen = {"config": config, "context": 100_000, "measure": True}
    with pytest.raises(BadInput, match=r"was made for [18],[0-9]{3} tokens") as refused:
        await catalogue.run(engine, "cache", chosen)
    assert "\n" not in str(refused.value)
    assert engine.calls == []  # nothing was loaded for it


async def test_a_neighbour_with_less_context_shows_none() -> None:
    shown = await cache.run(CountingEngine(), Cache(config="llama-3.1-8b", context=131_072))
    table = table_of(shown)
    assert dict(table.rows)["llama-3-8b"] == "-"
    assert dict(table.rows)["llama-3.1-8b"] == "16"  # GiB


async def test_a_latent_counts_as_one_not_as_128_heads() -> None:
    told = values(await cache.run(CountingEngine(), Cache(config="deepseek-v3", context=1000)))
    assert told["a token"] == "68.62 KiB"
    assert told["layers × (latent + rotary) × bytes"] == "61 × (512 + 64) × 2"


async def test_a_hybrid_has_a_growing_part_and_a_state() -> None:
    shown = await cache.run(CountingEngine(), Cache(config="qwen3.6-27b", context=8_192))
    told = values(shown)
    assert told["a token"] == "64 KiB"  # never the 256 of all 64 layers
    assert told["a sequence, however long"] == "146.8 MiB"
    assert told["8,192 tokens × 1"] == "658.8 MiB"
    said = shown.parts[3]
    assert isinstance(said, Prose)
    assert "float32" in said.text
    assert "48 of its 64 layers" in said.text


async def test_a_window_stops_growing() -> None:
    told = values(await cache.run(CountingEngine(), Cache(config="gpt-oss-120b", context=8_192)))
    assert told["a token"] == "36 KiB"
    assert told["while in the window"] == "36 KiB"
    assert told["8,192 tokens × 1"] == "292.5 MiB"  # 8,192 × 36 KiB + 128 × 36 KiB


async def test_fp8_halves_it() -> None:
    told = values(await cache.run(CountingEngine(), Cache(precision="fp8")))
    assert told["a token"] == "64 KiB"
