import pytest

from tests.fakes.engine import CountingEngine
from tests.tools.instruments.turning import assert_it_fits_and_turns, values
from tools import catalogue
from tools.engine.base import Capability
from tools.engine.local.local import LocalEngine
from tools.exhibit.exhibit import Origin, Prose, Table
from tools.instruments import bandwidth
from tools.instruments.bandwidth import BandwidthParams, ceiling


class Served(CountingEngine):
    def capabilities(self) -> frozenset[Capability]:
        return frozenset({Capability.NEXT_TOKEN})


def test_a_ceiling_is_bandwidth_by_bytes() -> None:
    assert ceiling(3.35e12, 140e9) == pytest.approx(23.93, abs=0.01)


async def test_gpus_need_no_model() -> None:
    shown = await catalogue.run(Served(), "bandwidth", {"config": "llama-3-70b"})
    table = shown.parts[0]
    assert isinstance(table, Table)
    rows = {row[0]: row[1:] for row in table.rows}
    # 70,553,706,496 weights × 2 bytes = 141.1 GB; 3,350 ÷ 141.1 = 23.7
    assert rows["H100 SXM"] == ("3.35", "24", "2")
    assert rows["RTX 4090"] == ("1.01", "7", "6")
    assert values(shown) == {"weights": "141 GB"}
    assert shown.provenance.origin is Origin.COMPUTED
    await assert_it_fits_and_turns(Served(), "bandwidth", shown)


async def test_this_machine_is_measured_against_its_own_bound(embedded: LocalEngine) -> None:
    shown = await bandwidth.run(embedded, BandwidthParams())
    said = shown.parts[-1]
    assert isinstance(said, Prose)
    # 28,311,552 weights in 34/32 bytes, 106,168,320 in 20/32, 35,136 in 4
    assert said.text.startswith(
        "Measured here, smollm2-135m: 96.6 MB of weights, as it keeps them, ÷ "
    )
    read = values(shown)["memory here"]
    assert isinstance(read, float)
    assert read > 0
    assert shown.provenance.origin is Origin.LIVE
    await assert_it_fits_and_turns(embedded, "bandwidth", shown)


async def test_an_engine_that_can_be_looked_into_is_taken_first(embedded: LocalEngine) -> None:
    served = Served()
    assert catalogue.able(served, "bandwidth", embedded) is embedded
    assert catalogue.able(served, "bandwidth") is served
    assert catalogue.able(served, "nexttoken", embedded) is served
