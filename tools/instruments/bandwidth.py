"""The roofline: memory bounds a pass that few tokens share, arithmetic one that many do.

What is shown is a bound for one pass through the model. It isn't one for a text: speculation gets
several tokens out of a pass, and a batch shares it.
"""

import math
from typing import Annotated, Literal

from pydantic import Field

from tools.algorithms.roofline import Bound, Setup, decode_bound, prefill_bound, ridge
from tools.asking import fact, ranges
from tools.engine.base import Capability, Engine
from tools.engine.internals import Internals, inside
from tools.engine.timings import Bandwidth, DecodeSpeed
from tools.errors import BadInput
from tools.exhibit.exhibit import (
    Control,
    Curve,
    Exhibit,
    Fact,
    Knob,
    Origin,
    Part,
    Prose,
    Provenance,
    Series,
    Table,
)
from tools.gpus import GPUS, Gpu
from tools.instrument import Instrument, Params, Topic, Try
from tools.instruments.looking import decimal, live
from tools.instruments.your_model import (
    AUTO,
    Config,
    model_menu,
    on_your_model,
    own_config,
    sized,
    subject,
    turn_in_context,
)
from tools.knobs import menu, that_fit
from tools.models import short_count
from tools.shape.kept import NUMBER_BYTES
from tools.shape.precision import PRECISIONS, precision_of, weight_bytes
from tools.shape.shape import Shape

RooflinePrecision = Literal["native", "float32", "bfloat16", "fp8", "int8", "int4", "nvfp4"]
GpuName = Literal["B200", "MI300X", "H200", "H100", "A100", "RTX 4090", "L40S", "L4"]
INSTEAD = "llama-3-8b"
_SEQUENCES = tuple(2**power for power in range(11))  # 1 to 1,024
_CHUNKS = tuple(2**power for power in range(4, 14))  # 16 to 8,192 tokens of a prompt
_ROWS = (1, 8, 64, 256)
_CONTEXTS = {"0": "no cache", "1024": "a chat", "8192": "a report", "32768": "a long chat"}
_BATCHES = {"1": "one person", "8": "a few", "64": "a floor", "256": "a company"}


class BandwidthParams(Params):
    """What a learner may choose."""

    config: Config = Field(
        AUTO, description="Which model: a name, a config.json, or auto for the connected one."
    )
    gpu: GpuName = Field("H100", description="Which GPU.")
    gpus: Annotated[int, Field(ge=1, le=64)] = Field(
        1, description="How many of it share each matrix (tensor parallel)."
    )
    precision: RooflinePrecision = Field("native", description="How each weight is kept.")
    kv: Literal["bfloat16", "fp8"] = Field("bfloat16", description="How the cache is kept.")
    context: Annotated[int, Field(ge=0, le=10_485_760)] = Field(
        1_024, description="Tokens that each sequence has behind it."
    )
    batch: Annotated[int, Field(ge=1, le=1_024)] = Field(
        8, description="Sequences decoded at the same time."
    )
    show: Literal["roof", "gpus"] = Field(
        "roof", description="One setup, or all GPUs side by side."
    )
    measure: bool = Field(True, description="Measure this machine, where a model runs in it.")


async def run(engine: Engine, params: BandwidthParams) -> Exhibit:
    """Work out what bounds a pass, and hold this machine's own speed against its memory's.

    Raises:
        BadInput: more context than the model was made for.
        EngineError: the model could not be loaded.
    """
    about = subject(params.config, INSTEAD)
    setup = _setup(params, about.shape)
    can_measure = Capability.INTERNALS in engine.capabilities()
    here: tuple[Part, ...] = ()
    measured: tuple[Fact, ...] = ()
    if params.measure and can_measure:
        here, measured = await _here(inside(engine))
    return Exhibit(
        title=f"The roofline: {about.shape.name} on {_named(params)}",
        parts=(Prose(f"{about.note}{_first(params)}"), *_shown(setup, params), *here),
        provenance=live(engine) if measured else Provenance(Origin.COMPUTED),
        facts=(*_facts(setup, params), *measured),
        controls=_controls(params, about.shape, can_measure),
    )


