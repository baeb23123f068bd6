"""The two phases of an answer, measured: reading the prompt, then writing token by token."""

import random
import statistics
import time
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field

from tools.algorithms.workload import fresh_text, milliseconds
from tools.engine.base import Capability, Engine, Prompt
from tools.engine.serving import serving
from tools.errors import Nonsense
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
from tools.instrument import Instrument, Topic
from tools.instruments.measuring import MeasurementParams, again, measured
from tools.knobs import that_fit

MOST_LENGTHS = 6
LONGEST = 4096  # words
LONGER = "64 256 768"
_WARM_UP = 8  # words
_DICE = random.SystemRandom()


def lengths_of(text: str) -> tuple[int, ...]:
    """Read `16 64 256`, in words; commas may stand between.

    Raises:
        ValueError: fewer than two or more than six different ones, or one out of bounds.
    """
    pieces = text.replace(",", " ").split()
    if not all(piece.isascii() and piece.isdigit() for piece in pieces):
        raise ValueError("give lengths in words, like: 16 64 256")
    found = sorted({int(piece[:9]) for piece in pieces})
    if not 2 <= len(found) <= MOST_LENGTHS or not 4 <= found[0] <= found[-1] <= LONGEST:
        raise ValueError(f"give 2 to {MOST_LENGTHS} lengths from 4 to {LONGEST}")
    return tuple(found)


def _readable(text: str) -> str:
    lengths_of(text)
    return text


class Phases(MeasurementParams):
    """What a learner may choose."""

    lengths: Annotated[str, Field(max_length=40), AfterValidator(_readable)] = Field(
        "16 64 256 512", description="Prompts of how many words, shortest first."
    )
    tokens: Annotated[int, Field(ge=2, le=32)] = Field(8, description="Tokens to write after each.")


@dataclass(frozen=True, slots=True)
class PhaseTimes:
    """One prompt's times, in seconds."""

    prompt_tokens: int
    first_s: float
    gap_s: float  # the median


async def run(engine: Engine, params: Phases) -> Exhibit:
    """Measure each length once, after one request that warms up; prompts are new to every cache.

    Raises:
        BadInput: a prompt is longer than the model's context.
        EngineError: the engine gave no usable answer.
    """
    began = time.perf_counter()
    await _measured(engine, _WARM_UP, 2)
    found = [await _measured(engine, words, params.tokens) for words in lengths_of(params.lengths)]
    source = measured(engine, began)
    return exhibit(found, params, source)


def exhibit(found: list[PhaseTimes], params: Phases, source: Provenance) -> Exhibit:
    """Return both times against the prompt's length, as lines and as a table."""
    rows = [
        (f"{one.prompt_tokens:,}", milliseconds(one.first_s), milliseconds(one.gap_s))
        for one in found
    ]
    first = [(float(one.prompt_tokens), 1000 * one.first_s) for one in found]
    between = [(float(one.prompt_tokens), 1000 * one.gap_s) for one in found]
    series = (Series("first token", tuple(first)), Series("each next", tuple(between)))
    return Exhibit(
        title="Reading is one pass, writing is many",
        parts=(
            Curve(series, "tokens in the prompt", "ms"),
            Table(("prompt", "first", "next"), tuple(rows)),
            Prose("Times in ms. The whole prompt is read before the first token comes."),
        ),
        provenance=source,
        facts=facts(found),
        controls=that_fit(
            params,
            again("Measure again", params),
            Knob("Longer prompts", "lengths", LONGER),
            Entry("Other lengths", "lengths", longest=40),
        ),
    )


def facts(found: list[PhaseTimes]) -> tuple[Fact, ...]:
    """Return how fast the longest prompt was read, and how fast its answer was written."""
    last = found[-1]
    reads = Fact("reads", round(last.prompt_tokens / last.first_s), "tokens/s")
    if not last.gap_s:
        return (reads,)  # its tokens came all together
    times = last.prompt_tokens / last.first_s * last.gap_s
    return (
        reads,
        Fact("writes", round(1 / last.gap_s, 1), "tokens/s"),
        Fact("reading is", round(times, 1), "times as fast"),
    )


async def _measured(engine: Engine, words: int, tokens: int) -> PhaseTimes:
    text = fresh_text(words, _DICE)
    if Capability.STREAM not in engine.capabilities():
        return await _step_by_step(engine, text, tokens)
    timed = await serving(engine).stream_timed(text, tokens)
    if not timed.gaps_s:
        raise Nonsense("The model server ended after one token, so no gap could be timed.")
    return PhaseTimes(
        timed.prompt_tokens or words, timed.first_token_s, statistics.median(timed.gaps_s)
    )


async def _step_by_step(engine: Engine, text: str, tokens: int) -> PhaseTimes:
    """Time an engine that keeps keys and values between calls: a call a token."""
    steps_s: list[float] = []
    appended: list[int] = []
    read = 0
    for _ in range(tokens):
        found = await engine.next_token(Prompt(text, tuple(appended)), 1)
        read = read or len(found.prompt_tokens)
        steps_s.append(found.elapsed_ms / 1000)
        appended.append(found.top[0].token.id)
    return PhaseTimes(read, steps_s[0], statistics.median(steps_s[1:]))


INSTRUMENT = Instrument(
    name="phases",
    line="Prefill and decode, measured: first token and next ones, against the prompt's length.",
    topic=Topic.SERVING,
    lesson=7,
    params=Phases,
    run=run,
    needs=frozenset({Capability.NEXT_TOKEN}),
)
