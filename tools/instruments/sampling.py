"""A live distribution under a sampler's five knobs: what is kept, what is cut, what is drawn."""

import random
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from tools.algorithms.sampling import SampleCandidate, SamplingKnobs, settled, shares, tallied
from tools.engine.base import Capability, Distribution, Engine, Prompt
from tools.engine.prompts import clean_prompt
from tools.exhibit.exhibit import Control, Entry, Exhibit, Fact, Knob, Prose, Table
from tools.exhibit.monospace import padded
from tools.exhibit.visible import visible
from tools.instrument import Instrument, Params, Topic
from tools.instruments.next_token import percent, provenance
from tools.knobs import menu, that_fit

SHOWN = 20  # the most that an engine names
DRAWS = 20
_ROWS = 6
_LABEL = 7


class Sampling(Params):
    """What a learner may choose."""

    prompt: Annotated[str, Field(max_length=4000)] = Field(
        "It was a beautiful", description="The text to continue."
    )
    temperature: Annotated[float, Field(ge=0, le=5)] = Field(
        1.0, description="Above 1 flattens, below 1 sharpens; 0 takes the likeliest."
    )
    top_k: Annotated[int, Field(ge=1, le=SHOWN)] = Field(
        SHOWN, description="Keep this many of the likeliest."
    )
    top_p: Annotated[float, Field(ge=0.01, le=1)] = Field(
        1.0, description="Keep the fewest that together reach this share."
    )
    min_p: Annotated[float, Field(ge=0, le=1)] = Field(
        0.0, description="Cut what is less than this times as likely as the first."
    )
    penalty: Annotated[float, Field(ge=1, le=3)] = Field(
        1.0, description="Repetition penalty on tokens of the prompt; 1 is none."
    )
    seed: Annotated[int, Field(ge=0, le=9999)] = Field(1, description="Which chance is drawn with.")


async def run(engine: Engine, params: Sampling) -> Exhibit:
    """Ask for the next token, turn the knobs on it, and draw twenty times.

    Raises:
        BadInput: the prompt can't be used.
        EngineError: the engine gave no usable answer.
    """
    found = await engine.next_token(Prompt(clean_prompt(params.prompt)), SHOWN)
    return exhibit(found, params)


def exhibit(found: Distribution, params: Sampling) -> Exhibit:
    """Return what the knobs make of a distribution."""
    choices = after_knobs(found, params)
    weights = shares(choices)
    drawn = tallied(weights, DRAWS, random.Random(params.seed))
    return Exhibit(
        title="What a sampler makes of it",
        parts=(_table(found, choices, weights, drawn), Prose(how_exact(found, choices, params))),
        provenance=provenance(found),
        facts=_facts(found, choices, params),
        controls=_controls(params),
    )


def after_knobs(found: Distribution, params: Sampling) -> tuple[SampleCandidate, ...]:
    """Return the shown tokens after every knob, likeliest first."""
    choices = [
        SampleCandidate(one.token.id, one.logprob, place) for place, one in enumerate(found.top)
    ]
    seen = {token.id for token in found.prompt_tokens}
    settings = SamplingKnobs(
        params.temperature, params.top_k, params.top_p, params.min_p, params.penalty
    )
    return settled(choices, seen, settings)


def how_exact(found: Distribution, choices: Sequence[SampleCandidate], params: Sampling) -> str:
    """Say in what order the knobs were turned, and whether the rest of the vocabulary matters."""
    order = "Order, as in vLLM: penalty, temperature, min-p, top-k, top-p."
    if params.penalty > 1:
        return (
            f"{order} Approximate: the penalty is on log-probabilities of the {len(found.top)} "
            "shown; a server has it on raw scores of all."
        )
    is_closed = any(one.cut_by == "min-p" for one in choices)  # then min-p cuts all unseen too
    if is_closed or params.temperature == 0 or params.top_k < len(found.top):
        return f"{order} Exact: no token beyond those shown could be kept."
    rest = percent(found.other_probability).strip()
    return (
        f"{order} Approximate: an engine shows {len(found.top)}; with top-k off, the others "
        f"({rest}) would take part too."
    )