def table(setup: Setup) -> Table:
    """Return the bound at a few batch sizes, for all together and for each sequence."""
    bounds = [decode_bound(setup, sequences) for sequences in _ROWS]
    rows = tuple(
        (str(one.tokens), _rate(one.tokens_per_s), _rate(1 / one.seconds), _what_bounds(one))
        for one in bounds
    )
    return Table(("seq", "tok/s", "each", "by"), rows)


def gpu_table(setup: Setup) -> Table:
    """Return the bound of one sequence on one of each GPU, and how many hold the weights."""
    size = weight_bytes(setup.shape, setup.precision)
    rows = tuple(
        (
            gpu.name.removeprefix("RTX "),
            f"{gpu.bytes_per_s / 1e12:.2f}",
            _rate(decode_bound(_on(setup, gpu), 1).tokens_per_s),
            str(math.ceil(size / gpu.memory_bytes)),
        )
        for gpu in GPUS.values()
    )
    return Table(("GPU", "TB/s", "tok/s", "×"), rows)


def roof(setup: Setup, batch: int) -> Curve:
    """Return the most tokens per second by how many go through in a pass, decoding and reading."""
    decode = [(float(n), decode_bound(setup, n).tokens_per_s) for n in _SEQUENCES]
    reading = [(float(n), prefill_bound(setup, n).tokens_per_s) for n in _CHUNKS]
    now = (float(batch), decode_bound(setup, batch).tokens_per_s)
    return Curve(
        (
            Series(f"decode after {setup.context:,} tokens", tuple(decode)),
            Series("prefill: tokens of one prompt", tuple(reading)),
            Series(f"a batch of {batch}", (now,), is_joined=False),
        ),
        "tokens in one pass",
        "tokens/s at most",
        is_log=True,
    )


def here_said(name: str, read: Bandwidth, speed: DecodeSpeed) -> Prose:
    """Return what this machine's memory and its decoding come to, each with its spread."""
    size, most = read.bytes_read, read.bytes_per_s / read.bytes_read
    said = (
        f"Measured here, {name}: {decimal(size)} of weights, as it keeps them, read at "
        f"{read.slowest / 1e9:.1f} to {read.bytes_per_s / 1e9:.1f} GB/s. It makes "
        f"{_rate(speed.tokens_per_s)} tokens/s ({_rate(speed.slowest)} to {_rate(speed.fastest)})"
    )
    if speed.tokens_per_s > most:
        return Prose(
            f"{said}, faster than any of the readings: the processor was busy with other things "
            "meanwhile, so they bound nothing. Measure again."
        )
    return Prose(f"{said}: {100 * speed.tokens_per_s / most:.0f} % of what the fastest would give.")


def _setup(params: BandwidthParams, shape: Shape) -> Setup:
    if params.context > shape.context:
        raise BadInput(f"{shape.name} was made for {shape.context:,} tokens. Ask for less context.")
    kept = precision_of(shape, params.precision)
    number = NUMBER_BYTES[params.kv]
    return Setup(shape, kept, number, GPUS[params.gpu], params.gpus, params.context)


def _on(setup: Setup, gpu: Gpu) -> Setup:
    """Return the same on one GPU of another kind."""
    return Setup(setup.shape, setup.precision, setup.number_bytes, gpu, 1, setup.context)


def _shown(setup: Setup, params: BandwidthParams) -> tuple[Part, ...]:
    if params.show == "gpus":
        return (gpu_table(setup), Prose("×: how many of it hold the weights, the cache apart."))
    return (roof(setup, params.batch), table(setup), Prose(_reading(setup)))


def _first(params: BandwidthParams) -> str:
    if params.show == "gpus":
        return "Most tokens a second for one sequence."
    return "Most tokens a second, by how many a pass."


