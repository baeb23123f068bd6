"""A live distribution under a sampler's knobs: what is kept, what is cut, what is drawn.

An engine that hands over its raw scores is turned exactly as vLLM turns its own. One that only
names its likeliest tokens is turned as far as those go, and the card says how far that is.
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace

from tools.algorithms.sampled import (
    LEAST_TEMPERATURE,
    Sampled,
    SampledToken,
    SamplingKnobs,
    unseen_bounds,
)
from tools.asking import fact, ranges
from tools.engine.base import Capability, Distribution, Engine, Prompt, Token
from tools.engine.findings import RawScores
from tools.engine.internals import inside
from tools.engine.prompts import clean_prompt
from tools.errors import Missing
from tools.exhibit.exhibit import Exhibit, Fact, Portion, Portions, Prose, Table
from tools.exhibit.monospace import padded
from tools.instrument import Instrument, Topic, Try
from tools.instruments.biases import biases, by_id
from tools.instruments.looking import live
from tools.instruments.next_token import percent, provenance
from tools.instruments.sampling_knobs import Sampling, controls, knobs_of, turned

SHOWN = 20  # the most that a server names
DRAWS = 20
_ROWS = 6
_LABEL = 7
_SEEN = "The odds before and after; the tail below."


async def run(engine: Engine, params: Sampling) -> Exhibit:
    """Turn the knobs on what could come next, and draw twenty times.

    Raises:
        BadInput: the prompt or the bias can't be used.
        Missing: a knob needs raw scores, and the engine hands none over.
        EngineError: the engine gave no usable answer.
    """
    prompt = clean_prompt(params.prompt)
    if Capability.FULL_VOCABULARY in engine.capabilities():
        return await _of_all(engine, params)
    require_no_raw_scores(engine, params)
    found = await engine.next_token(Prompt(prompt + params.written), SHOWN)
    return of_shown(found, params)


def require_no_raw_scores(engine: Engine, params: Sampling) -> None:
    """Refuse the knobs that log-probabilities of a few tokens can't stand in for.

    Raises:
        Missing: one is turned.
    """
    given = f"{engine.model} ({engine.name}) gives log-probabilities of {SHOWN} tokens"
    way_out = "The embedded model hands over all raw scores."
    if params.penalty != 1:
        raise Missing(
            "A repetition penalty divides raw scores above 0 and multiplies those below; "
            f"{given}, and those are all below 0. {way_out}"
        )
    if params.presence or params.frequency or params.bias:
        raise Missing(
            f"This knob moves single raw scores, past tokens that aren't shown: {given}. {way_out}"
        )


async def _of_all(engine: Engine, params: Sampling) -> Exhibit:
    model, wanted = inside(engine), biases(params.bias)
    words = tuple(one.word for one in wanted if one.word)
    raw = await model.raw_scores(params.prompt, params.written, words)
    knobs = knobs_of(params, by_id(wanted, raw.words, len(raw.scores)))
    prompt, written = [[token.id for token in each] for each in (raw.prompt, raw.written)]
    # on a thread: milliseconds for 50,000 tokens, and others want their turn
    found = await asyncio.to_thread(_sampled, raw.scores, prompt, written, knobs, params.seed)
    top = [one.id for one in found.top]
    named = dict(zip(top, await model.named(tuple(top)), strict=True))
    vocabulary = len(raw.scores)
    return Exhibit(
        title="What a sampler makes of it",
        parts=(
            Prose(_SEEN),
            _picture([named[one.id] for one in found.top], found.top, found, vocabulary),
            Table(_HEADER, (*(_row(named[one.id], one) for one in found.top), _others(found))),
            *[Prose(line) for line in _repeated(raw, params)],
            Prose(how_exact(raw, params)),
        ),
        provenance=live(engine),
        facts=(*_facts(found, params), *_beyond(found)),
        controls=controls(params, has_scores=True),
    )


def of_shown(found: Distribution, params: Sampling) -> Exhibit:
    """Return what temperature and cuts make of the shown tokens, as if there were no others."""
    logprobs = [one.logprob for one in found.top]
    after = _sampled(logprobs, (), (), knobs_of(params, {}), params.seed, rows=len(logprobs))
    real = [replace(one, was=found.top[one.id].probability) for one in after.top]
    rows = [_row(found.top[one.id].token, one) for one in real[:_ROWS]]
    if beyond := real[_ROWS:]:
        rows.append(_together(f"+{len(beyond)}", beyond))
    now = "cut" if is_closed(found, after, params) else "?"
    return Exhibit(
        title=f"What a sampler makes of the {len(found.top)} likeliest",
        parts=(
            Prose(_SEEN),
            _shown_picture(found, real[:_ROWS], beyond, is_cut=now == "cut"),
            Table(_HEADER, (*rows, ("others", _short(found.other_probability), now, ""))),
            Prose(how_far(found, after, params)),
        ),
        provenance=provenance(found),
        facts=_facts(replace(after, kept_was=sum(o.was for o in real if not o.cut_by)), params),
        controls=controls(params, has_scores=False),
    )


def _shown_picture(
    found: Distribution,
    top: Sequence[SampledToken],
    beyond: Sequence[SampledToken],
    *,
    is_cut: bool,
) -> Portions:
    """Return the same of what a server names; of the tokens it doesn't, only what they had."""
    rows = [
        Portion(found.top[one.id].token.label, (one.was, None if one.cut_by else one.now))
        for one in top
    ]
    if beyond:
        now = None if all(one.cut_by for one in beyond) else sum(one.now for one in beyond)
        rows.append(Portion(f"{len(beyond)} more", (sum(one.was for one in beyond), now)))
    rest = found.other_probability
    rows.append(Portion("not named", (rest, None) if is_cut else (rest, rest), is_rest=True))
    return Portions(tuple(rows), ("as it is", "after the knobs"))


