"""What the key-value cache takes, for real models, and what it saves, measured."""

from collections.abc import Sequence
from statistics import median
from typing import Annotated, Literal

from pydantic import Field

from tools.asking import asking, fact
from tools.engine.base import Capability, Engine
from tools.engine.internals import inside
from tools.engine.timings import CacheTime
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
from tools.instrument import Instrument, Params, Topic, Try
from tools.instruments.looking import live
from tools.instruments.your_model import (
    AUTO,
    Config,
    beside,
    model_menu,
    on_your_model,
    own_config,
    subject,
    turn_in_context,
)
from tools.knobs import menu, that_fit
from tools.models import short_count
from tools.shape.kept import NUMBER_BYTES, kept_bytes, layer_numbers, state_bytes, token_bytes
from tools.shape.precision import precision_of, weight_bytes
from tools.shape.shape import Shape

CachePrecision = Literal["float32", "bfloat16", "fp8", "int8"]
INSTEAD = "llama-3-8b"
LENGTHS = (16, 64, 128, 256)
_LEAST_LONG, _STEPS = 8_192, 16  # how far the curve goes, and in how many steps
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_CONTEXTS = {256: "a page", 2_048: "a chapter", 8_192: "a report", 131_072: "a book"}
_BATCHES = {"1": "one person", "16": "a team", "64": "a floor", "256": "a company"}
_PRECISIONS = {"float32": "4 bytes", "bfloat16": "2 bytes", "fp8": "1 byte", "int8": "1 byte"}


class Cache(Params):
    """What a learner may choose."""

    config: Config = Field(
        AUTO, description="Which model: a name, a config.json, or auto for the connected one."
    )
    context: Annotated[int, Field(ge=1, le=10_485_760)] = Field(
        256, description="Tokens kept for each sequence."
    )
    batch: Annotated[int, Field(ge=1, le=100_000)] = Field(
        1, description="Sequences at the same time."
    )
    precision: CachePrecision = Field("bfloat16", description="How each number is kept.")
    show: Literal["all", "token"] = Field(
        "all", description="List what the models take in all, or for a token."
    )
    measure: bool = Field(
        False, description="Time the embedded model with and without its cache: some seconds."
    )


async def run(engine: Engine, params: Cache) -> Exhibit:
    """Work out the cache of a shape beside the others; time the embedded model if asked to.

    Raises:
        BadInput: more context than the model was made for.
        Missing: it is to be timed, and nothing at hand can be looked into.
        EngineError: the model could not be loaded.
    """
    about = subject(params.config, INSTEAD)
    shape = about.shape
    if params.context > shape.context:
        raise BadInput(f"{shape.name} was made for {shape.context:,} tokens. Ask for less context.")
    timed = await inside(engine).cache_timing(LENGTHS) if params.measure else ()
    return Exhibit(
        title=f"The cache of {shape.name}",
        parts=(
            Prose(f"{about.note}{_first(params)}"),
            *(_staircase(timed, engine.model) or _growth(params, shape)),
            _table(params, shape),
            Prose(_reading(shape)),
        ),
        provenance=live(engine) if timed else Provenance(Origin.COMPUTED),
        facts=_facts(params, shape),
        controls=_controls(params, shape),
    )


def binary(count: float) -> str:
    """Return bytes in the largest fitting power of 1,024: 131,072 as `128 KiB`."""
    power = _power(count)
    return f"{count / 1024**power:.4g} {_UNITS[power]}"


def _power(count: float) -> int:
    """Return which unit a size is best told in."""
    return next((at for at in range(len(_UNITS)) if count < 1024 ** (at + 1)), len(_UNITS) - 1)


def _table(params: Cache, chosen: Shape) -> Table:
    """Return what the chosen shape and its neighbours keep, in one unit, to compare at a glance."""
    shapes = beside(chosen)
    sizes = [_size(params, shape) for shape in shapes]
    power = _power(median(size for size in sizes if size is not None))
    rows = tuple(
        (shape.short_name, "-" if size is None else _figures(size / 1024**power))
        for shape, size in zip(shapes, sizes, strict=True)
    )
    return Table(("model", _UNITS[power]), rows, lit=shapes.index(chosen))


def _size(params: Cache, shape: Shape) -> int | None:
    """Return what a shape keeps; None where so much context isn't in it."""
    each = NUMBER_BYTES[params.precision]
    if params.show == "token":
        return token_bytes(shape, each)
    if params.context > shape.context:
        return None
    return kept_bytes(shape, params.context, each) * params.batch


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


