import json
import shlex

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
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.local.local import LocalEngine
from tools.engine.sharing.shared import SharedEngine
from tools.errors import Missing, Unavailable
from tools.exhibit.exhibit import Code, Knob


async def test_levels_and_percentiles_are_the_servers(stub: StubVllm, served: SharedEngine) -> None:
    stub.running, stub.queries, stub.hits = 8, 200, 50
    shown = await catalogue.run(served, "lab", {})
    check_shown(shown, served)
    levels, speeds = tables(shown)
    assert levels.rows == (
        ("running", "8"),
        ("waiting", "0"),
        ("cache in use", "25.0 %"),
        ("prefix hits", "25.0 %"),
    )
    assert speeds.rows == (
        ("first", "100", "460", "492"),
        ("next", "<100", "300", "460"),
        ("queue", "–", "–", "–"),
    )
    told = facts(shown)
    assert "0.32.0" in told["vLLM"]
    assert "2,048 tokens" in told["context"]
    assert "100" in told["answers counted"]


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
