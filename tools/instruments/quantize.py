"""Weights rounded to fewer bits, in the ways that servers do it: what they take, what changes."""

import re
from typing import Annotated, Literal

from pydantic import Field

from tools.asking import asking, fact
from tools.engine.base import Capability, Engine
from tools.engine.findings import Quantized, Rounding
from tools.engine.internals import inside
from tools.exhibit.exhibit import (
    Control,
    Entry,
    Exhibit,
    Fact,
    Knob,
    Origin,
    Part,
    Portion,
    Portions,
    Prose,
    Provenance,
    Table,
)
from tools.instrument import Instrument, Params, Topic, Try
from tools.instruments.looking import decimal, live
from tools.instruments.next_token import percent
from tools.knobs import menu, that_fit
from tools.models import BYTES, SHAPES, parameter_total

_SIZES = ("smollm2-135m", "llama-3.2-1b", "llama-3-8b", "llama-3-70b", "llama-3.1-405b", "gpt-3")
_FLIPS = 3
_SHOWN = 7  # of the likeliest tokens; the new top guess may be one more
_NOTHING_BITS = 1e-6  # of divergence: sums in another order give as much
PASSAGE = (
    "Water boils at one hundred degrees Celsius at sea level. Higher up, where the air is thinner, "
    "it boils at a lower temperature, so it takes longer to cook an egg on a mountain than it does "
    "on the beach."
)
_BITS = {"2": "breaks", "3": "rough", "4": "usual", "6": "close", "8": "hardly seen"}
_GROUPS = {"32": "finest", "64": "fine", "128": "usual", "row": "coarsest"}
FORMS = {
    "int": "whole numbers, a scale a group",
    "fp8-tensor": "FP8, a scale a matrix",
    "fp8-channel": "FP8, a scale a row",
    "fp8-block": "FP8, a scale for 128 × 128",
}


class Quantize(Params):
    """What a learner may choose."""

    prompt: Annotated[str, Field(max_length=4000)] = Field(
        "Kubernetes pods are scheduled by the", description="The text to continue."
    )
    form: Literal["int", "fp8-tensor", "fp8-channel", "fp8-block"] = Field(
        "int", description="Whole numbers, or FP8 (E4M3) with a scale for each of what."
    )
    bits: Annotated[int, Field(ge=2, le=8)] = Field(
        4, description="Bits that each whole number has: 2 to 8."
    )
    group: Literal["32", "64", "128", "row"] = Field(
        "32", description="How many whole numbers share a scale."
    )
    symmetric: bool = Field(False, description="Whole numbers around 0: a scale, and no minimum.")
    tables: bool = Field(False, description="Round the embedding and the head as well.")
    text: Annotated[str, Field(max_length=1200)] = Field(
        PASSAGE, description="What perplexity and mean divergence are measured over."
    )
    show: Literal["prompt", "sizes"] = Field(
        "prompt", description="What changes for a prompt, or what real models take."
    )


async def run(engine: Engine, params: Quantize) -> Exhibit:
    """Read a prompt and a text as the weights are and rounded; or list what real models take.

    Raises:
        BadInput: the prompt or the text can't be used.
        Missing: nothing at hand can be looked into.
        EngineError: the model could not be loaded.
    """
    if params.show == "sizes":
        return Exhibit(
            title="What weights take",
            parts=(
                Prose("Fewer bits, fewer bytes:"),
                sizes(),
                Prose("Weights alone, without the scales of groups and the cache."),
            ),
            provenance=Provenance(Origin.COMPUTED),
            facts=(Fact("GB", "10⁹ bytes"),),
            controls=_controls(params),
        )
    found = await inside(engine).quantized(params.prompt, params.text, rounding(params), _SHOWN)
    return Exhibit(
        title=f"The same prompt, weights in {_short(params).replace('bit', 'bits')}",
        parts=_parts(found, params),
        provenance=live(engine),
        facts=_facts(found, params),
        controls=_controls(params),
    )


def rounding(params: Quantize) -> Rounding:
    """Return the rounding that is chosen."""
    group = 0 if params.group == "row" else int(params.group)
    return Rounding(params.form, params.bits, group, params.symmetric, params.tables)


def sizes() -> Table:
    """Return what the weights of real models take in 16, 8 and 4 bits."""
    rows = tuple(
        (
            name,
            *(
                decimal(parameter_total(SHAPES[name]) * BYTES[kept])
                for kept in ("bfloat16", "int8", "int4")
            ),
        )
        for name in _SIZES
    )
    return Table(("model", "16 bit", "8 bit", "4 bit"), rows)


