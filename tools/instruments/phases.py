"""The two phases of an answer, measured: reading the prompt, then writing token by token."""

import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import AfterValidator, Field

from tools.algorithms.workload import fresh_text, milliseconds
from tools.asking import fact, ranges
from tools.engine.base import Capability, Engine, Prompt
from tools.engine.serving import serving
from tools.errors import BadInput, Nonsense
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
from tools.instruments.measuring import MeasurementParams, again, measured, pieces
from tools.knobs import that_fit
from tools.numerals import UnreadableNumber, whole_numbers_in

MOST_LENGTHS = 6
LONGEST = 4096  # words
MOST_SAMPLES = 5
LONGER = "64 256 768"
_DICE = random.SystemRandom()


def lengths_of(text: str) -> tuple[int, ...]:
    """Read `16 64 256`, in words; commas may stand between.

    Raises:
        ValueError: fewer than two or more than six different ones, or one out of bounds.
    """
    try:
        found = sorted(set(whole_numbers_in(text)))
    except UnreadableNumber as unreadable:
        raise ValueError(f"{unreadable} Give lengths in words, like: 16 64 256") from None
    if not 2 <= len(found) <= MOST_LENGTHS or not 4 <= found[0] <= found[-1] <= LONGEST:
        raise ValueError(f"give 2 to {MOST_LENGTHS} lengths from 4 to {LONGEST}")
    return tuple(found)


def _readable(text: str) -> str:
    lengths_of(text)
    return text


class Phases(MeasurementParams):
    """What a learner may choose."""

    lengths: Annotated[str, Field(max_length=40), AfterValidator(_readable)] = Field(
        "16 64 256 512", description="Prompts of how many words; as many as the model's context."
    )
    tokens: Annotated[int, Field(ge=2, le=32)] = Field(8, description="Tokens to write after each.")
    samples: Annotated[int, Field(ge=1, le=MOST_SAMPLES)] = Field(
        3, description="How often each length is measured, every time with another prompt."
    )


@dataclass(frozen=True, slots=True)
class PhaseTimes:
    """The times after one prompt, in seconds.

    Attributes:
        prompt_tokens: How many were read; None where the server doesn't count them.
        first_s: To the first token.
        gap_s: From one token to the next, the median.
        words: How many the prompt had.
    """

    prompt_tokens: int | None
    first_s: float
    gap_s: float
    words: int = 0


@dataclass(frozen=True, slots=True)
class LengthTimes:
    """What prompts of one length took, one sample each."""

    samples: tuple[PhaseTimes, ...]

    @property
    def prompt_tokens(self) -> int | None:
        """How many tokens were read, of the sample in the middle; None where one isn't counted."""
        counted = [one.prompt_tokens for one in self.samples if one.prompt_tokens is not None]
        return statistics.median_low(counted) if len(counted) == len(self.samples) else None

    @property
    def words(self) -> int:
        """How many words were sent."""
        return self.samples[0].words

    @property
    def firsts_s(self) -> tuple[float, ...]:
        """The times to the first token."""
        return tuple(one.first_s for one in self.samples)

    @property
    def gaps_s(self) -> tuple[float, ...]:
        """The times from one token to the next, a median a sample."""
        return tuple(one.gap_s for one in self.samples)


async def run(engine: Engine, params: Phases) -> Exhibit:
    """Measure each length a few times, in turns; no cache knows the prompts.

    The longest warms up, so one that doesn't fit is refused before anything was measured.

    Raises:
        BadInput: a prompt is longer than the model's context.
        EngineError: the engine gave no usable answer.
    """
    began = time.perf_counter()
    lengths = lengths_of(params.lengths)
    await _warm_up(engine, lengths[-1])
    found: dict[int, list[PhaseTimes]] = {words: [] for words in lengths}
    for _ in range(params.samples):
        for words in lengths:
            found[words].append(await _measured(engine, words, params.tokens))
    source = measured(engine, began)
    return exhibit([LengthTimes(tuple(each)) for each in found.values()], params, source)


def exhibit(found: Sequence[LengthTimes], params: Phases, source: Provenance) -> Exhibit:
    """Return both times against the prompt's length, as lines and as a table.

    A length is in tokens, or in words if the server leaves one uncounted: never one for the other.
    """
    unit, lengths = _lengths(found)
    rows = [
        (f"{length:,}", _with_spread(one.firsts_s), _with_spread(one.gaps_s))
        for length, one in zip(lengths, found, strict=True)
    ]
    series = (
        Series("first token", _line(lengths, [one.firsts_s for one in found])),
        Series("each next", _line(lengths, [one.gaps_s for one in found])),
    )
    return Exhibit(
        title="Reading against writing",
        parts=(
            Curve(series, f"{unit} in the prompt", "ms"),
            Table(("read" if unit == "tokens" else unit, "first", "next"), tuple(rows)),
            Prose(_meaning(params.samples)),
            *((Prose(_UNCOUNTED),) if unit == "words" else ()),
        ),
        provenance=source,
        facts=facts(found),
        controls=that_fit(
            params,
            again("Measure again", params),
            Knob("Longer prompts", "lengths", LONGER),
            Knob("More samples", "samples", str(params.samples + 2)),
            Knob("One sample", "samples", "1"),
            Entry("Other lengths", "lengths", longest=40),
        ),
    )


