"""The memory wall: each token reads every weight once, so bandwidth bounds decoding.

Source:
    Bandwidths and memory from the makers' data sheets: NVIDIA H200 (4.8 TB/s, 141 GB), H100 SXM
    (3.35 TB/s, 80 GB), A100 80GB SXM (2,039 GB/s), L40S (864 GB/s, 48 GB), GeForce RTX 4090
    (384 bit × 21 Gbit/s = 1,008 GB/s, 24 GB); AMD Instinct MI300X (5.3 TB/s, 192 GB).
"""

import math
from dataclasses import dataclass

from pydantic import Field

from tools.engine.base import Capability, Engine
from tools.engine.findings import Bandwidth, DecodeSpeed
from tools.engine.internals import Internals, inside
from tools.exhibit.exhibit import (
    Control,
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
from tools.instruments.your_model import Config
from tools.knobs import menu, that_fit
from tools.models import BYTES, SHAPES, Precision, parameter_total, short_count

_READING = (
    "Bandwidth ÷ bytes of weights: one sequence can't be faster. A batch shares each read. "
    "×: how many of it hold the weights."
)


@dataclass(frozen=True, slots=True)
class Gpu:
    """A named GPU: memory bandwidth in bytes per second, memory in bytes."""

    name: str
    bytes_per_s: float
    memory_bytes: float


GPUS = (
    Gpu("MI300X", 5.3e12, 192e9),
    Gpu("H200", 4.8e12, 141e9),
    Gpu("H100 SXM", 3.35e12, 80e9),
    Gpu("A100 80GB", 2.039e12, 80e9),
    Gpu("RTX 4090", 1.008e12, 24e9),
    Gpu("L40S", 0.864e12, 48e9),
)


class BandwidthParams(Params):
    """What a learner may choose."""

    config: Config = Field("llama-3-8b", description="Which model's shape.")
    precision: Precision = Field("bfloat16", description="How each weight is kept.")
    measure: bool = Field(True, description="Measure this machine, where a model runs in it.")


async def run(engine: Engine, params: BandwidthParams) -> Exhibit:
    """Divide bandwidths by a model's bytes, and hold this machine's own speed against its bound.

    Raises:
        EngineError: the model could not be loaded.
    """
    size = parameter_total(SHAPES[params.config]) * BYTES[params.precision]
    can_measure = Capability.INTERNALS in engine.capabilities()
    here: tuple[Part, ...] = ()
    measured: tuple[Fact, ...] = ()
    if params.measure and can_measure:
        here, measured = await _here(inside(engine), size)
    return Exhibit(
        title=f"How fast can {params.config} decode?",
        parts=(table(size), Prose(_READING), *here),
        provenance=live(engine) if measured else Provenance(Origin.COMPUTED),
        facts=(Fact("weights", decimal(size), f"in {params.precision}"), *measured),
        controls=_controls(params, can_measure),
    )


def ceiling(bytes_per_s: float, weight_bytes: float) -> float:
    """Return the most tokens per second that one sequence can grow by."""
    return bytes_per_s / weight_bytes


def table(weight_bytes: float) -> Table:
    """Return the ceiling on each GPU, and how many of it the weights need at least."""
    rows = tuple(
        (
            gpu.name,
            f"{gpu.bytes_per_s / 1e12:.2f}",
            short_count(ceiling(gpu.bytes_per_s, weight_bytes)),
            _needed(gpu, weight_bytes),
        )
        for gpu in GPUS
    )
    return Table(("GPU", "TB/s", "tok/s", "×"), rows)


async def _here(model: Internals, size: float) -> tuple[tuple[Part, ...], tuple[Fact, ...]]:
    """Measure this machine; return what it says of its own model, and of the chosen one."""
    read, speed = await model.memory_bandwidth(), await model.decode_speed()
    return (_compared(model.model, read, speed),), (
        Fact("memory here", round(read.bytes_per_s / 1e9, 1), "GB/s measured"),
        Fact("it could make here", _rate(ceiling(read.bytes_per_s, size)), "tokens/s at most"),
    )


def _compared(name: str, read: Bandwidth, speed: DecodeSpeed) -> Prose:
    most = ceiling(read.bytes_per_s, read.bytes_read)
    return Prose(
        f"Measured here, {name}: {decimal(read.bytes_read)} of weights, as it keeps them, ÷ "
        f"{read.bytes_per_s / 1e9:.1f} GB/s bounds it at {_rate(most)} tokens/s; it makes "
        f"{_rate(speed.tokens_per_s)}, {100 * speed.tokens_per_s / most:.0f} % of that."
    )


def _needed(gpu: Gpu, weight_bytes: float) -> str:
    """Return how many GPUs hold the weights; the cache comes on top."""
    return str(math.ceil(weight_bytes / gpu.memory_bytes))


def _rate(tokens_per_s: float) -> str:
    return f"{tokens_per_s:,.0f}" if tokens_per_s >= 10 else f"{tokens_per_s:.2g}"


def _controls(params: BandwidthParams, can_measure: bool) -> tuple[Control, ...]:
    models = {
        name: f"{short_count(parameter_total(shape))} weights"
        for name, shape in list(SHAPES.items())[:25]
    }
    kept = {name: f"{size:g} bytes a weight" for name, size in BYTES.items()}
    knobs = (
        Knob("Measure here", "measure", "true"),
        Knob("Compute only", "measure", "false"),
    )
    return that_fit(
        params,
        *(knobs if can_measure else ()),
        menu("Model", "config", models, params.config),
        menu("Precision", "precision", kept, params.precision),
    )


INSTRUMENT = Instrument(
    name="bandwidth",
    line="Bytes of weights ÷ memory bandwidth: the most tokens per second, here and on GPUs.",
    topic=Topic.COST,
    lesson=9,
    params=BandwidthParams,
    run=run,
    wants=frozenset({Capability.INTERNALS}),
)
