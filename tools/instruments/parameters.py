"""Weights against activations: what a model is, and what one prompt makes of it, part by part."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from tools.asking import fact, ranges
from tools.engine.base import Capability, Engine
from tools.engine.prompts import clean_prompt
from tools.exhibit.exhibit import (
    Control,
    Entry,
    Exhibit,
    Fact,
    Knob,
    Origin,
    Portion,
    Portions,
    Prose,
    Provenance,
    Table,
)
from tools.instrument import Instrument, Params, Topic, Try
from tools.instruments.looking import decimal
from tools.instruments.your_model import (
    AUTO,
    Config,
    model_menu,
    on_your_model,
    own_config,
    subject,
)
from tools.knobs import menu, that_fit
from tools.models import SHAPES, parameter_total, short_count
from tools.shape.activations import live_numbers, most_live
from tools.shape.kept import kept_bytes
from tools.shape.precision import PRECISIONS, precision_of, weight_bytes
from tools.shape.shape import Shape
from tools.shape.weights import text_total, used_per_token, weight_counts

WeightPrecision = Literal["native", "float32", "bfloat16", "fp8", "int8", "int4", "nvfp4"]
INSTEAD = "smollm2-135m"
_PARTS = {  # named so that three columns fit a phone, and few enough that its knobs are in sight
    "embed": ("embedding", "positions"),
    "norms": ("norms", "small"),
    "q": ("q",),
    "k, v": ("k", "v"),
    "o": ("o",),
    "delta": ("mixer",),
    "mlp": ("mlp",),
    "expert": ("experts", "expert_bias", "router", "shared"),
    "head": ("head",),
    "vision": ("vision",),
}


class Parameters(Params):
    """What a learner may choose."""

    config: Config = Field(
        AUTO, description="Which model: a name, a config.json, or auto for the connected one."
    )
    precision: WeightPrecision = Field("native", description="How each weight is kept.")
    prompt: Annotated[str, Field(max_length=4000)] = Field(
        "The cat sat on the", description="The text whose activations are counted."
    )
    show: Literal["parts", "sizes"] = Field(
        "parts", description="One model part by part, or all models by size."
    )


async def run(engine: Engine, params: Parameters) -> Exhibit:
    """Count the weights of a shape, and the numbers that a prompt keeps alive in it.

    The prompt is counted in tokens of the engine's own tokenizer.

    Raises:
        BadInput: the prompt can't be used.
        EngineError: the engine could not cut it into tokens.
    """
    prompt, (shape, note) = clean_prompt(params.prompt), _subject(params)
    tokens = len(await engine.tokenize(prompt))
    part = parts_table(shape, tokens) if params.show == "parts" else sizes_table(shape)
    return Exhibit(
        title=f"Weights and activations: {shape.name}",
        parts=(
            Prose(note + _first(params)),
            *((where_the_weights_are(shape),) if params.show == "parts" else ()),
            part,
            Prose(_reading(shape, tokens)),
        ),
        provenance=Provenance(Origin.COMPUTED),
        facts=facts(shape, tokens, params.precision, engine.model),
        controls=_controls(params, shape),
    )


def parts_table(shape: Shape, tokens: int) -> Table:
    """Return each part's weights and the numbers alive while it works, the fullest moment lit."""
    weights, alive = weight_counts(shape), live_numbers(shape, tokens)
    rows = [
        (name, sum(weights.get(part, 0) for part in parts), _most(alive, parts))
        for name, parts in _PARTS.items()
    ]
    shown = [row for row in rows if row[1] or row[0] == "head"]  # a tied head has no weights
    fullest = max(range(len(shown)), key=lambda place: shown[place][2])
    cells = tuple((name, _cell(count), _cell(live)) for name, count, live in shown)
    return Table(("part", "fixed", "alive"), cells, lit=fullest)


def where_the_weights_are(shape: Shape) -> Portions:
    """Return each part's share of all weights, the heaviest lit."""
    weights = weight_counts(shape)
    counts = {name: sum(weights.get(part, 0) for part in parts) for name, parts in _PARTS.items()}
    total, most = sum(counts.values()), max(counts.values())
    rows = (
        Portion(
            name,
            (count / total,),
            f"{count / total:.0%} · {short_count(count)}",
            is_lit=count == most,
        )
        for name, count in counts.items()
        if count
    )
    return Portions(tuple(rows))


