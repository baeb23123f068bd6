"""A load on the cluster: throughput, waiting and goodput against the rate of requests."""

import random
import time
from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from tools.algorithms.load import (
    LoadResult,
    ServiceLimits,
    middle,
    poisson_arrivals,
    result_of,
    worst,
)
from tools.algorithms.workload import brief, few, fresh_text
from tools.asking import fact, ranges
from tools.engine.base import Capability, Engine
from tools.engine.serving import MOST_LOAD, MOST_LOAD_S, Arrival, serving
from tools.exhibit.exhibit import (
    Curve,
    Entry,
    Exhibit,
    Fact,
    Knob,
    Prose,
    Provenance,
    Series,
    Table,
)
from tools.instrument import Instrument, Topic, Try
from tools.instruments.measuring import MeasurementParams, again, measured
from tools.instruments.saturation import verdict
from tools.knobs import that_fit
from tools.numerals import UnreadableNumber, numbers_in

MOST_RATES = 6
_DICE = random.SystemRandom()  # of the prompts, so that no cache knows them


def rates_of(text: str) -> tuple[float, ...]:
    """Read `0.5 1 2`, in requests a second; commas may stand between.

    Raises:
        ValueError: fewer than two or more than six different ones, or one out of bounds.
    """
    try:
        found = sorted(set(numbers_in(text)))
    except UnreadableNumber as unreadable:
        raise ValueError(f"{unreadable} Give requests a second, like: 0.5 1 2") from None
    if not 2 <= len(found) <= MOST_RATES or not all(0.1 <= rate <= 64 for rate in found):
        raise ValueError(f"give 2 to {MOST_RATES} rates from 0.1 to 64")
    return tuple(found)


def _readable(text: str) -> str:
    rates_of(text)
    return text


class Load(MeasurementParams):
    """What a learner may choose."""

    rates: Annotated[str, Field(max_length=40), AfterValidator(_readable)] = Field(
        "1 2 4 8", description="Requests a second, one round each, like 0.5 1 2."
    )
    requests: Annotated[int, Field(ge=4, le=64)] = Field(
        16, description="How many arrive in each round."
    )
    words: Annotated[int, Field(ge=4, le=1024)] = Field(24, description="Of each prompt.")
    tokens: Annotated[int, Field(ge=2, le=128)] = Field(16, description="Tokens that each makes.")
    ttft_ms: Annotated[int, Field(ge=1, le=60_000)] = Field(
        1000, description="A good answer begins within so many milliseconds of its arrival."
    )
    tpot_ms: Annotated[int, Field(ge=1, le=10_000)] = Field(
        100, description="And takes no more a token after that, on average."
    )
    seed: Annotated[int, Field(ge=0, le=9999)] = Field(1, description="When they arrive.")

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        rates = rates_of(self.rates)
        if len(rates) * self.requests > MOST_LOAD:
            raise ValueError(f"that is more than {MOST_LOAD} requests in all")
        if (lasts_s := sum(self.requests / rate for rate in rates)) > MOST_LOAD_S * 0.8:
            raise ValueError(f"they would arrive for about {lasts_s:.0f} s: raise the lowest rate")
        return self

    @property
    def limits(self) -> ServiceLimits:
        """What an answer has to keep."""
        return ServiceLimits(self.ttft_ms / 1000, self.tpot_ms / 1000)


async def run(engine: Engine, params: Load) -> Exhibit:
    """Put one rate after the other on the server, and count what became of each request.

    Raises:
        Missing: the engine is no server.
        Busy: a load is on already, or this learner had one a moment ago.
        EngineError: no request was answered.
    """
    server = serving(engine)
    rates = rates_of(params.rates)
    began = time.perf_counter()
    rounds = await server.under_load(tuple(_arrivals(params, rate) for rate in rates))
    source = measured(engine, began)
    found = [result_of(rate, done, params.limits) for rate, done in zip(rates, rounds, strict=True)]
    return exhibit(found, params, source)


