"""Many small requests to the cluster at once: what each sees, and what the server counts."""

import asyncio
import random
import time
from collections.abc import Sequence
from statistics import median
from typing import Annotated

from pydantic import Field

from tools.algorithms.workload import fresh_text, milliseconds, most_at_once, percentile
from tools.asking import fact, over, ranges
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
from tools.instrument import Instrument, Topic, Try
from tools.instruments.measuring import MeasurementParams, again, measured, uncounted
from tools.knobs import that_fit

MOST_REQUESTS = 16
_WORDS = 24  # of each prompt
UNKNOWN = "–"
_READING, _WRITING = 0, 1  # kinds of spans
_DICE = random.SystemRandom()


class Burst(MeasurementParams):
    """What a learner may choose."""

    requests: Annotated[int, Field(ge=1, le=MOST_REQUESTS)] = Field(
        8, description="How many are sent at once."
    )
    tokens: Annotated[int, Field(ge=2, le=64)] = Field(16, description="Tokens that each makes.")


async def run(engine: Engine, params: Burst) -> Exhibit:
    """Send the requests at once; read the server's counters before and after, where it has any.

    Raises:
        EngineError: one of them got no usable answer; the others are given up.
    """
    server = serving(engine)
    await server.ready()  # or the first would be sent ahead of the others
    before = await server.metrics()
    texts = [fresh_text(_WORDS, _DICE) for _ in range(params.requests)]
    began = time.perf_counter()
    answers = await _all_at_once(server, texts, params.tokens)
    source = measured(engine, began)
    after = await server.metrics()
    meanwhile = after.since(before) if before and after else None
    return exhibit(answers, meanwhile, params, source)


def exhibit(
    answers: Sequence[Timed], meanwhile: Metrics | None, params: Burst, source: Provenance
) -> Exhibit:
    """Return each request on a timeline and in a table, and the counters around them."""
    rows = [
        (str(number), milliseconds(one.first_token_s), milliseconds(_gap_s(one)))
        for number, one in enumerate(answers, start=1)
    ]
    counters = (
        counted(meanwhile, answers)
        if meanwhile
        else Prose("This server shows no counters (/metrics of vLLM).")
    )
    return Exhibit(
        title=f"{len(answers)} requests at once" if len(answers) > 1 else "One request alone",
        parts=(
            timeline(answers),
            Table(("no.", "first", "next"), tuple(rows)),
            counters,
            *uncounted(answers),
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


def counted(meanwhile: Metrics, answers: Sequence[Timed]) -> Table:
    """Return what the server counted from before the first to after the last.

    Counters miss nothing, however short it was; what ran at once is told by when tokens came.
    """
    steps = meanwhile.step_tokens.count if meanwhile.step_tokens else None
    made = meanwhile.made_tokens
    rows = (
        ("writing at once", str(most_at_once(map(_writing, answers)))),
        ("finished", _counted(meanwhile.finished)),
        ("tokens made", _counted(made)),
        ("steps", _counted(steps)),
        ("made a step", f"{made / steps:.1f}" if made is not None and steps else UNKNOWN),
        ("preempted", _counted(meanwhile.preemptions)),
    )
    return Table(("server", "meanwhile"), rows)


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


async def _all_at_once(server: Serving, texts: Sequence[str], tokens: int) -> list[Timed]:
    """Send all, wait for the last; when one fails, give up the others."""
    tasks = [asyncio.create_task(server.stream_timed(text, tokens)) for text in texts]
    try:
        return await asyncio.gather(*tasks)
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


def _writing(one: Timed) -> tuple[float, float]:
    """Return from when to when tokens of an answer came: it was in the batch all the while."""
    return one.started_s + one.first_token_s, one.ended_s


def _counted(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.0f}"


INSTRUMENT = Instrument(
    name="burst",
    line="Up to 16 small requests to the cluster at once: what each sees, what the server counts.",
    topic=Topic.SERVING,
    lesson=8,
    params=Burst,
    run=run,
    asks=ranges(
        "The slowest waits how many times the middle one for its first token?",
        over(fact("first token p95"), fact("first token p50")),
        (1.2, 2, 4),
        " times",
    ),
    needs=frozenset({Capability.STREAM}),
    sees="Each bar is a request: waiting, then answered.",
    tries=(
        Try("requests", "see who waits for whom"),
        Try("reading", "the second time is steadier"),
    ),
)
