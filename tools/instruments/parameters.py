"""Weights against activations: what a model is, and what one prompt makes of it, part by part."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from tools.engine.base import Capability, Engine
from tools.engine.prompts import clean_prompt
from tools.exhibit.exhibit import (
    Control,
    Entry,
    Exhibit,
    Fact,
    Knob,
    Origin,
    Prose,
    Provenance,
    Table,
)
from tools.instrument import Instrument, Params, Topic
from tools.knobs import menu, that_fit
from tools.models import (
    BYTES,
    SHAPES,
    Precision,
    Shape,
    activation_counts,
    parameter_total,
    short_count,
    weight_counts,
)

_PARTS = {  # named so that three columns fit a phone, and few enough that its knobs are in sight
    "embed": ("embedding",),
    "places": ("positions",),
    "norms": ("norms",),
    "q": ("q",),
    "k, v": ("k", "v"),
    "scores": ("scores",),
    "o": ("o",),
    "mlp": ("mlp",),
    "head": ("head",),
}
_NUMBER_BYTES = {"float32": 4}  # activations stay in 16 bit where weights take less


class Parameters(Params):
    """What a learner may choose."""

    config: Literal[
        "tiny",
        "gpt-2",
        "smollm2-135m",
        "smollm2-360m",
        "llama-3.2-1b",
        "qwen2.5-1.5b",
        "mistral-7b",
        "qwen2.5-7b",
        "llama-3-8b",
        "llama-3-70b",
        "llama-3.1-405b",
        "gpt-3",
    ] = Field("smollm2-135m", description="Which model's shape.")
    precision: Precision = Field("bfloat16", description="How each weight is kept.")
    prompt: Annotated[str, Field(max_length=4000)] = Field(
        "The cat sat on the", description="The text whose activations are counted."
    )
    show: Literal["parts", "sizes"] = Field(
        "parts", description="One model part by part, or all models by size."
    )


async def run(engine: Engine, params: Parameters) -> Exhibit:
    """Count the weights of a shape, and the numbers that a prompt makes in it.

    The prompt is counted in tokens of the engine's own tokenizer.

    Raises:
        BadInput: the prompt can't be used.
        EngineError: the engine could not cut it into tokens.
    """
    tokens = len(await engine.tokenize(clean_prompt(params.prompt)))
    shape = SHAPES[params.config]
    part = parts_table(shape, tokens) if params.show == "parts" else sizes_table(params.config)
    return Exhibit(
        title=f"Weights and activations: {shape.name}",
        parts=(part, Prose(_reading(shape))),
        provenance=Provenance(Origin.COMPUTED),
        facts=facts(shape, tokens, params.precision, engine.model),
        controls=_controls(params),
    )


def parts_table(shape: Shape, tokens: int) -> Table:
    """Return weights and activations part by part; their sums are facts."""
    weights, made = weight_counts(shape), activation_counts(shape, tokens)
    rows = tuple(
        (name, _cell(_sum(weights, parts)), _cell(_sum(made, parts)))
        for name, parts in _PARTS.items()
        if _sum(weights, parts) or _sum(made, parts)
    )
    return Table(("part", "weights", "made"), rows)


def _sum(counts: Mapping[str, int], parts: Sequence[str]) -> int:
    return sum(counts.get(part, 0) for part in parts)


def sizes_table(chosen: str) -> Table:
    """Return every shape with its parameters, the chosen one lit."""
    rows = tuple((name, short_count(parameter_total(shape))) for name, shape in SHAPES.items())
    return Table(("model", "weights"), rows, lit=list(SHAPES).index(chosen))


def facts(shape: Shape, tokens: int, precision: str, tokenizer: str) -> tuple[Fact, ...]:
    """Return the exact counts, and their bytes."""
    count = parameter_total(shape)
    made = sum(activation_counts(shape, tokens).values())
    made_bytes = made * _NUMBER_BYTES.get(precision, 2)
    return (
        Fact("parameters", count),
        Fact("weights", round(count * BYTES[precision] / 1e9, 3), f"GB in {precision}"),
        Fact("prompt", tokens, f"tokens of {tokenizer}"),
        Fact("activations", made, "numbers"),
        Fact("these take", round(made_bytes / 1e6, 3), "MB"),
    )


def _reading(shape: Shape) -> str:
    head = (
        "The head is the embedding table again, so it adds nothing. "
        if shape.is_tied
        else "The head is a table of its own. "
    )
    return f"{head}Weights are the same for every prompt; what is made is dropped after it."


def _cell(count: int) -> str:
    return short_count(count) if count else "-"


def _controls(params: Parameters) -> tuple[Control, ...]:
    models = {name: f"{parameter_total(shape):,} weights" for name, shape in SHAPES.items()}
    kept = {name: f"{size:g} bytes a weight" for name, size in BYTES.items()}
    return that_fit(
        params,
        Knob("All sizes", "show", "sizes"),
        Knob("Part by part", "show", "parts"),
        Entry("Other prompt", "prompt"),
        menu("Model", "config", models, params.config),
        menu("Precision", "precision", kept, params.precision),
    )


INSTRUMENT = Instrument(
    name="parameters",
    line="How many weights a model has, part by part, beside the numbers that your prompt makes.",
    topic=Topic.TRAINING,
    lesson=2,
    params=Parameters,
    run=run,
    needs=frozenset({Capability.TOKENIZE}),
)
