import pytest

from tests.fakes.engine import CountingEngine
from tests.tools.instruments.turning import assert_it_fits_and_turns, values
from tools import catalogue
from tools.engine.base import Capability
from tools.engine.local.local import LocalEngine
from tools.engine.timings import Bandwidth, DecodeSpeed
from tools.errors import BadInput
from tools.exhibit.exhibit import Curve, Exhibit, Origin, Prose, Table
from tools.exhibit.monospace import PHONE
from tools.exhibit.text import exhibit_text, part_text
from tools.instruments import bandwidth
from tools.instruments.bandwidth import BandwidthParams, here_said
from tools.models import SHAPES


class Served(CountingEngine):
    def capabilities(self) -> frozenset[Capability]:
        return frozenset({Capability.NEXT_TOKEN})


async def shown_of(**chosen: object) -> Exhibit:
    return await catalogue.run(Served(), "bandwidth", chosen)


def table_of(shown: Exhibit) -> Table:
    (table,) = (part for part in shown.parts if isinstance(part, Table))
    return table


def said_of(shown: Exhibit) -> str:
    return " ".join(part.text for part in shown.parts if isinstance(part, Prose))


async def test_an_untied_input_table_is_not_read() -> None:
    told = values(await shown_of(config="llama-3-8b"))
    # 3.35 TB/s ÷ (8,030,261,248 − 128,256 × 4,096) × 2 bytes: 223, not the 209 of all weights
    assert told["one sequence, weights alone"] == "223"
    assert told["read for a token"] == "15 GB"


async def test_gpus_that_share_each_matrix_read_at_the_same_time() -> None:
    told = values(await shown_of(config="llama-3.1-405b", gpu="H200", gpus=6))
    # 807.5 GB at 6 × 4.8 TB/s; one H200 after the other would be the 6 that stood here
    assert told["one sequence, weights alone"] == "35.7"
    told = values(
        await shown_of(config="llama-3.1-405b", gpu="H200", gpus=6, context=8_192, batch=1)
    )
    assert told["a step"] == "28.1"  # ms: 35.5 tokens/s with the cache of 8,192 tokens


async def test_each_sequence_reads_its_own_cache() -> None:
    shown = await shown_of(config="llama-3-8b", context=8_192)
    rows = {row[0]: row[1:] for row in table_of(shown).rows}
    assert rows["1"] == ("208", "208", "mem")
    assert float(rows["64"][1]) < 0.25 * float(rows["1"][1])
    assert values(shown)["cache of 8"] == "8.59 GB"  # 8 × 8,192 × 128 KiB


async def test_it_never_says_that_it_cannot_be_faster() -> None:
    for config in ("llama-3-8b", "gpt-oss-120b", "deepseek-v3"):
        text = said_of(await shown_of(config=config))
        assert "can't" not in text
        assert "cannot" not in text
        assert "speculation gets several tokens out of one" in text


async def test_the_roof_bends_where_arithmetic_takes_over() -> None:
    text = said_of(await shown_of(config="llama-3-8b", context=0))
    assert "From 296 sequences on arithmetic bounds a step" in text  # 989 T ÷ 3.35 T = 295
    assert "Memory bounds every step" in said_of(await shown_of(config="llama-3-8b", context=8192))


async def test_prefill_and_decode_are_points_under_one_roof() -> None:
    shown = await shown_of(config="llama-3-8b", batch=64)
    (curve,) = (part for part in shown.parts if isinstance(part, Curve))
    decode, reading, now = curve.series
    assert curve.is_log
    assert decode.points[0] == (1.0, pytest.approx(221.2, abs=0.1))
    seconds = reading.points[-1][0] / reading.points[-1][1]
    assert seconds == pytest.approx(0.133, abs=0.001)  # 8,192 tokens, at least: arithmetic
    assert now.points[0][0] == 64


async def test_the_weights_that_do_not_fit_are_said_not_to() -> None:
    assert "need 10 of these" in said_of(await shown_of(config="llama-3.1-405b"))
    assert "need" not in said_of(await shown_of(config="llama-3-8b"))
    assert "divide the 128 heads" in said_of(await shown_of(config="llama-3.1-405b", gpus=6))


async def test_all_gpus_stand_side_by_side() -> None:
    shown = await shown_of(config="llama-3-70b", show="gpus", context=0)
    rows = {row[0]: row[1:] for row in table_of(shown).rows}
    assert rows["H100"] == ("3.35", "24.1", "2")  # 3,350 ÷ 139.0
    assert rows["4090"] == ("1.01", "7.25", "6")
    assert shown.provenance.origin is Origin.COMPUTED
    await assert_it_fits_and_turns(Served(), "bandwidth", shown)


@pytest.mark.parametrize("show", ["roof", "gpus"])
@pytest.mark.parametrize("config", SHAPES)
async def test_every_table_stays_whole_on_a_phone(config: str, show: str) -> None:
    shown = await shown_of(config=config, show=show, context=0, batch=1_024)
    text = part_text(table_of(shown), PHONE)
    assert "…" not in text
    assert len(text.splitlines()) == len(table_of(shown).rows) + 1
    assert exhibit_text(shown)


async def test_more_context_than_the_model_has_is_refused_before_anything_is_measured() -> None:
    with pytest.raises(BadInput, match="made for 8,192 tokens") as refused:
        await catalogue.run(CountingEngine(), "bandwidth", {"context": 100_000})
    assert "\n" not in str(refused.value)


async def test_this_machine_is_measured_with_its_spread(embedded: LocalEngine) -> None:
    shown = await bandwidth.run(embedded, BandwidthParams())
    said = shown.parts[-1]
    assert isinstance(said, Prose)
    # 28,311,552 weights in 34/32 bytes, 106,168,320 in 20/32, 35,136 in 4
    assert said.text.startswith(
        "Measured here, smollm2-135m: 96.6 MB of weights, as it keeps them, read at "
    )
    read = values(shown)["memory here"]
    assert isinstance(read, float)
    assert read > 0
    assert shown.provenance.origin is Origin.LIVE
    await assert_it_fits_and_turns(embedded, "bandwidth", shown)


def test_it_never_makes_154_percent_of_a_bound() -> None:
    read = Bandwidth(10e9, 100_000_000, 4e9)  # 100 tokens/s at the fastest reading
    said = here_said("it", read, DecodeSpeed(16, 154.0, 120.0, 170.0)).text
    assert "154 tokens/s (120 to 170), faster than any of the readings" in said
    assert "%" not in said
    said = here_said("it", read, DecodeSpeed(16, 75.0, 60.0, 90.0)).text
    assert "read at 4.0 to 10.0 GB/s" in said
    assert said.endswith("75 % of what the fastest would give.")


async def test_an_engine_that_can_be_looked_into_is_taken_first(embedded: LocalEngine) -> None:
    served = Served()
    assert catalogue.able(served, "bandwidth", embedded) is embedded
    assert catalogue.able(served, "bandwidth") is served
    assert catalogue.able(served, "nexttoken", embedded) is served
