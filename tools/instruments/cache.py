"""What the key-value cache takes, for real models, and what it saves, measured."""

from collections.abc import Sequence
from statistics import median
from typing import Annotated, Literal

from pydantic import Field

from tools.engine.base import Capability, Engine
from tools.engine.findings import CacheTime
from tools.engine.internals import inside
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
from tools.instrument import Instrument, Params, Topic
from tools.instruments.looking import Config, live
from tools.knobs import menu, that_fit
from tools.models import BYTES, SHAPES, Precision, Shape, nearby, short_count

LENGTHS = (16, 64, 128, 256)
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_CONTEXTS = {"256": "a page", "2048": "a chapter", "8192": "a report", "131072": "a book"}
_BATCHES = {"1": "one person", "16": "a team", "64": "a floor", "256": "a company"}


class Cache(Params):
    """What a learner may choose."""

    config: Config = Field("llama-3-8b", description="Which model's shape.")
    context: Annotated[int, Field(ge=1, le=10_000_000)] = Field(
        256, description="Tokens kept for each sequence."
    )
    batch: Annotated[int, Field(ge=1, le=100_000)] = Field(
        1, description="Sequences at the same time."
    )
    precision: Precision = Field("bfloat16", description="How each number is kept.")
    show: Literal["all", "token"] = Field(
        "all", description="List what the models take in all, or for a token."
    )
    measure: bool = Field(
        False, description="Time the embedded model with and without its cache: some seconds."
    )


async def run(engine: Engine, params: Cache) -> Exhibit:
    """Work out the cache of a shape beside the others; time the embedded model if asked to.

    Raises:
        Missing: it is to be timed, and nothing at hand can be looked into.
        EngineError: the model could not be loaded.
    """
    shape = SHAPES[params.config]
    each = token_bytes(shape, params.precision)
    timed = await inside(engine).cache_timing(LENGTHS) if params.measure else ()
    return Exhibit(
        title=f"The cache of {shape.name}",
        parts=(_table(params), *_staircase(timed, engine.model)),
        provenance=live(engine) if timed else Provenance(Origin.COMPUTED),
        facts=(
            Fact("a token", binary(each)),
            Fact(f"{params.context:,} tokens × {params.batch:,}", binary(
                each * params.context * params.batch)),
            Fact("2 × layers × kv heads × head size × bytes", " × ".join(_factors(params, shape))),
        ),
        controls=_controls(params),
    )  # fmt: skip


def token_bytes(shape: Shape, precision: Precision) -> int:
    """Return what one token keeps: a key and a value, for each kv head of each layer.

    Source:
        Kwon et al. 2023, arXiv:2309.06180, section 1, by the shape's own kv heads.
    """
    return int(2 * shape.layers * shape.kv_heads * shape.head_size * BYTES[precision])


def binary(count: float) -> str:
    """Return bytes in the largest fitting power of 1,024: 131,072 as `128 KiB`."""
    power = _power(count)
    return f"{count / 1024**power:.4g} {_UNITS[power]}"


def _power(count: float) -> int:
    """Return which unit a size is best told in."""
    return next((at for at in range(len(_UNITS)) if count < 1024 ** (at + 1)), len(_UNITS) - 1)


def _table(params: Cache) -> Table:
    """Return what the chosen shape and its neighbours keep, in one unit, to compare at a glance."""
    shapes = {name: SHAPES[name] for name in nearby(params.config)}
    kept = params.context * params.batch if params.show == "all" else 1
    sizes = {name: token_bytes(shape, params.precision) * kept for name, shape in shapes.items()}
    power = _power(median(sizes.values()))
    rows = tuple((name, _figures(size / 1024**power)) for name, size in sizes.items())
    return Table(("model", _UNITS[power]), rows, lit=list(shapes).index(params.config))


def _figures(count: float) -> str:
    """Return a size in at most five signs: with its name it stays on one line of a phone."""
    if count < 1:
        return f"{count:.2f}" if count >= 0.005 else "<0.01"
    return f"{count:.3g}" if count < 999.5 else short_count(count)


def _staircase(timed: Sequence[CacheTime], model: str) -> tuple[Part, ...]:
    if not timed:
        return ()
    cached = Series("with the cache", tuple((float(one.length), one.with_ms) for one in timed))
    whole = Series("without", tuple((float(one.length), one.without_ms) for one in timed))
    times = timed[-1].without_ms / timed[-1].with_ms
    return (
        Curve((cached, whole), "tokens before it", "ms for one more", is_stepped=True),
        Prose(
            f"The curve is measured on {model}, here; the table is computed. After "
            f"{timed[-1].length} tokens the cache makes a token {times:.1f} times as fast."
        ),
    )


def _factors(params: Cache, shape: Shape) -> tuple[str, ...]:
    numbers = (shape.layers, shape.kv_heads, shape.head_size, f"{BYTES[params.precision]:g}")
    return ("2", *(str(number) for number in numbers))


def _controls(params: Cache) -> tuple[Control, ...]:
    models = {
        name: f"{binary(token_bytes(shape, params.precision))} a token"
        for name, shape in SHAPES.items()
    }
    kept = {"float32": "4 bytes", "bfloat16": "2 bytes", "int8": "1 byte"}
    return that_fit(
        params,
        Knob("A token each", "show", "token"),
        Knob("In all", "show", "all"),
        Knob("Measure here", "measure", "true"),
        Knob("Compute only", "measure", "false"),
        menu("Model", "config", models, params.config),
        menu("Context", "context", _CONTEXTS, params.context),
        menu("Batch", "batch", _BATCHES, params.batch),
        menu("Precision", "precision", kept, params.precision),
    )


INSTRUMENT = Instrument(
    name="cache",
    line="What the key-value cache takes for real models, and the time that it saves, measured.",
    topic=Topic.COST,
    lesson=7,
    params=Cache,
    run=run,
    wants=frozenset({Capability.INTERNALS}),
)