def _reading(setup: Setup) -> str:
    """Return where the roof bends, and what the bound leaves out."""
    bend, experts = ridge(setup), setup.shape.experts
    said = [
        "A pass reads the weights once for all tokens in it.",
        f"From {bend:,} sequences on arithmetic bounds a step, below it memory."
        if bend
        else "Memory bounds every step: with this context each sequence reads too much of its own.",
    ]
    if experts is not None:
        said.append(f"More tokens read more of the {experts.count} experts, taken as equally used.")
    if setup.gpus > 1 and setup.shape.heads % setup.gpus:
        said.append(f"vLLM wants GPUs that divide the {setup.shape.heads} heads.")
    size, room = weight_bytes(setup.shape, setup.precision), setup.gpu.memory_bytes
    if size > setup.gpus * room:
        said.append(f"The weights alone ({decimal(size)}) need {math.ceil(size / room)} of these.")
    said.append(
        "A bound for a pass: speculation gets several tokens out of one. Left out: what kernels "
        "don't reach, and the wires between GPUs."
    )
    return " ".join(said)


def _facts(setup: Setup, params: BandwidthParams) -> tuple[Fact, ...]:
    bare = Setup(setup.shape, setup.precision, setup.number_bytes, setup.gpu, setup.gpus)
    one, many = decode_bound(bare, 1), decode_bound(setup, params.batch)
    whose = setup.shape.native if params.precision == "native" else params.precision
    return (
        Fact("read for a token", decimal(one.weight_bytes), f"of weights in {whose}"),
        Fact("one sequence, weights alone", _rate(one.tokens_per_s), "tokens/s"),
        Fact(f"cache of {params.batch}", decimal(many.cache_bytes), "a step"),
        Fact("a step", f"{1000 * many.seconds:.3g}", f"ms at least, by {_what_bounds(many)}"),
    )


async def _here(model: Internals) -> tuple[tuple[Part, ...], tuple[Fact, ...]]:
    """Measure this machine: its memory, and the model that runs in it."""
    read, speed = await model.memory_bandwidth(), await model.decode_speed()
    said = here_said(model.model, read, speed)
    return (said,), (Fact("memory here", round(read.bytes_per_s / 1e9, 1), "GB/s measured"),)


def _named(params: BandwidthParams) -> str:
    if params.show == "gpus":
        return "one of each GPU"
    return params.gpu if params.gpus == 1 else f"{params.gpus} × {params.gpu}"


def _what_bounds(bound: Bound) -> str:
    return "mem" if bound.is_memory_bound else "math"


def _rate(tokens_per_s: float) -> str:
    """Return a rate in at most five signs."""
    return short_count(tokens_per_s) if tokens_per_s >= 99.95 else f"{tokens_per_s:.3g}"


def _controls(params: BandwidthParams, shape: Shape, can_measure: bool) -> tuple[Control, ...]:
    kept = {"native": f"as published: {shape.native}"} | {
        name: found.means for name, found in PRECISIONS.items() if name != "mxfp4"
    }
    contexts = {n: meaning for n, meaning in _CONTEXTS.items() if int(n) <= shape.context}
    gpus = {gpu.name: f"{gpu.bytes_per_s / 1e12:.2f} TB/s" for gpu in GPUS.values()}
    knobs = (Knob("Measure here", "measure", "true"), Knob("Compute only", "measure", "false"))
    return that_fit(
        params,
        Knob("All GPUs", "show", "gpus"),
        Knob("The roof", "show", "roof"),
        Knob("Twice the GPUs", "gpus", str(2 * params.gpus)),
        *(knobs if can_measure else ()),
        own_config(),
        model_menu(shape, sized),
        menu("GPU", "gpu", gpus, params.gpu),
        menu("Batch", "batch", _BATCHES, params.batch),
        menu("Context", "context", contexts, params.context),
        menu("Precision", "precision", kept, params.precision),
    )


INSTRUMENT = Instrument(
    name="bandwidth",
    line="The roofline: when memory bounds a pass and when arithmetic does, on GPUs and here.",
    topic=Topic.COST,
    lesson=9,
    params=BandwidthParams,
    run=run,
    asks=ranges(
        "One answer alone: at most how many tokens a second?",
        fact("one sequence, weights alone"),
        (50, 150, 500),
    ),
    wants=frozenset({Capability.INTERNALS}),
    settle=on_your_model,
    turn=turn_in_context,
    tries=(
        Try("batch", "the mark climbs the slope"),
        Try("show", "the other way to look at it"),
    ),
)
