"""Whatever a server answers: no traceback, and no figure that it didn't give.

Shapes are drawn from those that servers have, true, half true and broken.
"""

import asyncio
import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes.servers import LyingServer, completion, honest, serving
from tools import catalogue
from tools.engine.base import Distribution, Prompt
from tools.engine.cluster.cluster import ClusterEngine
from tools.errors import ToolError
from tools.exhibit.exhibit import Exhibit
from tools.exhibit.text import exhibit_text
from tools.instruments.next_token import exhibit

FLT_MAX = 3.4028235e38
ROUNDED = 0.011  # nat: what rounding up to a sum of 1.01 may take from each
IS_FUZZ = settings().max_examples == settings.get_profile("fuzz").max_examples
thorough = settings(
    max_examples=2000 if IS_FUZZ else 60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
junk = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
odd = st.sampled_from([None, -math.inf, -9999, -9999.0, -FLT_MAX, math.nan, math.inf, 0.5, "-1.0"])
words = st.text(max_size=6) | st.sampled_from(["", " mat", "\ufffd", "token_id:7", "Ġthe", "‮x"])


@st.composite
def lists(draw: st.DrawFn) -> list[tuple[str, Any]]:
    """Draw tokens and their figures: mostly of one distribution, now and then what can't be."""
    texts = draw(st.lists(words, min_size=0, max_size=24))
    weights = [draw(st.floats(1e-6, 1.0)) for _ in texts]
    total = sum(weights) * draw(st.sampled_from([1.0, 1.0, 1.5, 0.995, 0.9])) or 1.0
    values: list[Any] = [min(0.0, math.log(weight / total)) for weight in weights]
    return [
        (t, draw(odd) if draw(st.integers(0, 9)) == 9 else v)
        for t, v in zip(texts, values, strict=True)
    ]


@st.composite
def logprobs(draw: st.DrawFn) -> Any:
    """Draw what may stand under `logprobs`, in one of the shapes that servers have."""
    shown = draw(lists())
    match draw(st.sampled_from(["text", "id", "bare id", "newer", "newer with id", "junk"])):
        case "text":
            return {"top_logprobs": [dict(shown)]}
        case "id":
            return {"top_logprobs": [{f"token_id:{n}": v for n, (_, v) in enumerate(shown)}]}
        case "bare id":
            return {"tokens": [1], "top_logprobs": [{str(n): v for n, (_, v) in enumerate(shown)}]}
        case "junk":
            return draw(junk | st.fixed_dictionaries({"top_logprobs": junk, "content": junk}))
        case newer:
            top: list[Any] = [{"token": t, "logprob": v} for t, v in shown]
            for number, one in enumerate(top):
                if newer == "newer with id":
                    one["id"] = number
                if draw(st.booleans()):
                    raw = st.lists(st.integers(-1, 256), max_size=4)
                    one["bytes"] = draw(st.just([*one["token"].encode()]) | raw | st.none())
            return {"content": [{**(top[0] if top else {}), "top_logprobs": top}]}


answers = st.tuples(
    logprobs().map(lambda found: completion(logprobs=found))
    | logprobs().map(lambda found: completion(logprobs=found, prompt_token_ids=None))
    | junk,
    st.sampled_from([200] * 12 + [400, 401, 403, 404, 422, 429]),
)
cuts = (
    st.just({"tokens": [1, 2], "token_strs": ["a", "Ġb"]})
    | st.just({"tokens": []})
    | st.lists(st.fixed_dictionaries({"id": st.integers(-1, 9), "piece": junk}), max_size=3).map(
        lambda found: {"tokens": found}
    )
    | st.fixed_dictionaries({"tokens": junk, "token_strs": junk})
    | junk
)


class Asked:
    """A server that lies, and a loop to ask it in."""

    def __init__(self, runner: asyncio.Runner, server: LyingServer) -> None:
        self.runner, self.server = runner, server

    def ask(self, instrument: str, said: dict[str, object]) -> Exhibit | ToolError:
        return self.runner.run(self._ask(instrument, said))

    async def _ask(self, instrument: str, said: dict[str, object]) -> Exhibit | ToolError:
        engine = ClusterEngine(self.server.base_url, "served", timeout_s=5)
        try:
            return await catalogue.run(engine, instrument, said)
        except ToolError as told:
            return told
        finally:
            await engine.close()

    def next_token(self, k: int) -> Distribution | ToolError:
        return self.runner.run(self._next_token(k))

    async def _next_token(self, k: int) -> Distribution | ToolError:
        engine = ClusterEngine(self.server.base_url, "served", timeout_s=5)
        try:
            return await engine.next_token(Prompt("The cat"), k)
        except ToolError as told:
            return told
        finally:
            await engine.close()


@pytest.fixture(scope="module")
def asked() -> Iterator[Asked]:
    with asyncio.Runner() as runner:
        stand = serving()
        server = runner.run(stand.__aenter__())
        yield Asked(runner, server)
        runner.run(stand.__aexit__(None, None, None))


def figures_in(answer: Any) -> list[float]:
    """Each number in an answer that a log-probability may be."""
    if isinstance(answer, dict):
        return [one for value in answer.values() for one in figures_in(value)]
    if isinstance(answer, list):
        return [one for value in answer for one in figures_in(value)]
    is_number = isinstance(answer, int | float) and not isinstance(answer, bool)
    return [float(answer)] if is_number and abs(answer) < 1e300 else []


@thorough
@given(answer=answers, cut=cuts, spelt=st.just({"prompt": " x"}) | junk, k=st.integers(1, 20))
def test_a_distribution_sums_to_1_at_most_in_the_servers_order_from_its_own_figures(
    asked: Asked, answer: tuple[Any, int], cut: Any, spelt: Any, k: int
) -> None:
    server = honest(asked.server)
    server.says("/v1/completions", *answer)
    server.says("/tokenize", cut)
    server.says("/detokenize", spelt)
    shown = asked.next_token(k)
    if isinstance(shown, ToolError):
        check_told(shown)
        return
    values = [candidate.logprob for candidate in shown.top]
    assert 1 <= len(values) <= k
    assert math.fsum(candidate.probability for candidate in shown.top) <= 1 + 1e-9
    assert shown.other_probability >= 0
    assert values == sorted(values, reverse=True)
    given_by_server = figures_in(answer[0])
    for value in values:
        assert any(abs(value - min(0.0, one)) <= ROUNDED for one in given_by_server)
    card = exhibit(shown)
    assert (card.provenance.model, card.provenance.engine) == ("served", "cluster")
    assert ("tokens read", 0) not in [(fact.name, fact.value) for fact in card.facts]
    assert "served" in exhibit_text(card)


@thorough
@given(cut=cuts, spelt=st.just({"prompt": " x"}) | junk)
def test_no_tokens_of_a_text_are_never_shown(asked: Asked, cut: Any, spelt: Any) -> None:
    server = honest(asked.server)
    server.says("/tokenize", cut)
    server.says("/detokenize", spelt)
    shown = asked.ask("tokens", {"text": "The cat", "beside": False})
    if isinstance(shown, ToolError):
        check_told(shown)
        return
    assert ("tokens", 0) not in [(fact.name, fact.value) for fact in shown.facts]
    assert "served" in exhibit_text(shown)


def check_told(told: ToolError) -> None:
    """A failure is a sentence that can be shown."""
    assert str(told).strip()
    assert "Traceback" not in str(told)
    assert json.dumps(str(told).encode().decode())
