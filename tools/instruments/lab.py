"""The cluster now: who answers, how busy it is, how fast it has been, and calls to repeat."""

import json
import shlex
import time

from tools.algorithms.workload import milliseconds
from tools.engine.base import Capability, Engine
from tools.engine.metrics import Histogram, Metrics
from tools.engine.serving import HOW_TO_SERVE, Served, serving
from tools.errors import Missing
from tools.exhibit.exhibit import Code, Exhibit, Fact, Prose, Provenance, Table
from tools.instrument import Instrument, Topic
from tools.instruments.measuring import MeasurementParams, again, measured

PERCENTILES = (0.5, 0.95, 0.99)
UNKNOWN = "–"


class Lab(MeasurementParams):
    """What a learner may choose."""


async def run(engine: Engine, params: Lab) -> Exhibit:
    """Read the server's counters.

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
    source = measured(engine, began)
    return exhibit(seen, served, params, source, engine.address or "")


def exhibit(
    seen: Metrics, served: Served, params: Lab, source: Provenance, address: str
) -> Exhibit:
    """Return the levels now, the percentiles since the server's start, and calls to repeat."""
    return Exhibit(
        title="The cluster now",
        parts=(
            levels(seen),
            speeds(seen),
            Prose("Times in ms, of all requests since the server started, to within a bucket."),
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
        ("prefix hits", _percent(seen.hit_share)),
    )
    return Table(("now", ""), rows)


def speeds(seen: Metrics) -> Table:
    """Return percentiles, in ms, of the time to the first token, to the next, and in the queue."""
    rows = (
        ("first", *_percentiles(seen.first_token)),
        ("next", *_percentiles(seen.between_tokens)),
        ("queue", *_percentiles(seen.queued)),
    )
    return Table(("ms", "p50", "p95", "p99"), rows)


def facts(seen: Metrics, served: Served) -> tuple[Fact, ...]:
    """Return the server's version, the model's context, and how many answers were counted."""
    answered = seen.first_token.count if seen.first_token else None
    return (
        *((Fact("vLLM", served.version),) if served.version else ()),
        *((Fact("context", served.context_tokens, "tokens"),) if served.context_tokens else ()),
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
        return f"<{milliseconds(seen.bounds[0])}"  # the first bucket is all that is known
    return milliseconds(found)


def _number(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.0f}"


def _percent(share: float | None) -> str:
    return UNKNOWN if share is None else f"{100 * share:.1f} %"


INSTRUMENT = Instrument(
    name="lab",
    line="The cluster now: how busy, how fast, what its caches hold, and calls to repeat.",
    topic=Topic.TOP,
    lesson=8,
    params=Lab,
    run=run,
    needs=frozenset({Capability.STREAM, Capability.METRICS}),
)
