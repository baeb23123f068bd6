import json
import random
from collections.abc import AsyncIterator

import numpy as np
import pytest

from tests.fakes.servers import LyingServer, completion, honest, serving
from tests.tools.engine.cluster.test_routing import encoded
from tests.tools.instruments.serving_checks import only, prose, tables, turn_every_knob
from tests.tools.instruments.turning import assert_it_fits_and_turns, values
from tools import catalogue
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.local.local import LocalEngine
from tools.errors import BadInput
from tools.exhibit.exhibit import Exhibit, Grid, Origin
from tools.instrument import Turning
from tools.models import SHAPES

TINY = {
    "model_type": "qwen3_moe", "vocab_size": 100, "hidden_size": 64, "num_hidden_layers": 3,
    "num_attention_heads": 2, "num_experts": 8, "num_experts_per_tok": 2,
    "moe_intermediate_size": 32,
}  # fmt: skip
# tokens The, cat, sat; two layers with experts behind one without
ROUTED = np.array([[[0, 0], [3, 1], [0, 2]], [[0, 0], [1, 0], [2, 3]], [[0, 0], [0, 3], [1, 2]]])


@pytest.fixture
async def server() -> AsyncIterator[LyingServer]:
    async with serving() as server:
        honest(server)
        server.says("/v1/completions", completion(routed_experts=encoded(ROUTED.astype(np.uint8))))
        yield server


async def shown_by(server: LyingServer, name: str = "served", **chosen: object) -> Exhibit:
    engine = ClusterEngine(server.base_url, name, timeout_s=5)
    try:
        return await catalogue.run(engine, "experts", {"prompt": "The cat sat", **chosen})
    finally:
        await engine.close()


async def shown(engine: LocalEngine, **chosen: object) -> Exhibit:
    return await catalogue.run(engine, "experts", chosen)


async def test_without_a_server_a_made_up_router_is_said_to_be_one(embedded: LocalEngine) -> None:
    one = await shown(embedded)
    assert one.provenance.origin is Origin.ILLUSTRATIVE
    assert "4 of 32 experts, by a made-up router" in prose(one)
    assert one == await shown(embedded)
    await assert_it_fits_and_turns(embedded, "experts", one)
    await turn_every_knob(embedded, "experts", {})


async def test_the_same_word_goes_to_the_same_experts_in_the_first_layer(
    embedded: LocalEngine,
) -> None:
    rows = tables(await shown(embedded))[0].rows
    assert len({chosen for token, chosen in rows if token == "␣and"}) == 1
    assert len(set(rows)) == 4
    later = tables(await shown(embedded, layer=12))[0].rows
    assert len({chosen for token, chosen in later if token == "␣and"}) > 1


async def test_every_choice_is_on_the_picture_and_on_a_rank(embedded: LocalEngine) -> None:
    one = await shown(embedded, ep=5, config="qwen3-30b-a3b", layer=3)
    tokens = len(
        await embedded.tokenize(str(catalogue.parameters("experts", {}).model_dump()["prompt"]))
    )
    cells = [n for row in only(one, Grid).values for n in row if n is not None]
    assert (len(cells), sum(cells)) == (128, 8 * tokens)
    _, ranks, _ = tables(one)
    assert sum(int(row[1]) for row in ranks.rows) == 8 * tokens
    assert sum(int(row[2]) for row in ranks.rows) == sum(int(row[3]) for row in ranks.rows)


async def test_the_sums_say_who_is_busiest_and_what_moves(embedded: LocalEngine) -> None:
    one = await shown(embedded, prompt="Dogs and cats and birds and fish")
    found = values(one)
    assert found["busiest"] == "expert 12"  # takes ␣and, three times, and two words more
    assert found["idle"] == 16
    assert found["imbalance"] == pytest.approx(5 * 32 / 28, abs=0.01)
    _, ranks, _ = tables(one)
    sent = sum(int(row[3]) for row in ranks.rows)
    assert f"{sent} vectors go to another rank" in prose(one)
    assert f"{sent * 2_880 * 4 / 1000:.0f} kB there and back" in prose(one)
    assert f"busiest rank: {ranks.rows[ranks.lit or 0][0]}, with 1.57 times" in prose(one)


async def test_a_collapsed_router_leaves_most_experts_idle(embedded: LocalEngine) -> None:
    even, collapsed = await shown(embedded), await shown(embedded, skew=5)
    for name in ("idle", "imbalance"):
        assert float(values(collapsed)[name]) > 2 * float(values(even)[name])
    assert float(values(collapsed)["balancedness"]) < float(values(even)["balancedness"])


async def test_a_batch_reads_nearly_all_that_a_token_hardly_touches(embedded: LocalEngine) -> None:
    one = await shown(embedded, config="deepseek-v3")
    assert tables(one)[-1].rows == (
        ("1", "8", "3%"), ("8", "57", "22%"), ("64", "222", "87%"), ("512", "256", "100%"),
    )  # fmt: skip