def _table(
    found: Distribution,
    choices: Sequence[SampleCandidate],
    weights: Sequence[float],
    drawn: dict[int, int],
) -> Table:
    rows = [
        (
            padded(visible(found.top[one.place].token.text), _LABEL).rstrip(),
            _short(found.top[one.place].probability),
            "cut" if one.cut_by else _short(weight),
            str(drawn[place] or ""),
        )
        for place, (one, weight) in enumerate(zip(choices, weights, strict=True))
    ]
    beyond = rows[_ROWS:]
    if beyond:
        was = sum(found.top[one.place].probability for one in choices[_ROWS:])
        count = sum(drawn[place] for place in range(_ROWS, len(rows)))
        new = sum(weights[_ROWS:])
        last = (f"+{len(beyond)}", _short(was), _short(new) if new else "cut", str(count or ""))
        rows = [*rows[:_ROWS], last]
    rest = ("others", _short(found.other_probability), "cut", "")
    return Table(("", "was%", "now%", "×20"), (*rows, rest))


def _facts(
    found: Distribution, choices: Sequence[SampleCandidate], params: Sampling
) -> tuple[Fact, ...]:
    kept = [one for one in choices if not one.cut_by]
    mass = sum(found.top[one.place].probability for one in kept)
    reasons = sorted({one.cut_by for one in choices} - {""})
    cuts = (
        Fact(f"cut by {by}", sum(one.cut_by == by for one in choices), "tokens") for by in reasons
    )
    return (
        Fact("kept", len(kept), f"tokens with {percent(mass).strip()}"),
        *cuts,
        *_turned(params),
        Fact("seed", params.seed),
    )


def _turned(params: Sampling) -> tuple[Fact, ...]:
    """Return the knobs that stand elsewhere than where they change nothing."""
    fields = Sampling.model_fields
    names = [name for name in fields if name not in ("prompt", "seed")]
    return tuple(
        Fact(name.replace("_", "-"), f"{getattr(params, name):g}")
        for name in names
        if getattr(params, name) != fields[name].default
    )


def _short(share: float) -> str:
    """Return a share of 1 in per cent, four columns at most."""
    value = 100 * share
    if 0 < value < 0.05:
        return "<0.1"
    return f"{value:.1f}" if value < 99.95 else "100"


def _controls(params: Sampling) -> tuple[Control, ...]:
    temperatures = {
        "0": "greedy", "0.2": "facts and code", "0.7": "chat", "1": "as it is", "1.5": "stories",
        "2": "wild",
    }  # fmt: skip
    top_p = {"0.5": "half", "0.8": "", "0.9": "usual", "0.95": "", "1": "off"}
    min_p = {"0": "off", "0.05": "usual", "0.1": "", "0.3": ""}
    return that_fit(
        params,
        Knob("Draw again", "seed", str(params.seed + 1), is_main=True),
        Entry("Other prompt", "prompt"),
        menu("Temperature", "temperature", temperatures, params.temperature),
        menu(
            "Top-k", "top_k", {"1": "", "3": "", "5": "", "10": "", "20": "all shown"}, params.top_k
        ),
        menu("Top-p", "top_p", top_p, params.top_p),
        menu("Min-p", "min_p", min_p, params.min_p),
        menu(
            "Repetition penalty",
            "penalty",
            {"1": "off", "1.1": "usual", "1.3": "", "2": ""},
            params.penalty,
        ),
    )


INSTRUMENT = Instrument(
    name="sampling",
    line="A live distribution under temperature, top-k, top-p, min-p and penalty; twenty draws.",
    topic=Topic.CHOICE,
    lesson=6,
    params=Sampling,
    run=run,
    needs=frozenset({Capability.NEXT_TOKEN}),
)