def facts(found: Sequence[LengthTimes]) -> tuple[Fact, ...]:
    """Return how fast the longest prompt was read, and how fast its answer was written."""
    last = found[-1]
    first_s, gap_s = statistics.median(last.firsts_s), statistics.median(last.gaps_s)
    unit, lengths = _lengths(found)
    reads = Fact("reads", round(lengths[-1] / first_s), f"{unit}/s")
    if not gap_s:
        return (reads,)  # its tokens came all together
    writes = Fact("writes", round(1 / gap_s, 1), "tokens/s")
    if unit == "words":
        return (reads, writes)  # which aren't to be compared
    times = lengths[-1] / first_s * gap_s
    return (reads, writes, Fact("reading is", round(times, 1), "times as fast"))


def _lengths(found: Sequence[LengthTimes]) -> tuple[str, list[int]]:
    """Return what lengths are counted in, and each of them."""
    tokens = [one.prompt_tokens for one in found if one.prompt_tokens is not None]
    if len(tokens) == len(found):
        return "tokens", tokens
    return "words", [one.words for one in found]


_UNCOUNTED = (
    "This server tells no `usage`, so nobody has counted the prompts' tokens: lengths are in words."
)


def _meaning(samples: int) -> str:
    how = f"Medians of {samples}, ± half their range. " if samples > 1 else "One sample each. "
    return (
        f"{how}Before the first token the whole prompt is read: at once, or in chunks of at most "
        "max_num_batched_tokens where a server has chunked prefill."
    )


def _line(
    lengths: Sequence[int], seconds: Sequence[Sequence[float]]
) -> tuple[tuple[float, float], ...]:
    return tuple(
        (float(length), 1000 * statistics.median(each))
        for length, each in zip(lengths, seconds, strict=True)
    )


def _with_spread(seconds: Sequence[float]) -> str:
    """Return the median in ms, and half the range of all: `512±9`."""
    middle = milliseconds(statistics.median(seconds))
    if len(seconds) == 1:
        return middle
    half = (max(seconds) - min(seconds)) / 2
    return f"{middle}±{milliseconds(half)}"


async def _warm_up(engine: Engine, words: int) -> None:
    """Read as long a prompt as there will be; what is too long is told by its words.

    Raises:
        BadInput: it doesn't fit.
    """
    try:
        await _measured(engine, words, 2)
    except BadInput as too_long:
        raise BadInput(f"{words:,} words are too many for {engine.model}. {too_long}") from None


async def _measured(engine: Engine, words: int, tokens: int) -> PhaseTimes:
    text = fresh_text(words, _DICE)
    if Capability.STREAM not in engine.capabilities():
        return await _step_by_step(engine, text, tokens)
    timed = await serving(engine).stream_timed(text, tokens)
    if not timed.gaps_s:
        raise Nonsense("The model server ended after one token, so no gap could be timed.")
    gap_s = statistics.median(timed.gaps_s)
    return PhaseTimes(timed.prompt_tokens or None, timed.first_token_s, gap_s, words)


async def _step_by_step(engine: Engine, text: str, tokens: int) -> PhaseTimes:
    """Time an engine that keeps keys and values between calls: a call a token."""
    steps_s: list[float] = []
    prompt = await _long_prompt(engine, text)
    read = 0
    for _ in range(tokens):
        found = await engine.next_token(prompt, 1)
        read = read or len(found.prompt_tokens)
        steps_s.append(found.elapsed_ms / 1000)
        prompt = replace(prompt, appended=(*prompt.appended, found.top[0].token.id))
    return PhaseTimes(read, steps_s[0], statistics.median(steps_s[1:]))


async def _long_prompt(engine: Engine, text: str) -> Prompt:
    """Return a prompt of any length: what is over a person's limit follows as token ids."""
    start, *more = pieces(text)
    ids = [token.id for part in more for token in await engine.tokenize(f" {part}")]
    return Prompt(start, tuple(ids))


INSTRUMENT = Instrument(
    name="phases",
    line="Prefill and decode, measured: first token and next ones, against the prompt's length.",
    topic=Topic.SERVING,
    lesson=7,
    params=Phases,
    run=run,
    asks=ranges(
        "How many times as fast does it read as it writes?",
        fact("reading is"),
        (2, 5, 20),
        " times",
    ),
    needs=frozenset({Capability.NEXT_TOKEN}),
    sees="A long prompt delays the first token alone.",
    tries=(
        Try("lengths", "the first token waits, the next don't"),
        Try("reading", "how steady is it?"),
    ),
)
