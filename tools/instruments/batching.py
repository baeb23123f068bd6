"""Requests on slots over time: static batching against continuous, on the same workload."""

import random
from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field

from tools.algorithms.schedule import (
    BatchPlan,
    BatchRequest,
    arriving,
    continuous,
    static,
    workload,
)
from tools.asking import asking, fact
from tools.engine.base import Engine
from tools.exhibit.exhibit import (
    Control,
    Entry,
    Exhibit,
    Fact,
    Knob,
    Lane,
    Origin,
    Prose,
    Provenance,
    Span,
    Table,
    Timeline,
)
from tools.instrument import Instrument, Params, Topic, Try
from tools.knobs import that_fit
from tools.numerals import UnreadableNumber, whole_numbers_in

MOST_REQUESTS = 16
MOST_TOKENS = 40
_LOOKS = 8  # of spans
LEFT_OUT = (
    "Left out here: reading the prompts, a step's token budget, the KV cache. The instrument "
    "scheduler has them, by vLLM's own rule."
)


def lengths_of(text: str) -> tuple[int, ...]:
    """Read `4 9 3`, in tokens; commas may stand between.

    Raises:
        ValueError: more than sixteen, or one that isn't 1 to 40.
    """
    try:
        found = whole_numbers_in(text)
    except UnreadableNumber as unreadable:
        raise ValueError(f"{unreadable} Give lengths in tokens, like: 4 9 3 12") from None
    if len(found) > MOST_REQUESTS or not all(1 <= one <= MOST_TOKENS for one in found):
        raise ValueError(f"give up to {MOST_REQUESTS} lengths from 1 to {MOST_TOKENS}")
    return found


def _readable(text: str) -> str:
    lengths_of(text)
    return text


class Batching(Params):
    """What a learner may choose."""

    slots: Annotated[int, Field(ge=1, le=8)] = Field(4, description="How many run at once.")
    requests: Annotated[int, Field(ge=1, le=MOST_REQUESTS)] = Field(
        6, description="How many there are."
    )
    longest: Annotated[int, Field(ge=1, le=MOST_TOKENS)] = Field(
        12, description="Each makes 1 to this many tokens, by chance."
    )
    spread: Annotated[int, Field(ge=0, le=60)] = Field(
        0, description="They arrive within this many steps; 0 is all at once."
    )
    lengths: Annotated[str, Field(max_length=80), AfterValidator(_readable)] = Field(
        "", description="Their tokens one by one, like 4 9 3; then chance has no say."
    )
    seed: Annotated[int, Field(ge=0, le=9999)] = Field(3, description="Which workload.")


async def run(engine: Engine, params: Batching) -> Exhibit:
    """Schedule one workload in both ways. No model is asked."""
    return exhibit(params)


def exhibit(params: Batching) -> Exhibit:
    """Return both schedules on one timeline, with utilization and waiting of each."""
    asked = requests_of(params)
    lockstep, flowing = static(asked, params.slots), continuous(asked, params.slots)
    return Exhibit(
        title="Static against continuous batching",
        parts=(
            timeline(lockstep, flowing),
            _table(lockstep, flowing),
            Prose("Static: a batch holds its slots until its longest request is done."),
            Prose("Continuous: a slot goes to the next in line as soon as it is free."),
            Prose(LEFT_OUT),
        ),
        provenance=Provenance(Origin.COMPUTED),
        facts=facts(asked, lockstep, flowing, params),
        controls=_controls(params),
    )


def requests_of(params: Batching) -> tuple[BatchRequest, ...]:
    """Return the workload: the lengths given, or those that the seed draws."""
    given = lengths_of(params.lengths)
    if given:
        return arriving(given, params.spread, random.Random(params.seed))
    return workload(params.requests, params.longest, params.spread, params.seed)


def timeline(lockstep: BatchPlan, flowing: BatchPlan) -> Timeline:
    """Return a lane a slot of each schedule over one time, with a gap between the two."""
    gap = Lane("", ())
    return Timeline((*_lanes(lockstep, "static"), gap, *_lanes(flowing, "cont.")), "steps")


def _lanes(plan: BatchPlan, name: str) -> Iterator[Lane]:
    """Yield a slot's spans: each request while it makes tokens."""
    for slot in range(plan.slots):
        spans = tuple(
            Span(one.start, one.end, one.request.name, (ord(one.request.name) - ord("A")) % _LOOKS)
            for one in plan.placed
            if one.slot == slot
        )
        yield Lane(f"{name} {slot + 1}", spans)


def facts(
    asked: tuple[BatchRequest, ...], lockstep: BatchPlan, flowing: BatchPlan, params: Batching
) -> tuple[Fact, ...]:
    """Return the workload's size, and what continuous batching gains on it."""
    chance = () if params.lengths.strip() and not params.spread else (Fact("seed", params.seed),)
    return (
        Fact("requests", len(asked)),
        Fact("tokens", sum(one.length for one in asked)),
        Fact("static ÷ continuous", round(lockstep.steps / flowing.steps, 2), "times the steps"),
        Fact("waits", "in steps"),
        *chance,
    )


def _table(lockstep: BatchPlan, flowing: BatchPlan) -> Table:
    return Table(
        ("", "static", "cont."),
        (
            ("used", _percent(lockstep.utilization), _percent(flowing.utilization)),
            ("waits", f"{lockstep.mean_wait:.1f}", f"{flowing.mean_wait:.1f}"),
            ("steps", str(lockstep.steps), str(flowing.steps)),
        ),
    )


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _controls(params: Batching) -> tuple[Control, ...]:
    by_chance = (
        Knob("Other workload", "seed", str(params.seed + 1), is_main=True),
        Knob("More requests", "requests", str(params.requests + 2)),
        Knob("Fewer requests", "requests", str(params.requests - 2)),
        Knob("Longer answers", "longest", str(min(MOST_TOKENS, params.longest * 2))),
        Knob("Shorter answers", "longest", str(params.longest // 2)),
    )
    is_at_once = params.spread == 0
    return that_fit(
        params,
        *((Knob("By chance", "lengths", ""),) if params.lengths.strip() else by_chance),
        Knob("More slots", "slots", str(params.slots + 1)),
        Knob("Fewer slots", "slots", str(params.slots - 1)),
        Knob("Spread out" if is_at_once else "All at once", "spread", "12" if is_at_once else "0"),
        Entry("Own lengths", "lengths", 80),
    )


INSTRUMENT = Instrument(
    name="batching",
    line="Requests on slots over time: static against continuous batching, used slots and waiting.",
    topic=Topic.SERVING,
    lesson=8,
    params=Batching,
    run=run,
    asks=asking(
        "Static batching needs how many times the steps?",
        ("as many", "up to half as many again", "half again to twice", "more than twice"),
        fact("static ÷ continuous"),
        (1.02, 1.5, 2),
    ),
    sees="Each bar is a request; gaps are idle.",
    tries=(
        Try("lengths", "type 4 4 4 4: no gaps are left"),
        Try("seed", "another mix of lengths, other gaps"),
    ),
)