def _growth(params: Cache, shape: Shape) -> tuple[Part, ...]:
    """Return what the cache takes by the length of its sequences, against the weights."""
    if params.show == "token":
        return ()
    each, gib = NUMBER_BYTES[params.precision], 1024**3
    weights = weight_bytes(shape, precision_of(shape, "native")) / gib
    longest = min(shape.context, max(params.context, _LEAST_LONG))
    lengths = [round(longest * step / _STEPS) for step in range(_STEPS + 1)]

    def taken(tokens: int) -> float:
        return kept_bytes(shape, tokens, each) * params.batch / gib

    many = "one sequence" if params.batch == 1 else f"{params.batch:,} sequences"
    series = (
        Series(f"cache of {many}", tuple((float(at), taken(at)) for at in lengths)),
        Series("the weights", ((0.0, weights), (float(longest), weights))),
        Series("here", ((float(params.context), taken(params.context)),), is_joined=False),
    )
    return (Curve(series, "tokens in each", "GiB", has_dots=False),)


def _first(params: Cache) -> str:
    if params.show == "token":
        return "What each further token takes for good."
    each = f", times {params.batch:,}" if params.batch > 1 else ""
    return f"What {params.context:,} tokens take{each}."


def _reading(shape: Shape) -> str:
    """Return how this shape keeps what it keeps."""
    said = ["Beside it stand models of about its size."]
    if shape.latent is not None:
        said.append("It keeps one latent a layer for all heads, not keys and values for each.")
    if windowed := shape.layers_of("S"):
        said.append(
            f"{windowed} of its {shape.layers} layers see {shape.window:,} tokens and keep no "
            "more; an engine may reserve more for them."
        )
    if recurrent := shape.layers_of("R"):
        said.append(
            f"{recurrent} of its {shape.layers} layers keep a state of fixed size instead, its "
            "matrices in float32, as vLLM does (two copies, where it caches prefixes)."
        )
    if len(said) == 1:
        said.append("Every layer keeps a key and a value of every token, for each kv head.")
    return " ".join(said)


def _facts(params: Cache, shape: Shape) -> tuple[Fact, ...]:
    each = NUMBER_BYTES[params.precision]
    in_window = shape.layers_of("S") * layer_numbers(shape) * each
    state = state_bytes(shape)
    return (
        Fact("a token", binary(token_bytes(shape, each))),
        *((Fact("while in the window", binary(in_window), "more"),) if in_window else ()),
        *((Fact("a sequence, however long", binary(state)),) if state else ()),
        Fact(
            f"{params.context:,} tokens × {params.batch:,}",
            binary(kept_bytes(shape, params.context, each) * params.batch),
        ),
        _factors(shape, each),
    )


def _factors(shape: Shape, each: int) -> Fact:
    """Return the sum behind a token's bytes, factor by factor."""
    layers = shape.layers_of("F")
    if (latent := shape.latent) is not None:
        numbers = f"{layers} × ({latent.kept} + {latent.rotary}) × {each}"
        return Fact("layers × (latent + rotary) × bytes", numbers)
    numbers = f"2 × {layers} × {shape.kv_heads} × {shape.head_size} × {each}"
    whose = "layers" if layers == shape.layers else "full layers"
    return Fact(f"2 × {whose} × kv heads × head size × bytes", numbers)


def _controls(params: Cache, shape: Shape) -> tuple[Control, ...]:
    each = NUMBER_BYTES[params.precision]
    contexts = {str(n): meaning for n, meaning in _CONTEXTS.items() if n <= shape.context}
    return that_fit(
        params,
        Knob("A token each", "show", "token"),
        Knob("In all", "show", "all"),
        Knob("Measure here", "measure", "true"),
        Knob("Compute only", "measure", "false"),
        own_config(),
        model_menu(shape, lambda one: f"{binary(token_bytes(one, each))} a token"),
        *((menu("Context", "context", contexts, params.context),) if len(contexts) > 1 else ()),
        menu("Batch", "batch", _BATCHES, params.batch),
        menu("Precision", "precision", _PRECISIONS, params.precision),
    )


INSTRUMENT = Instrument(
    name="cache",
    line="What the key-value cache takes for real models, and the time that it saves, measured.",
    topic=Topic.COST,
    lesson=7,
    params=Cache,
    run=run,
    asks=asking(
        "How much does it keep of a single token?",
        ("under 1 KiB", "1 to 50 KiB", "50 to 200 KiB", "200 KiB or more"),
        fact("a token"),
        (1024, 50 * 1024, 200 * 1024),
    ),
    wants=frozenset({Capability.INTERNALS}),
    settle=on_your_model,
    turn=turn_in_context,
    tries=(
        Try("context", "twice the tokens, twice the cache"),
        Try("batch", "every sequence pays again"),
    ),
)
