"""Each instrument that measures a server, on a real one; and the others, as the bot runs them."""

import pytest

from bench.serve_vllm import MODEL
from tests.cluster.conftest import Served
from tests.tools.instruments.serving_checks import (
    check_told,
    facts,
    only,
    tables,
    turn_every_knob,
)
from tools import catalogue
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.sharing.shared import SharedEngine
from tools.errors import BadInput
from tools.exhibit.exhibit import Code, Curve


@pytest.mark.against("phases", by="a live vLLM")
async def test_phases_shows_that_a_longer_prompt_takes_longer_to_read(
    shared: SharedEngine,
) -> None:
    chosen = {"lengths": "16 128 1024", "tokens": 4}
    shown = await catalogue.run(shared, "phases", chosen)
    check_told(shown, shared)
    first, between = only(shown, Curve).series
    tokens = [x for x, _ in first.points]
    assert tokens == pytest.approx([16, 128, 1024], abs=4)
    assert first.points[2][1] > 2 * first.points[0][1]
    assert all(ms > 0 for _, ms in between.points)
    assert "times as fast" in facts(shown)["reading is"]


async def test_phases_refuses_what_the_context_does_not_hold(shared: SharedEngine) -> None:
    with pytest.raises(BadInput, match=r"4,096 words are too many .* too long"):
        await catalogue.run(shared, "phases", {"lengths": "16 4096"})


@pytest.mark.against("burst", by="a live vLLM's counters")
async def test_burst_is_counted_whole_and_leaves_nothing_behind(shared: SharedEngine) -> None:
    shown = await catalogue.run(shared, "burst", {"requests": 16, "tokens": 16})
    check_told(shown, shared)
    each, counters = tables(shown)
    assert len(each.rows) == 16
    told = dict(counters.rows)
    assert (told["finished"], told["tokens made"], told["preempted"]) == ("16", "256", "0")
    assert int(told["writing at once"]) > 1
    assert 1 < float(told["made a step"]) <= 16
    after = await shared.metrics()
    assert after
    assert after.running == 0


async def test_a_burst_of_one_is_seen_running(shared: SharedEngine) -> None:
    shown = await catalogue.run(shared, "burst", {"requests": 1, "tokens": 2})
    told = dict(tables(shown)[1].rows)
    assert (told["writing at once"], told["finished"], told["tokens made"]) == ("1", "1", "2")


@pytest.mark.against("prefix", by="a live vLLM's counters")
async def test_prefix_finds_the_second_beginning_in_the_cache(shared: SharedEngine) -> None:
    shown = await catalogue.run(shared, "prefix", {"length": 1024})
    check_told(shown, shared)
    asked, found = tables(shown)[0].rows
    assert (int(asked[1].replace(",", "")), found[1]) == (pytest.approx(1031, abs=3), "0")
    assert int(found[2].replace(",", "")) >= 896
    times = float(facts(shown)["second starts"].split()[2])
    assert times > 1.5


@pytest.mark.against("lab", by="a live vLLM's counters")
async def test_lab_tells_what_the_server_tells(shared: SharedEngine) -> None:
    await catalogue.run(shared, "lab", {})
    await shared.stream_timed("The cat", 4)
    shown = await catalogue.run(shared, "lab", {})
    check_told(shown, shared)
    levels, counts, lately, ever = tables(shown)
    assert dict(levels.rows)["running"] == "0"
    assert {row[0]: row[1] for row in counts.rows} == {
        "finished": "1",
        "aborted": "0",
        "rejected": "0",
        "preempted": "0",
        "read": "2",
        "made": "4",
        "hits": "0.0%",
    }
    for speeds in (lately, ever):
        assert all(cell != "–" for row in speeds.rows for cell in row)
    told = facts(shown)
    assert "0.32.0" in told["vLLM"]
    assert "2,048" in told["context"]
    assert told["KV block"] == "KV block 128 tokens"
    assert MODEL in only(shown, Code).text


@pytest.mark.against("blocks", by="a live vLLM's hits")
async def test_blocks_are_found_counted_and_kept_as_the_rule_says(shared: SharedEngine) -> None:
    shown = await catalogue.run(shared, "blocks", {"show": "server"})
    check_told(shown, shared)
    table = tables(shown)[0]
    assert [row[0] for row in table.rows] == ["A", "B", "C"]
    assert [row[2] for row in table.rows] == [row[3] for row in table.rows] == ["0", "128", "128"]
    assert facts(shown)["as the rule says"] == "as the rule says 3 of 3"


@pytest.mark.against("blocks", by="a live vLLM's KV events")
async def test_the_servers_hashes_are_those_worked_out_from_the_tokens(
    shared: SharedEngine, served: Served
) -> None:
    if served.kv_events is None:
        pytest.skip("the server publishes no KV events: HUNCH_TEST_KV_EVENTS")
    shown = await catalogue.run(shared, "blocks", {"show": "server"})
    stored = tables(shown)[1]
    assert stored.header == ("block", "hash", "server")
    assert stored.rows
    assert {row[2] for row in stored.rows} == {"kept"}


@pytest.mark.against("load", by="Little's law, by a live vLLM", within=0.05)
async def test_under_load_littles_law_holds_by_the_servers_own_clock(shared: SharedEngine) -> None:
    chosen = {"rates": "1 4", "requests": 16, "tokens": 16}
    shown = await catalogue.run(shared, "load", chosen)
    check_told(shown, shared)
    ours, theirs = (
        float(facts(shown)[f"inside, by {who}"].split()[-1]) for who in ("Little", "the server")
    )
    assert ours == pytest.approx(theirs, rel=0.05, abs=0.1)
    assert ours > 1


@pytest.mark.parametrize("name", ["phases", "burst", "prefix", "lab", "load"])
async def test_every_knob_turns(shared: SharedEngine, name: str) -> None:
    small: dict[str, dict[str, object]] = {
        "phases": {"lengths": "8 16", "tokens": 2, "samples": 1},
        "burst": {"requests": 4, "tokens": 2},
        "prefix": {"length": 64},
        "load": {"rates": "4 8", "requests": 4, "tokens": 2, "words": 8},
    }
    for shown in await turn_every_knob(shared, name, small.get(name, {})):
        check_told(shown, shared)


@pytest.mark.parametrize("name", ["nexttoken", "generate", "sampling"])
async def test_instruments_of_one_token_run_on_either(either: ClusterEngine, name: str) -> None:
    shown = await catalogue.run(SharedEngine(either), name, {"prompt": "The cat sat on the"})
    assert (shown.provenance.model, shown.provenance.engine) == (MODEL, "cluster")
    assert shown.parts