def _most(alive: Mapping[str, int], parts: Sequence[str]) -> int:
    return max((alive.get(part, 0) for part in parts), default=0)


def sizes_table(chosen: Shape) -> Table:
    """Return shapes with their parameters, the chosen one lit."""
    shapes = list(SHAPES.values())
    if chosen.name not in SHAPES:
        shapes = sorted([*shapes, chosen], key=parameter_total)
    rows = tuple((one.short_name, short_count(parameter_total(one))) for one in shapes)
    return Table(("model", "size"), rows, lit=shapes.index(chosen))


def facts(shape: Shape, tokens: int, precision: str, tokenizer: str) -> tuple[Fact, ...]:
    """Return the exact counts, and their bytes."""
    count, kept = parameter_total(shape), precision_of(shape, precision)
    number_bytes = 4 if precision == "float32" else 2  # 16 bit where weights take less
    took = weight_bytes(shape, kept)
    used = used_per_token(shape)
    return (
        Fact("parameters", count),
        *((Fact("of text", text_total(shape)),) if shape.vision else ()),
        *((Fact("used for a token", used),) if shape.experts else ()),
        Fact("weights", decimal(took), f"in {_kept_as(shape, precision)}"),
        Fact("prompt", tokens, f"tokens of {tokenizer}"),
        Fact("alive at most", decimal(number_bytes * most_live(shape, tokens))),
        Fact("stays in the cache", decimal(kept_bytes(shape, tokens, number_bytes))),
    )


def _subject(params: Parameters) -> tuple[Shape, str]:
    found = subject(params.config, INSTEAD)
    return found.shape, found.note


def _first(params: Parameters) -> str:
    if params.show == "sizes":
        return "How many weights models have."
    return "Where the weights are, part by part."


def _reading(shape: Shape, tokens: int) -> str:
    head = (
        "The head is the embedding table again, so it adds nothing. "
        if shape.is_tied
        else "The head is a table of its own. "
    )
    used = ""
    if shape.experts is not None:
        share = used_per_token(shape) / parameter_total(shape)
        used = (
            f"A token goes through {shape.experts.used} of {shape.experts.count} experts a layer, "
            f"so it uses {100 * share:.2g} % of the weights; all must be in memory. "
        )
    stays = "keys and values" if shape.latent is None else "latents"
    state = ", and the recurrent states" if shape.recurrent else ""
    return (
        "Alive: what is held while your prompt passes; marked, the fullest moment. "
        f"{head}{used}Weights are the same for every prompt. Buffers are used again block after "
        f"block, and no matrix of scores is written; the {stays} of all {tokens:,} tokens{state} "
        "stay."
    )


def _kept_as(shape: Shape, precision: str) -> str:
    return shape.native if precision == "native" else precision


def _cell(count: int) -> str:
    return short_count(count) if count else "-"


def _controls(params: Parameters, shape: Shape) -> tuple[Control, ...]:
    kept = {name: found.means for name, found in PRECISIONS.items() if name != "mxfp4"}
    return that_fit(
        params,
        Knob("All sizes", "show", "sizes"),
        Knob("Part by part", "show", "parts"),
        Entry("Other prompt", "prompt"),
        own_config(),
        model_menu(shape, lambda one: f"{parameter_total(one):,} weights"),
        menu("Precision", "precision", _with_native(kept, shape), params.precision),
    )


def _with_native(kept: Mapping[str, str], shape: Shape) -> dict[str, str]:
    return {"native": f"as published: {shape.native}", **kept}


def _beside(exhibit: Exhibit) -> float | None:
    """Return what the prompt keeps, in percent of the weights."""
    alive, cached, weights = (
        fact(name)(exhibit) for name in ("alive at most", "stays in the cache", "weights")
    )
    if alive is None or not weights:
        return None
    return 100 * (alive + (cached or 0)) / weights


INSTRUMENT = Instrument(
    name="parameters",
    line="What a model weighs, part by part, and the numbers that your prompt keeps alive in it.",
    topic=Topic.TRAINING,
    lesson=2,
    params=Parameters,
    run=run,
    asks=ranges(
        "What does your prompt keep alive, next to the weights?", _beside, (1, 10, 50), " %"
    ),
    needs=frozenset({Capability.TOKENIZE}),
    settle=on_your_model,
    tries=(
        Try("show", "the other way to look at them"),
        Try("config", "another model, other proportions"),
    ),
)
