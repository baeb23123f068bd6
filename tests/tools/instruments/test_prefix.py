from tests.fakes.stub_vllm import StubVllm
from tests.tools.instruments.serving_checks import (
    check_shown,
    facts,
    only,
    tables,
    turn_every_knob,
)
from tools import catalogue
from tools.engine.serving import Timed
from tools.engine.sharing.shared import SharedEngine
from tools.exhibit.exhibit import Bars, Origin, Prose, Provenance
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


async def test_two_runs_share_no_beginning(stub: StubVllm, served: SharedEngine) -> None:
    for _ in range(2):
        await catalogue.run(served, "prefix", {"length": 64})
    assert len({tuple(prompt.split()[:32]) for prompt in stub.prompts}) == 4


async def test_without_counters_times_are_shown_alone(stub: StubVllm, served: SharedEngine) -> None:
    stub.has_metrics = False
    shown = await catalogue.run(served, "prefix", {"length": 16})
    assert "no counters" in only(shown, Prose).text
    assert only(shown, Bars)


async def test_every_knob_turns(served: SharedEngine) -> None:
    for shown in await turn_every_knob(served, "prefix", {"length": 32}):
        check_shown(shown, served)