async def test_on_one_rank_nothing_moves(embedded: LocalEngine) -> None:
    one = await shown(embedded, ep=1)
    assert "On one rank nothing moves" in prose(one)
    assert "moved" not in values(one)
    assert len(tables(one)) == 2


@pytest.mark.parametrize(("ep", "columns"), [(4, 4), (1, 32)])
async def test_all_layers_are_shown_rank_by_rank(
    embedded: LocalEngine, ep: int, columns: int
) -> None:
    grid = only(await shown(embedded, show="layers", ep=ep), Grid)
    assert (len(grid.rows), len(grid.columns)) == (24, columns)
    for row in grid.values:
        assert sum(n or 0 for n in row) == pytest.approx(columns)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (
            {"config": "llama-3.1-8b"},
            "llama-3.1-8b has no experts. Choose one that has: gpt-oss-20b",
        ),
        ({"layer": 25}, "gpt-oss-20b has 24 layers with experts. Choose layer 1 to 24."),
        ({"ep": 64}, "32 experts can't fill 64 ranks. Choose ep 1 to 32."),
        ({"prompt": "x " * 300}, "tokens; 256 is the most. Cut it."),
        ({"prompt": " "}, "Give me some text"),
    ],
)
async def test_what_cannot_be_shown_is_refused_in_a_line(
    embedded: LocalEngine, chosen: dict[str, object], said: str
) -> None:
    with pytest.raises(BadInput) as refused:
        await shown(embedded, **chosen)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


async def test_a_smaller_model_gets_its_last_layer_and_as_many_ranks_as_experts(
    embedded: LocalEngine,
) -> None:
    before = {"config": "deepseek-v3", "layer": 58, "ep": 64}
    turning = Turning("config", "gpt-oss-20b", random.Random(1))
    after = await catalogue.turned(embedded, "experts", before, turning)
    assert after.model_dump()["layer"] == 24
    assert after.model_dump()["ep"] == 32


@pytest.mark.parametrize("name", [name for name, one in SHAPES.items() if one.experts])
async def test_another_model_gets_a_layer_and_ranks_that_it_has(
    embedded: LocalEngine, name: str
) -> None:
    one = await shown(embedded, config=name)
    assert name in one.title
    await assert_it_fits_and_turns(embedded, "experts", one)


async def test_the_served_models_own_choices_are_shown(server: LyingServer) -> None:
    one = await shown_by(server, config=json.dumps(TINY), ep=2)
    assert one.provenance.origin is Origin.LIVE
    assert "2 of 8 experts, as the served model chose" in prose(one)
    assert tables(one)[0].rows == (("The", "3 1"), ("␣cat", "1 0"), ("␣sat", "0 3"))
    assert only(one, Grid).values == ((2, 2, 0, 2), (0, 0, 0, 0))
    found = values(one)
    assert (found["idle"], found["imbalance"]) == (5, 2.67)
    assert "first choice weighs" not in found  # a server tells no weights
    assert not {"skew", "seed"} & {control.name for control in one.controls}
    second = await shown_by(server, config=json.dumps(TINY), ep=2, layer=2)
    assert tables(second)[0].rows[1] == ("␣cat", "2 3")


@pytest.mark.parametrize("used", [2, 4])
async def test_of_a_model_that_nobody_knows_no_bytes_are_told(
    server: LyingServer, used: int
) -> None:
    routed = np.array([[[3, 1, 0, 2][:used]]] * 3, np.uint8)
    server.says("/v1/completions", completion(routed_experts=encoded(routed)))
    one = await shown_by(server)
    assert "the served model" in one.title
    assert f"{used} of at least 4 experts" in prose(one)
    assert "config" in prose(one)
    assert "there and back" not in prose(one)
    assert str(values(one)["moved"]).endswith("vectors")


async def test_a_server_that_tells_nothing_is_said_to_and_what_would(server: LyingServer) -> None:
    server.says("/v1/completions", completion())
    one = await shown_by(server, "openai/gpt-oss-120b")
    assert one.provenance.origin is Origin.ILLUSTRATIVE
    assert "gpt-oss-120b" in one.title
    assert "The server doesn't tell" in prose(one)
    assert "--enable-return-routed-experts" in prose(one)


async def test_a_served_model_without_experts_is_said_to_have_none(server: LyingServer) -> None:
    one = await shown_by(server, "Qwen/Qwen3-8B")
    assert "Qwen/Qwen3-8B has no experts, so this is gpt-oss-20b." in prose(one)
    assert server.bodies("/v1/completions") == []


async def test_another_model_than_the_served_one_is_made_up(server: LyingServer) -> None:
    one = await shown_by(server, "openai/gpt-oss-120b", config="deepseek-v3")
    assert one.provenance.origin is Origin.ILLUSTRATIVE
    assert "made-up router" in prose(one)
    assert server.bodies("/v1/completions") == []
