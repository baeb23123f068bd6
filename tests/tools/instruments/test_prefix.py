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
from tools.algorithms.paging import most_hits
from tools.engine.serving import Timed
from tools.engine.sharing.shared import SharedEngine
from tools.exhibit.exhibit import Bars, Knob, Origin, Provenance
from tools.instruments.prefix import ENDINGS, Prefix, PrefixPass, exhibit

SOURCE = Provenance(Origin.LIVE, "m", "cluster")


def test_the_second_is_shown_as_a_part_of_the_first() -> None:
    first, second = (PrefixPass(Timed("", 500, 0.0, s, ()), None) for s in (0.8, 0.2))
    shown = exhibit(first, second, Prefix(), SOURCE)
    assert [(bar.share, bar.note) for bar in only(shown, Bars).rows] == [
        (1.0, "800 ms"),
        (0.25, "200 ms"),
    ]
    assert "4 times as fast" in facts(shown)["second starts"]


async def test_the_second_prompt_is_found_in_the_cache_but_for_its_ending(
    stub: StubVllm, served: SharedEngine
) -> None:
    shown = await catalogue.run(served, "prefix", {"length": 40})
    check_shown(shown, served)
    asked, found = tables(shown)[0].rows
    endings = [len(ending.split()) for ending in ENDINGS]
    assert asked == ("asked", *(str(40 + words) for words in endings))
    assert found[2] == "40"
    assert int(found[1]) <= 8  # its first words, if chance wrote the same before
    _, first, second = stub.prompts
    assert first.split()[:40] == second.split()[:40]
    assert "87" in facts(shown)["found in the cache"]  # 40 of 46


async def test_a_beginning_without_a_whole_block_is_told_why_it_cannot_hit(
    stub: StubVllm, served: SharedEngine
) -> None:
    """`--length 100` found 0 of 108 on a block of 128, and said nothing."""
    stub.block_size = 128
    shown = await catalogue.run(served, "prefix", {"length": 100})
    assert "no whole block of 128" in prose(shown)
    assert "129 tokens or more" in prose(shown)
    knob = next(one for one in shown.controls if one.label == "A whole block")
    assert knob == Knob("A whole block", "length", "144")


async def test_how_much_can_hit_at_most_is_told(stub: StubVllm, served: SharedEngine) -> None:
    stub.block_size = 16
    shown = await catalogue.run(served, "prefix", {"length": 506})
    assert "Of 512 tokens at most 496 can hit: whole blocks of 16" in prose(shown)
    assert "A whole block" not in [one.label for one in shown.controls]


async def test_an_unknown_block_size_is_passed_over(stub: StubVllm, served: SharedEngine) -> None:
    stub.block_size = None
    assert "whole block" not in prose(await catalogue.run(served, "prefix", {"length": 40}))


@pytest.mark.parametrize(
    ("tokens", "block", "hits"),
    [(512, 16, 496), (512, 128, 384), (108, 128, 0), (129, 128, 128), (128, 128, 0), (1, 16, 0)],
)
def test_the_most_that_can_hit_leaves_the_last_token_out(
    tokens: int, block: int, hits: int
) -> None:
    assert most_hits(tokens, block) == hits


async def test_two_runs_share_no_beginning(stub: StubVllm, served: SharedEngine) -> None:
    for _ in range(2):
        await catalogue.run(served, "prefix", {"length": 64})
    assert len({tuple(prompt.split()[:32]) for prompt in stub.prompts}) == 4


async def test_without_counters_times_are_shown_alone(stub: StubVllm, served: SharedEngine) -> None:
    stub.has_metrics = False
    shown = await catalogue.run(served, "prefix", {"length": 16})
    assert "no counters" in prose(shown)
    assert only(shown, Bars)


async def test_every_knob_turns(served: SharedEngine) -> None:
    for shown in await turn_every_knob(served, "prefix", {"length": 32}):
        check_shown(shown, served)
