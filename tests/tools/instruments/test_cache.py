import pytest

from tests.fakes.engine import CountingEngine
from tests.tools.instruments.turning import assert_it_fits_and_turns, values
from tools import catalogue
from tools.engine.local.local import LocalEngine
from tools.errors import BadInput
from tools.exhibit.exhibit import Curve, Origin, Table
from tools.exhibit.text import part_text
from tools.instruments import cache
from tools.instruments.cache import Cache, Precision, binary, token_bytes
from tools.models import SHAPES

KIB = 1024


@pytest.mark.parametrize(
    ("name", "precision", "kib"),
    [
        ("llama-3-8b", "bfloat16", 128),  # 2 × 32 × 8 × 128 × 2
        ("llama-3-8b", "int8", 64),
        ("llama-3-70b", "bfloat16", 320),  # 2 × 80 × 8 × 128 × 2
        ("mistral-7b", "bfloat16", 128),
        ("smollm2-135m", "float32", 45),  # 2 × 30 × 3 × 64 × 4
        ("gpt-3", "bfloat16", 4608),  # every head keeps its own: 2 × 96 × 96 × 128 × 2
    ],
)
def test_bytes_a_token_are_those_worked_by_hand(name: str, precision: Precision, kib: int) -> None:
    assert token_bytes(SHAPES[name], precision) == kib * KIB


async def test_256_tokens_of_llama_take_32_mib() -> None:
    shown = await cache.run(CountingEngine(), Cache())
    assert values(shown)["a token"] == "128 KiB"
    assert values(shown)["256 tokens × 1"] == "32 MiB"
    assert shown.provenance.origin is Origin.COMPUTED
    table = shown.parts[0]
    assert isinstance(table, Table)
    assert table.lit is not None
    assert table.header == ("model", "MiB")
    assert table.rows[table.lit] == ("llama-3-8b", "32")
    assert ("gpt-3", "1.15k") in table.rows  # 4,608 KiB × 256
    await assert_it_fits_and_turns(CountingEngine(), "cache", shown)


async def test_the_models_are_listed_by_the_token_too() -> None:
    table = (await cache.run(CountingEngine(), Cache(show="token"))).parts[0]
    assert isinstance(table, Table)
    assert table.header == ("model", "KiB")
    assert ("llama-3-8b", "128") in table.rows


@pytest.mark.parametrize("name", SHAPES)
async def test_the_chosen_model_stands_among_the_eight_next_to_it(name: str) -> None:
    table = (await cache.run(CountingEngine(), Cache(config=name))).parts[0]
    assert isinstance(table, Table)
    assert table.lit is not None
    assert table.rows[table.lit][0] == name
    listed = [row[0] for row in table.rows]
    first = list(SHAPES).index(listed[0])
    assert listed == list(SHAPES)[first : first + 8]


async def test_context_and_batch_multiply() -> None:
    shown = await cache.run(CountingEngine(), Cache(context=8192, batch=64))
    assert values(shown)["8,192 tokens × 64"] == "64 GiB"
    largest = Cache(context=10_000_000, batch=100_000, config="gpt-3", precision="float32")
    shown = await cache.run(CountingEngine(), largest)
    await assert_it_fits_and_turns(CountingEngine(), "cache", shown)


@pytest.mark.parametrize("show", ["all", "token"])
@pytest.mark.parametrize("precision", ["float32", "int8"])
@pytest.mark.parametrize(("context", "batch"), [(1, 1), (131_072, 256), (10_000_000, 100_000)])
async def test_every_name_and_size_stays_whole_on_a_phone(
    show: str, precision: str, context: int, batch: int
) -> None:
    params = {"show": show, "precision": precision, "context": context, "batch": batch}
    table = (await catalogue.run(CountingEngine(), "cache", params)).parts[0]
    assert "…" not in part_text(table, 22)
    assert all(float(row[1].strip("<kMBT")) for row in table.rows)  # type: ignore[union-attr]


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


def test_an_unknown_config_is_told_with_those_there_are() -> None:
    with pytest.raises(BadInput, match=r"no such config\. There are: tiny, gpt-2"):
        catalogue.parameters("cache", {"config": "gpt-9"})
    field = catalogue.instrument("cache").params.model_json_schema()["properties"]["config"]
    assert field["enum"] == list(SHAPES)
