import json
import shlex

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
from tools.engine.asker import asking_as
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.local.local import LocalEngine
from tools.engine.metrics import Histogram, Metrics
from tools.engine.sharing.shared import SharedEngine
from tools.errors import Missing, Unavailable
from tools.exhibit.exhibit import Code, Knob
from tools.exhibit.monospace import PHONE
from tools.exhibit.text import part_text
from tools.instruments import lab
from tools.instruments.last_looks import REMEMBERED, CountedSince, LastLooks


async def test_levels_and_percentiles_are_the_servers(stub: StubVllm, served: SharedEngine) -> None:
    stub.running, stub.queries, stub.hits = 8, 200, 50
    stub.ended, stub.left, stub.preemptions, stub.rejected, stub.made = 90, 10, 3, 4, 1_234_567
    shown = await catalogue.run(served, "lab", {})
    check_shown(shown, served)
    levels, counts, speeds = tables(shown)
    assert levels.rows == (("running", "8"), ("waiting", "0"), ("cache in use", "25.0%"))
    assert counts.header == ("", "ever")
    assert counts.rows == (
        ("finished", "100"),
        ("aborted", "10"),
        ("rejected", "4"),
        ("preempted", "3"),
        ("read", "200"),
        ("made", "1.235M"),
        ("hits", "25.0%"),
    )
    assert speeds.rows == (
        ("first", "100", "460", "492"),
        ("next", "<100", "300", "460"),
        ("queue", "–", "–", "–"),
        ("whole", "433", "500", "500"),
    )
    told = facts(shown)
    assert "0.32.0" in told["vLLM"]
    assert "2,048 tokens" in told["context"]
    assert "8 tokens" in told["KV block"]
    assert "100" in told["answers counted"]


def test_waits_of_many_seconds_still_stand_side_by_side_on_a_phone() -> None:
    """They were in ms alone, too wide where a server is so busy that somebody looks."""
    waited = Histogram((10.0, 30.0, 60.0, 120.0), (5, 50, 99, 100))
    shown = lab.speeds(Metrics(first_token=waited, end_to_end=waited, queued=waited), "ever")
    assert shown.rows[0] == ("first", "30s", "58s", "60s")
    assert len(part_text(shown, PHONE).splitlines()) == len(shown.rows) + 1


async def test_the_second_look_shows_what_came_since_the_first(
    stub: StubVllm, served: SharedEngine
) -> None:
    """A lifetime's ratio hides today."""
    stub.ended, stub.queries, stub.hits, stub.preemptions = 1000, 1000, 900, 7
    first = await catalogue.run(served, "lab", {})
    assert "Refresh, and you also see" in prose(first)
    stub.ended, stub.queries, stub.hits, stub.preemptions = 1004, 1200, 900, 9
    second = await catalogue.run(served, "lab", {})
    check_shown(second, served)
    _, counts, lately, _ = tables(second)
    since = counts.header[1]
    assert since.removesuffix(" s").isdigit()
    assert counts.header == ("", since, "ever")
    told = {row[0]: row[1:] for row in counts.rows}
    assert told["finished"] == ("4", "1004")
    assert told["preempted"] == ("2", "9")
    assert told["read"] == ("200", "1200")
    assert told["hits"] == ("0.0%", "75.0%")
    assert lately.header[0] == "0 s"
    assert lately.rows[0] == ("first", "–", "–", "–")  # no first token meanwhile
    assert "0 s: since you last looked" in prose(second)


async def test_each_learner_has_a_last_look_of_their_own(
    stub: StubVllm, served: SharedEngine
) -> None:
    with asking_as(1):
        await catalogue.run(served, "lab", {})
    with asking_as(2):
        assert "Refresh, and" in prose(await catalogue.run(served, "lab", {}))
    with asking_as(1):
        assert "you last looked" in prose(await catalogue.run(served, "lab", {}))


def test_the_longest_ago_are_forgotten() -> None:
    looks = LastLooks()
    for who in range(REMEMBERED + 1):
        assert looks.since(who, Metrics(running=0.0), 1.0) is None
    assert looks.since(0, Metrics(running=0.0), 2.0) is None
    since = looks.since(REMEMBERED, Metrics(running=0.0), 5.0)
    assert since
    assert since.seconds == 4.0


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.2, "0 s"), (119, "119 s"), (120, "2 min"), (7199, "120 min"), (7200, "2 h"), (9e5, "10 d")],
)
def test_a_window_is_told_in_a_few_signs(seconds: float, told: str) -> None:
    window = CountedSince(seconds, Metrics(running=0.0))
    assert lab.counts(Metrics(running=0.0), window).header == ("", told, "ever")


async def test_calls_to_repeat_can_be_read_by_a_shell(stub: StubVllm, served: SharedEngine) -> None:
    code = only(await catalogue.run(served, "lab", {}), Code)
    words = shlex.split(code.text.replace("\\\n", " "))
    body = json.loads(words[-1])
    assert body["model"] == "served"
    assert f"{stub.base_url}/completions" in words
    assert f"{stub.base_url.removesuffix('/v1')}/metrics" in words


async def test_a_password_is_not_shown(stub: StubVllm) -> None:
    engine = ClusterEngine(stub.base_url.replace("//", "//me:secret@"), "served", timeout_s=5)
    code = only(await catalogue.run(engine, "lab", {}), Code)
    assert "secret" not in code.text
    await engine.close()


async def test_refresh_reads_again(stub: StubVllm, served: SharedEngine) -> None:
    first, second = await turn_every_knob(served, "lab", {})
    (knob,) = first.controls
    assert isinstance(knob, Knob)
    assert knob.label == "Refresh"
    check_shown(second, served)
    assert not stub.prompts  # looking makes no request of its own


async def test_the_last_reading_leads_back_to_the_first(served: SharedEngine) -> None:
    shown = await catalogue.run(served, "lab", {"reading": 999})
    (knob,) = shown.controls
    assert isinstance(knob, Knob)
    assert knob.value == "1"


async def test_a_server_without_counters_is_told(stub: StubVllm, served: SharedEngine) -> None:
    stub.has_metrics = False
    with pytest.raises(Missing, match="no /metrics"):
        await catalogue.run(served, "lab", {})


async def test_a_server_that_is_down_is_told() -> None:
    engine = ClusterEngine("http://127.0.0.1:9/v1", "served", timeout_s=5)
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:9"):
        await catalogue.run(engine, "lab", {})
    await engine.close()


async def test_the_embedded_model_has_no_counters_and_it_says_what_to_do(
    embedded: LocalEngine,
) -> None:
    with pytest.raises(Missing, match=r"lab needs metrics, stream.*make cluster"):
        await catalogue.run(embedded, "lab", {})
