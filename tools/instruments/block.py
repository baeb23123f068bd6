"""One transformer block as a diagram: each part's shape, weights and share of the work."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from tools.asking import fact, ranges
from tools.engine.base import Capability, Engine
from tools.engine.findings import ModelBuild
from tools.engine.internals import inside
from tools.exhibit.exhibit import Box, Diagram, Exhibit, Fact, Prose
from tools.instrument import Instrument, Params, Topic, Try
from tools.instruments.looking import live
from tools.instruments.next_token import percent
from tools.knobs import menu, that_fit

PartName = Literal["norm_1", "attention", "add_1", "norm_2", "feed_forward", "add_2"]
_LABELS: dict[PartName, str] = {
    "norm_1": "norm",
    "attention": "attention",
    "add_1": "add",
    "norm_2": "norm",
    "feed_forward": "feed-forward",
    "add_2": "add",
}
_DOES: dict[PartName, str] = {
    "norm_1": "Brings the vector to one size, so that attention reads all alike.",
    "attention": "Fetches from earlier tokens. The only part where tokens meet.",
    "add_1": "Adds what attention fetched to the vector as it was: the residual.",
    "norm_2": "Brings the sum to one size again.",
    "feed_forward": "Works on each token alone: wide, bent, narrow again.",
    "add_2": "Adds that as well. The next block starts from this sum.",
}
_CONTEXTS = {"1": "alone", "256": "a page", "2048": "a chapter", "8192": "a long document"}


class BlockParams(Params):
    """What a learner may choose."""

    part: PartName = Field("attention", description="Which part to open.")
    context: Annotated[int, Field(ge=1, le=131_072)] = Field(
        256, description="How many tokens attention looks back on, itself included."
    )


@dataclass(frozen=True, slots=True)
class BlockWork:
    """One part of a block: its weights, and its operations for one token."""

    parameters: int
    operations: int


async def run(engine: Engine, params: BlockParams) -> Exhibit:
    """Show a block of the engine's model, with one part opened.

    Raises:
        EngineError: the model could not be loaded.
    """
    shape = await inside(engine).shape()
    work = work_of(shape, params.context)
    opened, whole = work[params.part], sum(one.operations for one in work.values())
    weights = sum(one.parameters for one in work.values())
    return Exhibit(
        title=f"A block: {_LABELS[params.part]}",
        parts=(
            _diagram(work, params.part),
            Prose(f"{_DOES[params.part]}\n{_inner(shape, params.part)}".strip()),
        ),
        provenance=live(engine),
        facts=(
            Fact("in and out", shape.width, "numbers a token"),
            Fact("weights", opened.parameters, f"in each of {shape.layers} blocks"),
            Fact("of the block's weights", percent(opened.parameters / weights).strip()),
            Fact("of its work", percent(opened.operations / whole).strip(), "a token"),
            Fact("looking back on", params.context, "tokens"),
        ),
        controls=that_fit(
            params,
            menu("Part", "part", {name: _DOES[name][:100] for name in _LABELS}, params.part),
            menu("Context", "context", _CONTEXTS, params.context),
        ),
    )


def work_of(shape: ModelBuild, context: int) -> dict[PartName, BlockWork]:
    """Return each part's weights and its operations for one token.

    A weight of a matrix is two operations (multiply, add); a score, and its share of the sum, two
    for each number of a head. A norm squares, sums, divides and scales each number; softmax's own
    few operations a score are left out.

    Source:
        Kaplan et al. 2020, arXiv:2001.08361, table 1.
    """
    scores = 4 * context * shape.heads * shape.head_size
    norm = BlockWork(shape.norm_parameters, 4 * shape.width)
    add = BlockWork(0, shape.width)
    return {
        "norm_1": norm,
        "attention": BlockWork(shape.attention_parameters, 2 * shape.attention_parameters + scores),
        "add_1": add,
        "norm_2": norm,
        "feed_forward": BlockWork(shape.mlp_parameters, 2 * shape.mlp_parameters),
        "add_2": add,
    }


def _diagram(work: dict[PartName, BlockWork], opened: PartName) -> Diagram:
    parts = tuple(
        Box(_LABELS[name], _weights(one.parameters), name == opened) for name, one in work.items()
    )
    return Diagram((Box("vector in"), *parts), skips=((0, 3), (3, 6)))


def _weights(count: int) -> str:
    return f"{count:,} weights" if count else "no weights"


def _inner(shape: ModelBuild, part: PartName) -> str:
    """Return the shapes inside a part, where it has any."""
    queries, keys = shape.heads * shape.head_size, shape.kv_heads * shape.head_size
    match part:
        case "attention":
            return (
                f"{shape.heads} heads of {shape.head_size}: q {shape.width} → {queries}, k and v "
                f"{shape.width} → {keys} each ({shape.kv_heads} kept for all), out {queries} → "
                f"{shape.width}."
            )
        case "feed_forward":
            return f"{shape.width} → {shape.mlp:,} (twice: gate and up) → {shape.width}."
        case _:
            return ""


INSTRUMENT = Instrument(
    name="block",
    line="One transformer block as a diagram: shape, weights and share of work of each part.",
    topic=Topic.CHOICE,
    lesson=6,
    params=BlockParams,
    run=run,
    asks=ranges(
        "The part that is lit: how much of the block's weights is it?",
        fact("of the block's weights"),
        (10, 30, 60),
        " %",
    ),
    needs=frozenset({Capability.INTERNALS}),
    sees="A block from top to bottom; one part lit.",
    tries=(
        Try("part", "most of the weights are there", "feed_forward"),
        Try("part", "each part, with its weights"),
    ),
)