def is_closed(found: Distribution, after: Sampled, params: Sampling) -> bool:
    """Tell whether no token beyond those shown could be kept."""
    is_short = 0 < params.top_k <= len(found.top)
    return is_short or params.temperature == 0 or "min-p" in after.cut


def how_exact(raw: RawScores, params: Sampling) -> str:
    """Say in what order the knobs were turned, on what, and what one of them didn't do."""
    order = f"Order, as in vLLM 0.32: bias, penalties, {_CUTTING}.{_lifted(params)}"
    exact = f"Exact: from the raw scores of all {len(raw.scores):,} tokens."
    if (params.presence or params.frequency) and not params.written:
        return f"{order} {exact} Presence and frequency count the answer so far, which is empty."
    return f"{order} {exact}"


def how_far(found: Distribution, after: Sampled, params: Sampling) -> str:
    """Say in what order the knobs were turned, and what the tokens beyond those shown would do."""
    order = f"Order, as in vLLM 0.32: {_CUTTING}.{_lifted(params)}"
    count = len(found.top)
    if is_closed(found, after, params):
        return f"{order} Exact: no token beyond the {count} shown could be kept."
    shares = [one.probability for one in found.top]
    least, most = unseen_bounds(shares, params.temperature)
    if count < SHOWN:  # a server that names texts alone hides some that look alike
        held = "take part too"
    elif least == most:
        held = f"hold {percent(least).strip()}"
    else:
        bound, share = ("at least", least) if least else ("at most", most)
        held = f"hold {bound} {percent(share).strip()} at temperature {params.temperature:g}"
    return f"{order} Of the {count} shown, as if alone: the others {held}."


def _sampled(
    raw: Sequence[float],
    prompt: Sequence[int],
    written: Sequence[int],
    knobs: SamplingKnobs,
    seed: int,
    rows: int = _ROWS,
) -> Sampled:
    from tools.algorithms.sampler import sampled  # numpy: a start can spare it

    dice = random.Random(seed)
    return sampled(raw, prompt, written, knobs, rows=rows, draws=DRAWS, dice=dice)


_CUTTING = "temperature, min-p, top-k, top-p"


