"""Many small requests to the cluster at once: what each sees, and what the server counts."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Annotated

from pydantic import Field

from tools.algorithms.workload import fresh_text, milliseconds, percentile
from tools.engine.base import Capability, Engine
from tools.engine.metrics import Metrics
from tools.engine.serving import Serving, Timed, serving
from tools.exhibit.exhibit import (
    Exhibit,
    Fact,
    Knob,
    Lane,
    Prose,
    Provenance,
    Span,
    Table,
    Timeline,
)
from tools.instrument import Instrument, Topic
from tools.instruments.measuring import MeasurementParams, again, measured
from tools.knobs import that_fit

MOST_REQUESTS = 16
_WORDS = 24  # of each prompt
_LOOK_EVERY_S = 0.2
_READING, _WRITING = 0, 1  # kinds of spans
_DICE = random.SystemRandom()


class Burst(MeasurementParams):
    """What a learner may choose."""

    requests: Annotated[int, Field(ge=1, le=MOST_REQUESTS)] = Field(
        8, description="How many are sent at once."
    )
    tokens: Annotated[int, Field(ge=2, le=64)] = Field(16, description="Tokens that each makes.")


@dataclass(frozen=True, slots=True)
class Looks:
    """Readings of the server's counters."""

    before: Metrics
    during: tuple[Metrics, ...]
    after: Metrics


async def run(engine: Engine, params: Burst) -> Exhibit:
    """Send the requests at once and watch the server's counters meanwhile, where it has any.

    Raises:
        EngineError: one of them got no usable answer; the others are given up.
    """
    server = serving(engine)
    before = await server.metrics()
    texts = [fresh_text(_WORDS, _DICE) for _ in range(params.requests)]
    began = time.perf_counter()
    answers, during = await _all_at_once(server, texts, params.tokens, before is not None)
    source = measured(engine, began)
    after = await server.metrics()
    looks = Looks(before, tuple(during), after) if before and after else None
    return exhibit(answers, looks, params, source)


def exhibit(
    answers: Sequence[Timed], looks: Looks | None, params: Burst, source: Provenance
) -> Exhibit:
    """Return each request on a timeline and in a table, and the counters around them."""
    rows = [
        (str(number), milliseconds(one.first_token_s), milliseconds(_gap_s(one)))
        for number, one in enumerate(answers, start=1)
    ]
    counters = (
        counted(looks) if looks else Prose("This server shows no counters (/metrics of vLLM).")
    )
    return Exhibit(
        title=f"{len(answers)} requests at once" if len(answers) > 1 else "One request alone",
        parts=(
            timeline(answers),
            Table(("no.", "first ms", "next ms"), tuple(rows)),
            counters,
        ),
        provenance=source,
        facts=facts(answers),
        controls=that_fit(
            params,
            again("Send again", params),
            Knob("One alone", "requests", "1"),
            Knob("Half as many", "requests", str(params.requests // 2)),
            Knob("Twice as many", "requests", str(params.requests * 2)),
        ),
    )


def timeline(answers: Sequence[Timed]) -> Timeline:
    """Return a lane a request: until its first token, then to its last."""
    start = min(one.started_s for one in answers)
    lanes = []
    for number, one in enumerate(answers, start=1):
        sent = one.started_s - start
        first, end = sent + one.first_token_s, one.ended_s - start
        spans = (Span(sent, first, "waits", _READING), Span(first, end, "writes", _WRITING))
        lanes.append(Lane(str(number), spans))
    return Timeline(tuple(lanes), "s")


def counted(looks: Looks) -> Table:
    """Return the server's levels before, at their highest meanwhile, and after."""
    meanwhile = looks.during or (looks.after,)
    rows = []
    for name, level in (("running", _running), ("waiting", _waiting), ("cache %", _cache_percent)):
        levels = (level(looks.before), max(map(level, meanwhile)), level(looks.after))
        rows.append((name, *(f"{value:.3g}" for value in levels)))
    return Table(("server", "then", "peak", "now"), tuple(rows))


def facts(answers: Sequence[Timed]) -> tuple[Fact, ...]:
    """Return the throughput of all together, and the times that half and most of them had."""
    took_s = max(one.ended_s for one in answers) - min(one.started_s for one in answers)
    made = sum(one.tokens for one in answers)
    firsts = [one.first_token_s for one in answers]
    gaps = [gap for one in answers for gap in one.gaps_s]
    return (
        Fact("throughput", round(made / took_s, 1), "tokens/s"),
        *_percentiles("first token", firsts),
        *_percentiles("next token", gaps),
    )


async def _all_at_once(
    server: Serving, texts: Sequence[str], tokens: int, has_counters: bool
) -> tuple[list[Timed], list[Metrics]]:
    """Send all, look at the counters until the last is done; when one fails, give up the others."""
    tasks = [asyncio.create_task(server.stream_timed(text, tokens)) for text in texts]
    during: list[Metrics] = []
    try:
        pending = set(tasks)
        while pending:
            patience = _LOOK_EVERY_S if has_counters else None
            done, pending = await asyncio.wait(
                pending, timeout=patience, return_when=asyncio.FIRST_EXCEPTION
            )
            for task in done:
                task.result()  # raises what it failed with
            if pending and (seen := await server.metrics()):
                during.append(seen)
        return [task.result() for task in tasks], during
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _percentiles(name: str, seconds: Sequence[float]) -> tuple[Fact, ...]:
    if not seconds:
        return ()  # the server ended after one token
    half, most = (milliseconds(percentile(seconds, share)) for share in (0.5, 0.95))
    return Fact(f"{name} p50", half, "ms"), Fact(f"{name} p95", most, "ms")


def _gap_s(one: Timed) -> float:
    return median(one.gaps_s) if one.gaps_s else 0.0


def _running(seen: Metrics) -> float:
    return seen.running or 0.0


def _waiting(seen: Metrics) -> float:
    return seen.waiting or 0.0


def _cache_percent(seen: Metrics) -> float:
    return 100 * (seen.cache_use or 0.0)


INSTRUMENT = Instrument(
    name="burst",
    line="Up to 16 small requests to the cluster at once: what each sees, what the server counts.",
    topic=Topic.SERVING,
    lesson=8,
    params=Burst,
    run=run,
    needs=frozenset({Capability.STREAM}),
)
