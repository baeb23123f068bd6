"""The same long beginning twice: how much sooner the second answer starts."""

import random
import time
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from tools.algorithms.paging import most_hits
from tools.algorithms.workload import fresh_text, milliseconds
from tools.asking import asking, fact
from tools.engine.base import Capability, Engine
from tools.engine.metrics import Metrics
from tools.engine.serving import Serving, Timed, serving
from tools.exhibit.exhibit import (
    Bar,
    Bars,
    Exhibit,
    Fact,
    Knob,
    Prose,
    Provenance,
    Table,
)
from tools.instrument import Instrument, Topic, Try
from tools.instruments.measuring import MeasurementParams, again, measured
from tools.knobs import that_fit

ENDINGS = (" What is the first point?", " And what is the last one?")
_WARM_UP = 8  # words
_DICE = random.SystemRandom()


class Prefix(MeasurementParams):
    """What a learner may choose."""

    length: Annotated[int, Field(ge=16, le=4096)] = Field(
        512, description="Words that both prompts begin with."
    )


@dataclass(frozen=True, slots=True)
class PrefixPass:
    """One of the two requests, and what the server counted meanwhile."""

    timed: Timed
    counted: Metrics | None


async def run(engine: Engine, params: Prefix) -> Exhibit:
    """Send a prompt that no cache has seen, then one with the same beginning and another ending.

    Raises:
        BadInput: the prompt is longer than the model's context.
        EngineError: the server gave no usable answer.
    """
    server, shared = serving(engine), fresh_text(params.length, _DICE)
    began = time.perf_counter()
    await server.stream_timed(fresh_text(_WARM_UP, _DICE), 1)
    first, second = [await _passed(server, shared + ending) for ending in ENDINGS]
    source = measured(engine, began)
    return exhibit(first, second, params, source)


def exhibit(first: PrefixPass, second: PrefixPass, params: Prefix, source: Provenance) -> Exhibit:
    """Return both times to the first token as bars, and the cache's counts as a table."""
    longer_s = max(first.timed.first_token_s, second.timed.first_token_s)
    bars = [
        Bar(label, one.timed.first_token_s / longer_s, f"{_first_ms(one)} ms")
        for label, one in (("first", first), ("second", second))
    ]
    return Exhibit(
        title="The same beginning, twice",
        parts=(Bars(tuple(bars)), *_counts(first, second)),
        provenance=source,
        facts=facts(first, second),
        controls=that_fit(
            params,
            again("Measure again", params),
            *_whole_block(second),
            Knob("Twice as long", "length", str(params.length * 2)),
            Knob("Half as long", "length", str(params.length // 2)),
        ),
    )


def facts(first: PrefixPass, second: PrefixPass) -> tuple[Fact, ...]:
    """Return how many tokens were read, what the cache saved, and how much of the prompt hit."""
    times = first.timed.first_token_s / second.timed.first_token_s
    read = first.timed.prompt_tokens
    share = second.counted.hit_share if second.counted else None
    return (
        *(() if read is None else (Fact("prompt", read, "tokens"),)),
        Fact("second starts", round(times, 1), "times as fast"),
        *(() if share is None else (Fact("found in the cache", round(100 * share, 1), "%"),)),
    )


def _counts(first: PrefixPass, second: PrefixPass) -> tuple[Table | Prose, ...]:
    """Return what the prefix cache was asked for and had, in tokens, where the server tells."""
    if first.counted is None or second.counted is None:
        return (Prose("This server shows no counters (/metrics of vLLM)."),)
    asked = [f"{one.prefix_queries or 0:,.0f}" for one in (first.counted, second.counted)]
    had = [f"{one.prefix_hits or 0:,.0f}" for one in (first.counted, second.counted)]
    return (
        Table(("tokens", "first", "second"), (("asked", *asked), ("found", *had))),
        Prose("What the cache was asked for, and had. Others' requests count too."),
        *_rule(second),
    )


def _rule(second: PrefixPass) -> tuple[Prose, ...]:
    """Say how much of the second prompt can hit at most, where the server tells its block size."""
    block = second.counted.block_size if second.counted else None
    tokens = second.timed.prompt_tokens
    if block is None or tokens is None:
        return ()
    if not most_hits(tokens, block):
        return (
            Prose(
                f"Nothing could hit: no whole block of {block}. Only whole blocks are kept here, "
                f"and the last token is always run, so a prompt needs {block + 1} tokens or more."
            ),
        )
    return (
        Prose(
            f"Of {tokens:,} tokens at most {most_hits(tokens, block):,} can hit: whole blocks of "
            f"{block}, without the last token. A block in which the two differ can't."
        ),
    )


def _whole_block(second: PrefixPass) -> tuple[Knob, ...]:
    """Offer a beginning that holds a whole block, where this one held none."""
    block = second.counted.block_size if second.counted else None
    tokens = second.timed.prompt_tokens
    if block is None or tokens is None or most_hits(tokens, block):
        return ()
    return (Knob("A whole block", "length", str(block + block // 8)),)  # a word may be two tokens


async def _passed(server: Serving, text: str) -> PrefixPass:
    before = await server.metrics()
    timed = await server.stream_timed(text, 1)
    after = await server.metrics()
    return PrefixPass(timed, after.since(before) if after and before else None)


def _first_ms(one: PrefixPass) -> str:
    return milliseconds(one.timed.first_token_s)


INSTRUMENT = Instrument(
    name="prefix",
    line="The same long beginning twice: first token before and after, and what the cache had.",
    topic=Topic.SERVING,
    lesson=8,
    params=Prefix,
    run=run,
    asks=asking(
        "The second time, how much of the prompt is in the cache?",
        ("nothing", "less than half", "half to 90 %", "90 % or more"),
        fact("found in the cache"),
        (0.1, 50, 90),
    ),
    needs=frozenset({Capability.STREAM}),
    sees="The second bar is the same prompt again.",
    tries=(
        Try("length", "longer prompts save more"),
        Try("reading", "how steady is it?"),
    ),
)
