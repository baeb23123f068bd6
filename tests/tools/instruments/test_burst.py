import pytest

from tests.fakes.stub_vllm import StubVllm
from tests.tools.instruments.serving_checks import (
    check_shown,
    facts,
    only,
    tables,
    turn_every_knob,
)
from tools import catalogue
from tools.engine.local.local import LocalEngine
from tools.engine.serving import Timed
from tools.engine.sharing.shared import SharedEngine
from tools.errors import BadInput, Missing, Nonsense
from tools.exhibit.exhibit import Origin, Prose, Provenance, Timeline
from tools.instruments.burst import Burst, exhibit

ANSWERS = [Timed("", 24, 10.0, 0.5, (0.1, 0.1, 0.3)), Timed("", 24, 10.1, 1.4, (0.2, 0.2, 0.1))]
SOURCE = Provenance(Origin.LIVE, "m", "cluster")


def test_times_are_worked_out_from_what_each_request_saw() -> None:
    shown = exhibit(ANSWERS, None, Burst(requests=2), SOURCE)
    assert tables(shown)[0].rows == (("1", "500", "100"), ("2", "1400", "200"))
    told = facts(shown)
    assert "4 tokens/s" in told["throughput"]  # eight tokens from 10.0 s to 12.0 s
    assert "500" in told["first token p50"]
    assert "1400" in told["first token p95"]
    assert "100" in told["next token p50"]
    assert "300" in told["next token p95"]


def test_a_lane_says_when_each_waited_and_wrote() -> None:
    lanes = only(exhibit(ANSWERS, None, Burst(requests=2), SOURCE), Timeline).lanes
    spans = [(span.start, span.end) for lane in lanes for span in lane.spans]
    flat = [time for span in spans for time in span]
    assert flat == pytest.approx([0, 0.5, 0.5, 1.0, 0.1, 1.5, 1.5, 2.0])


async def test_all_are_sent_at_once_and_the_counters_are_seen(
    stub: StubVllm, served: SharedEngine
) -> None:
    stub.opens_at = 6  # nothing is answered before all six are there, and were counted
    shown = await catalogue.run(served, "burst", {"requests": 6, "tokens": 3})
    check_shown(shown, served)
    assert stub.most_running == 6
    each, counters = tables(shown)
    assert len(each.rows) == 6
    assert counters.rows[0] == ("running", "0", "6", "0")


async def test_without_counters_it_says_so(stub: StubVllm, served: SharedEngine) -> None:
    stub.has_metrics = False
    shown = await catalogue.run(served, "burst", {"requests": 2, "tokens": 2})
    assert "no counters" in only(shown, Prose).text


async def test_when_one_fails_the_others_are_given_up(stub: StubVllm, served: SharedEngine) -> None:
    stub.event = {"choices": "nothing"}
    with pytest.raises(Nonsense):
        await catalogue.run(served, "burst", {"requests": 4, "tokens": 2})
    await stub.until_running(0)


async def test_every_knob_turns(served: SharedEngine) -> None:
    for shown in await turn_every_knob(served, "burst", {"requests": 4, "tokens": 2}):
        check_shown(shown, served)


@pytest.mark.parametrize("chosen", [{"requests": 17}, {"requests": 0}, {"tokens": 65}])
def test_no_more_than_sixteen_small_ones(chosen: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        catalogue.parameters("burst", chosen)


async def test_the_embedded_model_is_no_server_and_it_says_what_to_do(
    embedded: LocalEngine,
) -> None:
    with pytest.raises(Missing, match=r"burst needs stream.*make cluster"):
        await catalogue.run(embedded, "burst", {})
