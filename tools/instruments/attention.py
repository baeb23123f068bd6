"""One real head of the model: which token looks at which, and which head looks hardest."""

from typing import Annotated

from pydantic import Field

from tools.asking import Asking, FirstQuestion, lit_column
from tools.engine.base import Capability, Engine
from tools.engine.findings import AttentionMap, HeadLook, ModelBuild
from tools.engine.internals import inside
from tools.engine.prompts import clean_prompt
from tools.errors import BadInput
from tools.exhibit.exhibit import (
    Bar,
    Bars,
    Control,
    Entry,
    Exhibit,
    Fact,
    Grid,
    Knob,
    Part,
    Prose,
    Table,
)
from tools.instrument import Instrument, Params, Topic, Try
from tools.instruments.looking import ANIMAL, SHOWN_TOKENS, left_out, live, names, token_menu
from tools.instruments.next_token import percent
from tools.knobs import that_fit

_BARS = 5
_HEADS = 3


class Attention(Params):
    """What a learner may choose. Layers, heads and tokens count from 1."""

    prompt: Annotated[str, Field(max_length=4000)] = Field(
        ANIMAL, description="The text whose tokens look at each other."
    )
    layer: Annotated[int, Field(ge=1, le=200)] = Field(14, description="Which layer.")
    head: Annotated[int, Field(ge=0, le=200)] = Field(
        9, description="Which head of it; 0 for the average of all."
    )
    token: Annotated[int, Field(ge=0, le=SHOWN_TOKENS)] = Field(
        9, description="The token that looks; 0 for the last shown."
    )
    towards: Annotated[int, Field(ge=0, le=SHOWN_TOKENS)] = Field(
        0, description="The token it looks at; 0 for the one it looks at hardest."
    )


async def run(engine: Engine, params: Attention) -> Exhibit:
    """Read a text and show one head's weights, one token's look, and who looks hardest there.

    Raises:
        BadInput: no such layer, head or token, or a token that can't be seen from there.
        EngineError: the model could not be loaded.
    """
    model = inside(engine)
    clean_prompt(params.prompt)  # refused before a model is opened for its shape
    shape = await model.shape()
    params = _within(params, shape)
    found = await _map(engine, params)
    source, target = places(found, params)
    looks = await model.hardest(params.prompt, source, target, _HEADS)
    seen = names(found.tokens)
    return Exhibit(
        title=f"Layer {params.layer}, {_head(params.head)}: who looks at whom",
        parts=tuple(_parts(found, looks, source, target)),
        provenance=live(engine),
        facts=(
            Fact(
                f"{seen[source]} to {seen[target]}", percent(found.weights[source][target]).strip()
            ),
            Fact("heads", shape.layers * shape.heads, f"in {shape.layers} layers"),
            Fact("scores", len(seen) * (len(seen) + 1) // 2, "a head, n(n+1)/2: none ahead"),
        ),
        controls=_controls(params, found, shape),
    )


def places(found: AttentionMap, params: Attention) -> tuple[int, int]:
    """Return the places that look and that are looked at, from 0.

    Raises:
        BadInput: the second comes after the first, where nothing is seen.
    """
    last = len(found.tokens)
    source = min(params.token or last, last) - 1
    row = found.weights[source]
    target = params.towards - 1 if params.towards else row.index(max(row))
    if target > source:
        raise BadInput(
            f"Token {source + 1} can't see token {target + 1}, which comes after it: that is the "
            "causal mask. Choose one that comes before."
        )
    return source, target


def grid(found: AttentionMap, lit: tuple[int, int]) -> Grid:
    """Return the weights as a heat map; what the causal mask forbids is empty, not zero."""
    seen = names(found.tokens)
    values = tuple(
        tuple(weight if column <= row else None for column, weight in enumerate(weights))
        for row, weights in enumerate(found.weights)
    )
    return Grid(values, seen, seen, row_title="looks", column_title="is looked at", lit=lit)


def _parts(
    found: AttentionMap, looks: tuple[HeadLook, ...], source: int, target: int
) -> list[Part]:
    seen = names(found.tokens)
    row = sorted(enumerate(found.weights[source][: source + 1]), key=lambda one: -one[1])
    bars = tuple(Bar(seen[place], weight, percent(weight)) for place, weight in row[:_BARS])
    table = tuple(
        (str(one.layer + 1), str(one.head + 1), percent(one.weight).strip()) for one in looks
    )
    note = left_out(found.left_out, len(seen))
    return [
        grid(found, (source, target)),
        Prose(f"Where {seen[source]} looks:"),
        Bars(bars),
        Prose(f"The heads that look hardest from {seen[source]} to {seen[target]}:"),
        Table(("layer", "head", "share"), table),
        *([Prose(note)] if note else []),
    ]


def _within(params: Attention, shape: ModelBuild) -> Attention:
    """Return the parameters with defaults that a model has: the embedded one's may be beyond it."""
    fields = Attention.model_fields
    ends = {"layer": shape.layers, "head": shape.heads}
    beyond = {
        name: end
        for name, end in ends.items()
        if end < getattr(params, name) == fields[name].default
    }
    return params.model_copy(update=beyond)


def _head(head: int) -> str:
    return f"head {head}" if head else "all heads averaged"


def _controls(params: Attention, found: AttentionMap, shape: ModelBuild) -> tuple[Control, ...]:
    source, target = places(found, params)
    layers = [n for n in (params.layer - 1, params.layer + 1) if 1 <= n <= shape.layers]
    heads = [n for n in (params.head - 1, params.head + 1) if 1 <= n <= shape.heads]
    return that_fit(
        params,
        *(Knob(f"Layer {n}", "layer", str(n)) for n in layers),
        *(Knob(f"Head {n}", "head", str(n)) for n in heads),
        Knob("Average of heads", "head", "0"),
        Entry("Other text", "prompt"),
        token_menu("Looks from", "token", found.tokens, source + 1),
        token_menu("Looks at", "towards", found.tokens[: source + 1], target + 1),
    )


async def _map(engine: Engine, params: Attention) -> AttentionMap:
    head = params.head - 1 if params.head else None
    return await inside(engine).attention(params.prompt, params.layer - 1, head, SHOWN_TOKENS)


async def _put(engine: Engine, params: Attention) -> FirstQuestion:
    """Ask where the token that is lit looks; what comes after it can't be seen from there."""
    params = _within(params, await inside(engine).shape())
    found = await _map(engine, params)
    source, _ = places(found, params)
    seen = names(found.tokens)
    return FirstQuestion(f"Which token does {seen[source]} look at hardest?", seen[: source + 1])


INSTRUMENT = Instrument(
    name="attention",
    line="A real attention head as a heat map: which token looks at which, and how hard.",
    topic=Topic.ATTENTION,
    lesson=5,
    params=Attention,
    run=run,
    asks=Asking(_put, lit_column),
    needs=frozenset({Capability.INTERNALS}),
    sees="A light cell: its row looks at its column.",
    tries=(Try("token", "another token's row lights up"),),
)
