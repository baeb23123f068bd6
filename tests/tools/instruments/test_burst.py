import math

import pytest
from aiohttp import web

from tests.fakes.stub_vllm import StubVllm
from tests.tools.instruments.serving_checks import (
    check_shown,
    facts,
    only,
    prose,
    tables,
    turn_every_knob,
)
from tools import catalogue
from tools.algorithms.workload import most_at_once
from tools.engine.local.local import LocalEngine
from tools.engine.metrics import Histogram, Metrics
from tools.engine.serving import Timed
from tools.engine.sharing.shared import SharedEngine
from tools.errors import BadInput, Missing, Nonsense
from tools.exhibit.exhibit import Origin, Prose, Provenance, Timeline
from tools.instruments.burst import Burst, counted, exhibit

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
    stub.opens_at = 6  # nothing is answered before all six are there
    stub.gate.clear()
    shown = await catalogue.run(served, "burst", {"requests": 6, "tokens": 3})
    check_shown(shown, served)
    assert stub.most_running == 6
    each, counters = tables(shown)
    assert len(each.rows) == 6
    told = dict(counters.rows)
    assert (told["finished"], told["tokens made"], told["preempted"]) == ("6", "18", "0")
    assert 1 <= int(told["writing at once"]) <= 6


async def test_one_request_alone_is_counted_however_short_it_is(
    stub: StubVllm, served: SharedEngine
) -> None:
    """`--requests 1` showed "running peak 0": levels were looked at each 0.2 s."""
    shown = await catalogue.run(served, "burst", {"requests": 1, "tokens": 2})
    told = dict(tables(shown)[1].rows)
    assert (told["writing at once"], told["finished"], told["tokens made"]) == ("1", "1", "2")


async def test_no_request_is_sent_ahead_of_the_others(stub: StubVllm, served: SharedEngine) -> None:
    """The first one waited for the tokenizer's control tokens, so it left at another time."""
    looked_up_at: list[int] = []
    answer = stub.others.answer

    async def watched(request: web.Request) -> web.StreamResponse:
        if request.path == "/tokenizer_info":
            looked_up_at.append(len(stub.bodies))
        return await answer(request)

    stub.others.answer = watched  # type: ignore[method-assign]
    await catalogue.run(served, "burst", {"requests": 4, "tokens": 2})
    assert looked_up_at == [0]  # once, before any of them


def test_what_wrote_at_once_is_told_by_when_tokens_came() -> None:
    between = Metrics(finished=2.0, made_tokens=8.0, step_tokens=Histogram((math.inf,), (6.0,)))
    told = dict(counted(between, ANSWERS).rows)
    assert told == {
        "writing at once": "1",  # until 11.0 s, and from 11.5 s on
        "finished": "2",
        "tokens made": "8",
        "steps": "6",
        "made a step": "1.3",
        "preempted": "–",
    }


@pytest.mark.parametrize(
    ("spans", "most"),
    [((), 0), (((0, 2), (1, 3), (2, 4)), 2), (((0, 9), (1, 2), (3, 4)), 2), (((1, 1),), 1)],
)
def test_spans_that_only_touch_do_not_overlap(
    spans: tuple[tuple[float, float], ...], most: int
) -> None:
    assert most_at_once(spans) == most


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


async def test_pieces_that_nobody_counted_are_not_passed_off_as_tokens(
    stub: StubVllm, served: SharedEngine
) -> None:
    """Class: a server that leaves something uncounted."""
    counted = prose(await catalogue.run(served, "burst", {"requests": 2, "tokens": 3}))
    stub.has_ids = False
    uncounted = prose(await catalogue.run(served, "burst", {"requests": 2, "tokens": 3}))
    assert "counts no tokens" in uncounted
    assert "counts no tokens" not in counted