def exhibit(found: Sequence[LoadResult], params: Load, source: Provenance) -> Exhibit:
    """Return waiting against the rate as lines, what was done as a table, what saturates first."""
    return Exhibit(
        title="Under load",
        parts=(
            Prose("How long users wait as more of them come: each point is one rate of requests."),
            curve(found),
            done(found),
            waits(found),
            Prose(f"{verdict(found)} {_meaning(found, params)}"),
        ),
        provenance=source,
        facts=facts(found),
        controls=that_fit(
            params,
            again("Once more", params),
            Knob("Twice the rates", "rates", _scaled(params, 2)),
            Knob("Half the rates", "rates", _scaled(params, 0.5)),
            Knob("Twice as many", "requests", str(params.requests * 2)),
            Knob("Longer answers", "tokens", str(params.tokens * 2)),
            Knob("Longer prompts", "words", str(params.words * 4)),
            Entry("Other rates", "rates", 40),
        ),
    )


def curve(found: Sequence[LoadResult]) -> Curve:
    """Return the times to the first token and to each next, of half and of 99 in 100."""
    lines = (
        ("first token p50", [middle(one.firsts_s) for one in found]),
        ("first token p99", [worst(one.firsts_s) for one in found]),
        ("each next p50", [middle(one.gaps_s) for one in found]),
        ("each next p99", [worst(one.gaps_s) for one in found]),
    )
    rates = [one.rate for one in found]
    series = tuple(
        Series(name, tuple(zip(rates, (1000 * value for value in values), strict=True)))
        for name, values in lines
    )
    return Curve(series, "requests a second", "ms")


def done(found: Sequence[LoadResult]) -> Table:
    """Return what was answered a second, what of it was good, and how many were inside."""
    rows = [
        (
            f"{one.rate:g}",
            few(one.answered_per_s),
            few(one.good_per_s),
            few(one.in_flight),
        )
        for one in found
    ]
    return Table(("per s", "done", "good", "in"), tuple(rows))


def waits(found: Sequence[LoadResult]) -> Table:
    """Return the times to the first token and to each next, of half and of 99 in 100."""
    rows = [
        (
            f"{one.rate:g}",
            brief(middle(one.firsts_s)),
            brief(worst(one.firsts_s)),
            brief(middle(one.gaps_s)),
            brief(worst(one.gaps_s)),
        )
        for one in found
    ]
    return Table(("/s", "1st", "p99", "next", "p99"), tuple(rows))


def facts(found: Sequence[LoadResult]) -> tuple[Fact, ...]:
    """Return the best throughput and goodput, and how many were inside by both clocks."""
    last = found[-1]
    best = max(found, key=lambda one: one.good_per_s)
    at_server = last.in_flight_at_server
    return (
        Fact("best goodput", round(best.good_per_s, 2), "requests/s"),
        Fact("tokens", round(max(one.tokens / one.took_s for one in found), 1), "a second"),
        Fact("most at once", last.most),
        Fact("inside, by Little", round(last.in_flight, 1)),
        *(() if at_server is None else (Fact("inside, by the server", round(at_server, 1)),)),
    )


def _arrivals(params: Load, rate: float) -> tuple[Arrival, ...]:
    prompts = [fresh_text(params.words, _DICE) for _ in range(params.requests)]
    dice = random.Random(f"{params.seed} {rate}")
    return poisson_arrivals(rate, prompts, params.tokens, dice)


def _scaled(params: Load, times: float) -> str:
    return " ".join(f"{rate * times:.4g}" for rate in rates_of(params.rates))


def _meaning(found: Sequence[LoadResult], params: Load) -> str:
    held, failed = sum(one.held for one in found), sum(one.failed for one in found)
    notes = [
        f"Good: first token within {params.ttft_ms:,} ms of its arrival, {params.tpot_ms:,} ms a "
        "token after it. In: inside on average, arrivals × time (Little's law). Times in ms."
    ]
    if held:
        most = found[-1].most_in_flight
        notes.append(f"{held} waited here: {most} are in flight at the most.")
    if failed:
        notes.append(f"{failed} got no answer.")
    return " ".join(notes)


INSTRUMENT = Instrument(
    name="load",
    line="A load on the cluster: throughput, waiting and goodput against the rate of requests.",
    topic=Topic.SERVING,
    lesson=11,
    params=Load,
    run=run,
    asks=ranges(
        "At the highest rate, how many are inside at once?", fact("most at once"), (4, 8, 16)
    ),
    needs=frozenset({Capability.STREAM}),
    tries=(Try("rates", "find where waiting shoots up"),),
)
