import asyncio

import pytest

from tests.fakes.kv_publisher import kv_publisher, stored
from tests.fakes.servers import told
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
from tools.algorithms.paging import block_hashes
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.local.local import LocalEngine
from tools.engine.sharing.shared import SharedEngine
from tools.errors import BadInput, Missing
from tools.exhibit.exhibit import Grid, Knob
from tools.instruments.block_parts import last_bits, short_hash

EMPTY = {"second": "", "third": ""}
PROMPTS = {"first": "a a a a b", "second": "a a a a c", "third": ""}


async def test_it_opens_on_a_shared_head_and_on_one_that_a_first_word_spoils(
    embedded: LocalEngine,
) -> None:
    shown = await catalogue.run(embedded, "blocks", {})
    check_shown(shown, embedded)
    blocks, counts = tables(shown)
    assert dict(blocks.rows) == {"A": "1 2 3 (4)", "B": "1 2 3 (5)", "C": "6 7 8 9 (10)"}
    told = {row[0]: row[1:] for row in counts.rows}
    assert told["found"] == ("0", "12", "0")
    assert told["open"] == ("3", "3", "1")
    assert told["repeat"] == ("12", "12", "16")
    assert "An open block has no hash" in prose(shown)


async def test_the_map_tells_empty_held_shared_and_kept_apart(embedded: LocalEngine) -> None:
    shown = await catalogue.run(embedded, "blocks", {"num_gpu_blocks": 12})
    assert only(shown, Grid).values == (
        (None, 3, 3, 3, 2, 2, 2, 2),
        (2, 2, 2, 0, None, None, None, None),
    )
    ended = await catalogue.run(embedded, "blocks", {"num_gpu_blocks": 12, "ended": 3})
    assert only(ended, Grid).values == (
        (None, 1, 1, 1, 0, 0, 1, 1),
        (1, 1, 0, 0, None, None, None, None),
    )
    assert facts(ended)["in use"] == "in use 0 of 11 blocks"
    assert facts(ended)["handed out next"] == "handed out next 10 5 4 11"
    assert only(ended, Grid).lit == (1, 2)  # block 10


async def test_what_others_take_is_lost_for_a_repeat(embedded: LocalEngine) -> None:
    chosen = {"num_gpu_blocks": 12, "ended": 3}
    repeats = []
    for taken in (0, 4, 5, 11):
        shown = await catalogue.run(embedded, "blocks", chosen | {"taken": taken})
        repeats.append({row[0]: row[1:] for row in tables(shown)[1].rows}["repeat"])
    assert repeats == [("12", "12", "16"), ("12", "12", "16"), ("8", "8", "16"), ("0", "0", "0")]


async def test_hashes_are_chained_and_equal_where_all_before_is(embedded: LocalEngine) -> None:
    shown = await catalogue.run(embedded, "blocks", {"show": "hashes"})
    rows = tables(shown)[0].rows
    named = {row[0]: row[1:] for row in rows}
    assert named["A 1"] == named["B 1"] == (named["A 1"][0], "start")
    assert named["A 2"][1] == named["A 1"][0]
    assert named["C 6"][0] != named["A 1"][0]


async def test_prompts_that_do_not_fit_are_refused(embedded: LocalEngine) -> None:
    with pytest.raises(BadInput, match="don't fit in 5 blocks of 4 tokens"):
        await catalogue.run(embedded, "blocks", {"num_gpu_blocks": 6})
    with pytest.raises(BadInput, match="at least one prompt"):
        await catalogue.run(embedded, "blocks", {"first": " ", "second": "", "third": ""})


async def test_one_prompt_alone_will_do(embedded: LocalEngine) -> None:
    shown = await catalogue.run(embedded, "blocks", {"second": "", "third": ""})
    assert "One prompt in blocks" in prose(shown)


async def test_the_server_is_held_against_the_rule(stub: StubVllm, served: SharedEngine) -> None:
    shown = await catalogue.run(served, "blocks", {"show": "server"} | PROMPTS)
    check_shown(shown, served)
    (table,) = tables(shown)
    assert table.header == ("", "tokens", "rule", "server")
    assert [row[0] for row in table.rows] == ["A", "B"]
    assert facts(shown)["KV block"] == "KV block 8 tokens"
    assert "--kv-events-config" in prose(shown)
    first, second = stub.prompts
    assert first.split()[:-1] == second.split()[:-1]
    assert len(first.split()) == 12 + 5  # a block and a half that no cache knew


async def test_a_server_is_asked_only_where_it_counts(
    embedded: LocalEngine, stub: StubVllm, served: SharedEngine
) -> None:
    labels = {
        engine.name: [
            one.label
            for one in (await catalogue.run(engine, "blocks", PROMPTS)).controls
            if isinstance(one, Knob)
        ]
        for engine in (embedded, served)
    }
    assert "Ask the server" in labels["cluster"]
    assert "Ask the server" not in labels["embedded"]
    with pytest.raises(Missing, match=r"no counters.*make cluster"):
        await catalogue.run(embedded, "blocks", {"show": "server"})
    stub.block_size = None
    with pytest.raises(Missing, match="doesn't tell the size of its blocks"):
        await catalogue.run(served, "blocks", {"show": "server"})


async def test_every_knob_turns(embedded: LocalEngine) -> None:
    for shown in await turn_every_knob(embedded, "blocks", {"ended": 1}):
        check_shown(shown, embedded)


async def test_where_its_events_are_set_the_server_says_which_blocks_it_keeps(
    stub: StubVllm,
) -> None:
    async with kv_publisher() as publisher:
        engine = ClusterEngine(stub.base_url, "served", timeout_s=5, kv_events=publisher.address)
        served = SharedEngine(engine)
        stub.others.says("/tokenize", told([1, 2, 3]))  # whatever is put before the text
        ids = [token.id for token in await served.tokenize("The cat sat")]
        stub.block_size = len(ids)
        (hashed,) = block_hashes(ids, len(ids))
        stub.gate.clear()
        asked = asyncio.create_task(
            catalogue.run(served, "blocks", {"show": "server", "first": "a"} | EMPTY)
        )
        await stub.until_running(1)
        publisher.publish(stored([last_bits(hashed)], None, ids, len(ids)))
        stub.gate.set()
        shown = await asked
        assert tables(shown)[1].rows == (("A 1", short_hash(hashed), "kept"),)
        assert "By its KV events the server keeps" in prose(shown)
        assert "--kv-events-config" not in prose(shown)
        await served.close()