def _lifted(params: Sampling) -> str:
    is_lifted = 0 < params.temperature < LEAST_TEMPERATURE
    return f" It draws with {LEAST_TEMPERATURE} at least." if is_lifted else ""


_HEADER = ("", "was%", "now%", "×20")


def _row(token: Token, one: SampledToken) -> tuple[str, ...]:
    label = padded(token.label, _LABEL).rstrip()
    now = "cut" if one.cut_by else _short(one.now)
    return (label, _short(one.was), now, str(one.drawn or ""))


def _picture(
    named: Sequence[Token], top: Sequence[SampledToken], found: Sampled, vocabulary: int
) -> Portions:
    """Return the likeliest and all the others as bars, before the knobs and after."""
    rows = [
        Portion(token.label, (one.was, None if one.cut_by else one.now))
        for token, one in zip(named, top, strict=True)
    ]
    was = max(0.0, 1 - sum(one.was for one in top))
    now = max(0.0, 1 - sum(one.now for one in top))
    is_cut = found.kept == sum(not one.cut_by for one in top)
    label = f"{vocabulary - len(top):,} others"
    rows.append(Portion(label, (was, None if is_cut else now), is_rest=True))
    return Portions(tuple(rows), ("as it is", "after the knobs"))


def _together(label: str, some: Sequence[SampledToken]) -> tuple[str, ...]:
    now = "cut" if all(one.cut_by for one in some) else _short(sum(one.now for one in some))
    return (label, _short(sum(o.was for o in some)), now, str(sum(o.drawn for o in some) or ""))


def _others(found: Sampled) -> tuple[str, ...]:
    """Return the row of all tokens that have none of their own."""
    was = max(0.0, 1 - sum(one.was for one in found.top))
    now = max(0.0, 1 - sum(one.now for one in found.top))
    is_cut = found.kept == sum(not one.cut_by for one in found.top)
    count = DRAWS - sum(one.drawn for one in found.top)
    return ("others", _short(was), "cut" if is_cut else _short(now), str(count or ""))


def _repeated(raw: RawScores, params: Sampling) -> list[str]:
    """Say what the repetition penalty did to the likeliest token that it is for."""
    seen = {token.id: token for token in (*raw.prompt, *raw.written)}
    if params.penalty == 1 or biases(params.bias):
        return []
    first = max(seen.values(), key=lambda token: raw.scores[token.id])
    before = raw.scores[first.id]
    sign, after = ("÷", before / params.penalty) if before > 0 else ("×", before * params.penalty)
    sum_ = f"{before:.2f} {sign} {params.penalty:g} = {after:.2f}"
    return [f"Repetition, {len(seen)} tokens: {first.label} scores {sum_}."]


def _facts(found: Sampled, params: Sampling) -> tuple[Fact, ...]:
    cuts = (Fact(f"cut by {by}", count, "tokens") for by, count in found.cut.items())
    kept = Fact("kept", found.kept, f"tokens with {percent(found.kept_was).strip()}")
    return (kept, *cuts, *turned(params), Fact("seed", params.seed))


def _beyond(found: Sampled) -> tuple[Fact, ...]:
    if found.kept <= SHOWN:
        return ()
    return (Fact(f"beyond the {SHOWN} likeliest", percent(found.beyond).strip()),)


def _short(share: float) -> str:
    """Return a share of 1 in per cent, four columns at most."""
    value = 100 * share
    if 0 < value < 0.05:
        return "<0.1"
    return f"{value:.1f}" if value < 99.95 else "100"


INSTRUMENT = Instrument(
    name="sampling",
    line="The next token under temperature, top-k, top-p, min-p, penalties and bias; twenty draws.",
    topic=Topic.CHOICE,
    lesson=6,
    params=Sampling,
    run=run,
    asks=ranges(
        "Beyond its 20 likeliest tokens, how much is left?",
        fact("beyond the 20 likeliest"),
        (5, 20, 50),
        " %",
    ),
    needs=frozenset({Capability.NEXT_TOKEN}),
    tries=(
        Try("temperature", "the tail takes over", "2"),
        Try("temperature", "watch the tail"),
    ),
)
