"""The embedded weights rounded to 8 or 4 bits: what they take, and what changes."""

from typing import Annotated, Literal

from pydantic import Field

from tools.engine.base import Capability, Engine
from tools.engine.findings import Quantized
from tools.engine.internals import inside
from tools.exhibit.exhibit import (
    Control,
    Entry,
    Exhibit,
    Fact,
    Knob,
    Origin,
    Part,
    Prose,
    Provenance,
    Table,
)
from tools.instrument import Instrument, Params, Topic
from tools.instruments.looking import decimal, live
from tools.instruments.next_token import percent
from tools.knobs import that_fit
from tools.models import BYTES, SHAPES, parameter_total

_SIZES = ("smollm2-135m", "llama-3.2-1b", "llama-3-8b", "llama-3-70b", "llama-3.1-405b", "gpt-3")
_FLIPS = 3
_SHOWN = 7  # of the likeliest tokens; the new top guess may be one more


class Quantize(Params):
    """What a learner may choose."""

    prompt: Annotated[str, Field(max_length=4000)] = Field(
        "Kubernetes pods are scheduled by the", description="The text to continue."
    )
    bits: Annotated[int, Field(ge=4, le=8, multiple_of=4)] = Field(
        4, description="Bits that each weight keeps: 8 or 4."
    )
    show: Literal["prompt", "sizes"] = Field(
        "prompt", description="What changes for a prompt, or what real models take."
    )


async def run(engine: Engine, params: Quantize) -> Exhibit:
    """Read a prompt with full and with rounded weights; or list what real models take.

    Raises:
        BadInput: the prompt can't be used.
        Missing: nothing at hand can be looked into.
        EngineError: the model could not be loaded.
    """
    if params.show == "sizes":
        return Exhibit(
            title="What weights take",
            parts=(sizes(), Prose("Weights alone, without the scales of groups and the cache.")),
            provenance=Provenance(Origin.COMPUTED),
            facts=(Fact("GB", "10⁹ bytes"),),
            controls=_controls(params),
        )
    found = await inside(engine).quantized(params.prompt, params.bits, _SHOWN)
    return Exhibit(
        title=f"The same prompt, weights in {params.bits} bits",
        parts=_parts(found),
        provenance=live(engine),
        facts=(
            Fact("KL divergence", f"{found.kl_bits:.4f}", "bits"),
            Fact("top guess", _top(found)),
            Fact("flipped", len(found.flips), f"of {len(found.tokens)} places"),
            Fact("16 bit", round(found.bytes_16_bit / 1e6, 1), "MB"),
            Fact(f"{found.bits} bit", round(found.bytes_rounded / 1e6, 1), "MB with scales"),
        ),
        controls=_controls(params),
    )


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


def _parts(found: Quantized) -> tuple[Part, ...]:
    rows = tuple(
        (one.token.label, percent(one.before).strip(), percent(one.after).strip())
        for one in found.shifts
    )
    flips = "\n".join(
        f"after {one.read.label}: {one.before.label} became {one.after.label}"
        for one in found.flips[:_FLIPS]
    )
    method = (
        f"Plain rounding of every matrix, a scale for each {found.group} weights. Larger models, "
        "and finer methods, lose less."
    )
    return (
        Table(("token", "full", f"{found.bits} bit"), rows),
        *([Prose(f"Top guesses that flipped:\n{flips}")] if flips else []),
        Prose(method),
    )


def _top(found: Quantized) -> str:
    before = max(found.shifts, key=lambda one: one.before).token
    after = max(found.shifts, key=lambda one: one.after).token
    if before.id == after.id:
        return f"{before.label} still"
    return f"{before.label} became {after.label}"


def _controls(params: Quantize) -> tuple[Control, ...]:
    return that_fit(
        params,
        Knob("8 bits", "bits", "8"),
        Knob("4 bits", "bits", "4"),
        Knob("Real sizes", "show", "sizes"),
        Knob("This prompt", "show", "prompt"),
        Entry("Other prompt", "prompt"),
    )


INSTRUMENT = Instrument(
    name="quantize",
    line="The model's weights in 8 or 4 bits: bytes saved, and what changes in its answer.",
    topic=Topic.COST,
    lesson=9,
    params=Quantize,
    run=run,
    wants=frozenset({Capability.INTERNALS}),
)
