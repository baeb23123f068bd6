import asyncio

import pytest

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
from tools.algorithms.load import LoadResult
from tools.engine.asker import asking_as
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.local.local import LocalEngine
from tools.engine.metrics import Histogram, Metrics
from tools.engine.serving import Arrival
from tools.engine.sharing.shared import SharedEngine
from tools.errors import BadInput, Busy, Missing, Unavailable
from tools.exhibit.exhibit import Curve
from tools.instruments.saturation import verdict

QUICK = {"rates": "20 60", "requests": 6, "tokens": 3}


async def test_each_rate_is_a_round_and_a_row(stub: StubVllm, served: SharedEngine) -> None:
    shown = await catalogue.run(served, "load", QUICK)
    check_shown(shown, served)
    assert len(stub.prompts) == 12
    done, waits = tables(shown)
    assert [row[0] for row in done.rows] == [row[0] for row in waits.rows] == ["20", "60"]
    names = [series.name for series in only(shown, Curve).series]
    assert names == ["first token p50", "first token p99", "each next p50", "each next p99"]
    assert "Nothing saturates: at 60 a second 100% are still good" in prose(shown)
    assert "Little's law" in prose(shown)


async def test_littles_law_holds_against_the_servers_own_clock(
    stub: StubVllm, served: SharedEngine
) -> None:
    """What arrives a second × the time inside is how many the server has inside."""
    stub.token_s = 0.05
    chosen = {"rates": "15 40", "requests": 40, "tokens": 5}
    shown = await catalogue.run(served, "load", chosen)
    told = facts(shown)
    ours, theirs = (
        float(told[f"inside, by {who}"].split()[-1]) for who in ("Little", "the server")
    )
    # a busy machine lengthens either, never below what the stub sleeps: four gaps a request.
    # `make test-cluster` holds both clocks together within 5 %
    done, _ = tables(shown)
    answered_per_s = float(done.rows[-1][1])
    least = answered_per_s * 4 * stub.token_s
    assert 0.9 * least <= theirs <= stub.most_running
    assert theirs <= 1.05 * ours + 0.1  # the server's time lies within the learner's


async def test_it_does_not_wait_for_an_answer_before_it_sends_the_next(
    stub: StubVllm, served: SharedEngine
) -> None:
    stub.gate.clear()
    asked = asyncio.create_task(
        catalogue.run(served, "load", {"rates": "50 60", "requests": 5, "tokens": 2})
    )
    await stub.until_running(5)  # none of them has been answered
    stub.gate.set()
    assert (await asked).parts


async def test_no_more_than_the_operator_lets_through_are_in_flight_and_who_waits_is_told(
    stub: StubVllm,
) -> None:
    served = SharedEngine(ClusterEngine(stub.base_url, "served", timeout_s=5, at_once=2))
    stub.token_s = 0.02
    shown = await catalogue.run(served, "load", QUICK)
    assert stub.most_running == 2
    assert "waited here: 2 are in flight at the most" in prose(shown)
    await served.close()


async def test_never_are_more_than_64_in_flight(stub: StubVllm) -> None:
    served = SharedEngine(ClusterEngine(stub.base_url, "served", timeout_s=5, at_once=500))
    stub.gate.clear()
    burst = tuple(Arrival(0.0, "a", 1) for _ in range(80))
    asked = asyncio.create_task(served.under_load((burst,)))
    await stub.until_running(64)
    stub.gate.set()
    (done,) = await asked
    assert (stub.most_running, sum(one.is_held for one in done.answers)) == (64, 16)
    await served.close()


async def test_prompts_differ_from_run_to_run_and_times_do_not(
    stub: StubVllm, served: SharedEngine
) -> None:
    for _ in range(2):
        await catalogue.run(served, "load", QUICK)
    assert len(set(stub.prompts)) == 24


async def test_refused_requests_are_counted_and_named(stub: StubVllm, served: SharedEngine) -> None:
    stub.refuses_after = 6
    shown = await catalogue.run(served, "load", QUICK)
    assert "6 got no answer" in prose(shown)
    assert "From 60 a second on only 0% are good: 6 were refused" in prose(shown)


async def test_where_nothing_is_answered_it_says_why(stub: StubVllm, served: SharedEngine) -> None:
    stub.refuses_after = 0
    with pytest.raises(Unavailable, match=r"No request was answered.*503"):
        await catalogue.run(served, "load", QUICK)


