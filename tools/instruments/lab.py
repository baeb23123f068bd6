"""The cluster now: who answers, how busy it is, how fast it has been, and calls to repeat."""

import json
import shlex
import time

from tools.algorithms.workload import brief
from tools.asking import cell, ranges
from tools.engine.asker import asker
from tools.engine.base import Capability, Engine
from tools.engine.metrics import Histogram, Metrics
from tools.engine.serving import HOW_TO_SERVE, Served, serving
from tools.errors import Missing
from tools.exhibit.exhibit import Code, Exhibit, Fact, Prose, Provenance, Table
from tools.instrument import Instrument, Topic, Try
from tools.instruments.last_looks import CountedSince, LastLooks
from tools.instruments.measuring import MeasurementParams, again, measured

PERCENTILES = (0.5, 0.95, 0.99)
UNKNOWN = "–"
EVER = "ever"
_LOOKS = LastLooks()


class Lab(MeasurementParams):
    """What a learner may choose."""


async def run(engine: Engine, params: Lab) -> Exhibit:
    """Read the server's counters, and remember for whom, so that the next look has a window.

    Raises:
        Missing: it has none.
        EngineError: it doesn't answer.
    """
    server = serving(engine)
    began = time.perf_counter()
    seen, served = await server.metrics(), await server.served()
    if seen is None:
        raise Missing(
            f"{engine.model} ({engine.name}) shows no counters: its server has no /metrics of "
            f"vLLM's. {HOW_TO_SERVE}"
        )
    window = _LOOKS.since((engine.address, engine.model, asker()), seen, began)
    source = measured(engine, began)
    return exhibit(seen, window, served, params, source, engine.address or "")


def exhibit(
    seen: Metrics,
    window: CountedSince | None,
    served: Served,
    params: Lab,
    source: Provenance,
    address: str,
) -> Exhibit:
    """Return the levels now, what was counted since the last look and ever, calls to repeat."""
    lately = [] if window is None else [speeds(window.counted, _ago(window.seconds))]
    return Exhibit(
        title="The cluster now",
        parts=(
            levels(seen),
            counts(seen, window),
            *lately,
            speeds(seen, EVER),
            Prose(_meaning(window)),
            calls(address, source.model),
        ),
        provenance=source,
        facts=facts(seen, served),
        controls=(again("Refresh", params),),
    )


def levels(seen: Metrics) -> Table:
    """Return how busy the server is."""
    rows = (
        ("running", _number(seen.running)),
        ("waiting", _number(seen.waiting)),
        ("cache in use", _percent(seen.cache_use)),
    )
    return Table(("now", ""), rows)


def counts(seen: Metrics, window: CountedSince | None) -> Table:
    """Return what was counted since the last look, where there was one, and ever."""
    columns = [seen] if window is None else [window.counted, seen]
    names = [EVER] if window is None else [_ago(window.seconds), EVER]
    rows = (
        ("finished", *(_number(one.finished) for one in columns)),
        ("aborted", *(_number(one.aborted) for one in columns)),
        ("rejected", *(_number(one.rejected) for one in columns)),
        ("preempted", *(_number(one.preemptions) for one in columns)),
        ("read", *(_number(one.read_tokens) for one in columns)),
        ("made", *(_number(one.made_tokens) for one in columns)),
        ("hits", *(_percent(one.hit_share) for one in columns)),
    )
    return Table(("", *names), rows)


def speeds(seen: Metrics, name: str) -> Table:
    """Return percentiles: time to the first token, to the next, in the queue, to the last."""
    rows = (
        ("first", *_percentiles(seen.first_token)),
        ("next", *_percentiles(seen.between_tokens)),
        ("queue", *_percentiles(seen.queued)),
        ("whole", *_percentiles(seen.end_to_end)),
    )
    return Table((name, "p50", "p95", "p99"), rows)


def facts(seen: Metrics, served: Served) -> tuple[Fact, ...]:
    """Return the server's version, the model's context, the cache's blocks, answers counted."""
    answered = seen.first_token.count if seen.first_token else None
    return (
        *((Fact("vLLM", served.version),) if served.version else ()),
        *((Fact("context", served.context_tokens, "tokens"),) if served.context_tokens else ()),
        *((Fact("KV block", seen.block_size, "tokens"),) if seen.block_size else ()),
        *((Fact("KV blocks", seen.blocks),) if seen.blocks else ()),
        *((Fact("answers counted", round(answered)),) if answered is not None else ()),
    )


def calls(address: str, model: str) -> Code:
    """Return what to type in a shell to see the same: counters, models, and tokens as they come.

    Args:
        address: Of the server, up to /v1.
        model: The name it is served under.
    """
    root = address.removesuffix("/v1")
    body = {"model": model, "prompt": "The cat sat on the", "max_tokens": 16, "stream": True}
    lines = (
        f"curl -s {shlex.quote(root + '/metrics')} | grep '^vllm:'",
        f"curl -s {shlex.quote(address + '/models')}",
        f"curl -sN {shlex.quote(address + '/completions')} \\",
        "  -H 'Content-Type: application/json' \\",
        f"  -d {shlex.quote(json.dumps(body))}",
    )
    return Code("\n".join(lines), "sh")


def _percentiles(seen: Histogram | None) -> tuple[str, ...]:
    return tuple(_percentile(seen, share) for share in PERCENTILES)


def _percentile(seen: Histogram | None, share: float) -> str:
    found = seen.quantile(share) if seen else None
    if seen is None or found is None:
        return UNKNOWN
    if found < seen.bounds[0]:
        return f"<{brief(seen.bounds[0])}"  # the first bucket is all that is known
    return brief(found)


def _meaning(window: CountedSince | None) -> str:
    since = (
        f"{EVER}: since the server started. Refresh, and you also see what has happened since now."
        if window is None
        else f"{_ago(window.seconds)}: since you last looked; {EVER}: since the server started."
    )
    what = "read and made in tokens, hits of what is read"
    return f"{since} Times in ms or s, to within a bucket; {what}."


def _ago(seconds: float) -> str:
    """Return a duration in a few signs: `41 s`, `12 min`, `3 h`, `2 d`."""
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def _number(value: float | None) -> str:
    """Return a whole number in at most six signs."""
    if value is None:
        return UNKNOWN
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e5, "k")):
        if value >= size:
            return f"{value / (1e3 if unit == 'k' else size):.4g}{unit}"
    return f"{value:.0f}"


def _percent(share: float | None) -> str:
    return UNKNOWN if share is None else f"{100 * share:.1f}%"


INSTRUMENT = Instrument(
    name="lab",
    line="The cluster now: how busy and how fast it is, since you last looked and ever.",
    topic=Topic.SERVING,
    lesson=8,
    params=Lab,
    run=run,
    asks=ranges("How full is its cache at this moment?", cell(2, 1), (1, 25, 75), " %"),
    needs=frozenset({Capability.STREAM, Capability.METRICS}),
    sees="What the server says of itself, now.",
    tries=(Try("reading", "see what changed since"),),
)