def _parts(found: Quantized, params: Quantize) -> tuple[Part, ...]:
    rows = tuple(
        (one.token.label, percent(one.before).strip(), percent(one.after).strip())
        for one in found.shifts
    )
    flips = "\n".join(
        f"after {one.read.label}: {one.before.label} became {one.after.label}"
        for one in found.flips[:_FLIPS]
    )
    return (
        Prose(_changed(found)),
        _picture(found, params),
        Table(("token", found.kept_as, _short(params)), rows),
        *([Prose(f"Top guesses that flipped:\n{flips}")] if flips else []),
        Prose(f"{_described(params)} {start(found)}"),
    )


def _changed(found: Quantized) -> str:
    count = len(found.flips)
    if not count:
        return "The top guess stays, wherever you look."
    return f"{count} of {len(found.tokens)} top guesses flip."


def _picture(found: Quantized, params: Quantize) -> Portions:
    """Return the likeliest tokens before and after, the top guess of the rounded weights lit."""
    top = max(found.shifts, key=lambda one: one.after)
    first = max(found.shifts, key=lambda one: one.before)
    rows = tuple(
        Portion(one.token.label, (one.before, one.after), is_lit=one is top and top is not first)
        for one in found.shifts
    )
    return Portions(rows, (found.kept_as, _short(params)))


def start(found: Quantized) -> str:
    """Say what the weights were before, and so what the change is a change from."""
    if known := re.match(r"I?Q(\d)", found.kept_as):
        said = f"The weights are already {known[1]}-bit ({found.kept_as}), rounded once more"
        if found.mean_kl_bits < _NOTHING_BITS and known[1] == "4":
            return f"{said}: these are the file's own settings, so nothing changes."
        return f"{said}. For an honest start, HUNCH_LOCAL_MODEL takes a float32 model."
    if re.fullmatch(r"b?float\d+", found.kept_as):
        return f"The weights are {found.kept_as}: this is what rounding them costs."
    return f"The weights are rounded already ({found.kept_as}), and now once more."


def _described(params: Quantize) -> str:
    tables = "too" if params.tables else "left alone"
    if params.form == "int":
        group = "a row" if params.group == "row" else f"{params.group} weights"
        low = "" if params.symmetric else " and a minimum"
        return f"A scale{low} for {group}; embedding and head {tables}."
    return f"{FORMS[params.form]}; embedding and head {tables}."


def _facts(found: Quantized, params: Quantize) -> tuple[Fact, ...]:
    before, after = found.perplexity_before, found.perplexity_after
    return (
        Fact("KL divergence", f"{found.kl_bits:.4f}", "bits"),
        Fact("over a text", f"{found.mean_kl_bits:.4f}", f"bits on {found.text_tokens} tokens"),
        Fact("its perplexity", f"{before:.1f} → {_long(after)}"),
        Fact("top guess", _top(found)),
        Fact("flipped", len(found.flips), f"of {len(found.tokens)} places"),
        Fact("16 bit", round(found.bytes_16_bit / 1e6, 1), "MB"),
        Fact(_short(params), round(found.bytes_rounded / 1e6, 1), "MB with scales"),
    )


def _long(perplexity: float) -> str:
    return f"{perplexity:.1f}" if perplexity < 1000 else f"{perplexity:,.0f}"


def _short(params: Quantize) -> str:
    return "FP8" if params.form != "int" else f"{params.bits} bit"


def _top(found: Quantized) -> str:
    before = max(found.shifts, key=lambda one: one.before).token
    after = max(found.shifts, key=lambda one: one.after).token
    if before.id == after.id:
        return f"{before.label} still"
    return f"{before.label} became {after.label}"


def _controls(params: Quantize) -> tuple[Control, ...]:
    if params.show == "sizes":
        return (Knob("This prompt", "show", "prompt"),)
    whole = (
        menu("Bits", "bits", _BITS, params.bits),
        menu("Group", "group", _GROUPS, params.group),
        Knob("Symmetric", "symmetric", "true"),
        Knob("With a minimum", "symmetric", "false"),
    )
    return that_fit(
        params,
        Knob("Round tables too", "tables", "true"),
        Knob("Leave tables", "tables", "false"),
        *(whole if params.form == "int" else ()),
        menu("Form", "form", FORMS, params.form),
        Knob("Real sizes", "show", "sizes"),
        Entry("Other prompt", "prompt"),
        Entry("Other text", "text", 1200),
    )


INSTRUMENT = Instrument(
    name="quantize",
    line="The model's weights in fewer bits or FP8: bytes saved, and what changes in its answer.",
    topic=Topic.COST,
    lesson=9,
    params=Quantize,
    run=run,
    asks=asking(
        "How many of its next-token favourites change?",
        ("none", "one or two", "three or four", "more"),
        fact("flipped"),
        (1, 3, 5),
    ),
    wants=frozenset({Capability.INTERNALS}),
    tries=(
        Try("bits", "the answer falls apart", "2"),
        Try("show", "what real models take", "sizes"),
        Try("show", "what changes for a prompt", "prompt"),
    ),
)