async def test_without_counters_it_says_what_would_tell(
    stub: StubVllm, served: SharedEngine
) -> None:
    stub.has_metrics = False
    shown = await catalogue.run(served, "load", QUICK | {"ttft_ms": 1, "tpot_ms": 1})
    assert "inside, by the server" not in facts(shown)


async def test_a_load_is_heavy_one_at_a_time(stub: StubVllm, served: SharedEngine) -> None:
    stub.gate.clear()
    with asking_as(7):
        running = [asyncio.create_task(catalogue.run(served, "load", QUICK)) for _ in range(2)]
        await stub.until_running(6)
        with pytest.raises(Busy):
            await catalogue.run(served, "load", QUICK)
    assert stub.running == 6  # the second waits for the first
    stub.gate.set()
    await asyncio.gather(*running)


async def test_when_it_is_given_up_nothing_goes_on(stub: StubVllm, served: SharedEngine) -> None:
    stub.gate.clear()
    asked = asyncio.create_task(catalogue.run(served, "load", QUICK))
    await stub.until_running(6)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    await stub.until_running(0)


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"rates": "1"}, "2 to 6 rates"),
        ({"rates": "a 2"}, "like: 0.5 1 2"),
        ({"rates": "0.01 2"}, "from 0.1 to 64"),
        ({"rates": "0.1 2", "requests": 64}, "about 672 s: raise the lowest rate"),
        ({"rates": "8 16 32 48 64", "requests": 64}, "more than 256 requests"),
        ({"requests": 65}, "requests"),
    ],
)
def test_a_load_is_bounded_in_count_and_time(chosen: dict[str, object], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        catalogue.parameters("load", chosen)


@pytest.mark.parametrize(
    ("rounds", "says"),
    [
        ((), "1 to 256 requests"),
        (((),), "1 to 256 requests"),
        ((tuple(Arrival(0.0, "a", 1) for _ in range(257)),), "1 to 256 requests, not 257"),
        (((Arrival(0.0, "a", 1), Arrival(151.0, "a", 1)),), "arrive for 151 s"),
    ],
)
async def test_the_engine_keeps_the_bounds_too(
    served: SharedEngine, rounds: tuple[tuple[Arrival, ...], ...], says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        await served.under_load(rounds)


def result(**changed: object) -> LoadResult:
    plain: dict[str, object] = {
        "rate": 8.0,
        "asked": 10,
        "failed": 0,
        "held": 0,
        "most_in_flight": 64,
        "took_s": 2.0,
        "firsts_s": (2.0,) * 10,
        "gaps_s": (0.05,) * 10,
        "inside_s": (3.0,) * 10,
        "good": 5,
        "most": 10,
        "tokens": 20,
        "counted": None,
    }
    return LoadResult(**plain | changed)  # type: ignore[arg-type]


def seen(seconds: float) -> Histogram:
    return Histogram((1.0, float("inf")), (0.0, 10.0), 10 * seconds)


@pytest.mark.parametrize(
    ("counted", "says"),
    [
        (None, "shows no counters"),
        (Metrics(rejected=3.0), "3 were refused"),
        (Metrics(preemptions=4.0, queued=seen(1.9)), "the KV cache is short: 4 times"),
        (
            Metrics(queued=seen(1.5), blocks=11, block_size=16, read_tokens=140.0),
            "1500 ms in the queue, for blocks of the KV cache",
        ),
        (
            Metrics(queued=seen(1.5), blocks=999, block_size=16, read_tokens=140.0),
            "in the queue, for max_num_seqs or the token budget",
        ),
        (Metrics(queued=seen(0.1), first_token=seen(0.4)), "1600 ms pass before the engine's"),
        (Metrics(queued=seen(0.1), first_token=seen(1.9)), "the engine's steps take long"),
    ],
)
def test_what_gives_way_first_is_told_from_the_counters(counted: Metrics | None, says: str) -> None:
    good = result(rate=1.0, good=10)
    assert says in verdict([good, result(counted=counted)])
    assert "From 8 a second on only 50% are good" in verdict([good, result(counted=counted)])


async def test_the_embedded_model_is_no_server(embedded: LocalEngine) -> None:
    with pytest.raises(Missing, match="load needs stream"):
        await catalogue.run(embedded, "load", {})


async def test_every_knob_turns(served: SharedEngine) -> None:
    chosen: dict[str, object] = {"rates": "20 30", "requests": 4, "tokens": 2}
    for shown in await turn_every_knob(served, "load", chosen):
        check_shown(shown, served)
