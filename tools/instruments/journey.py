"""One prompt on its way through the model, six stages with their real shapes and numbers."""

from typing import Annotated

from pydantic import Field

from tools.asking import fact, ranges
from tools.engine.base import Capability, Engine
from tools.engine.findings import Journey, ModelBuild
from tools.engine.internals import inside
from tools.exhibit.exhibit import (
    Bar,
    Bars,
    Box,
    Curve,
    Diagram,
    Entry,
    Exhibit,
    Fact,
    Knob,
    Part,
    Prose,
    Series,
    Table,
    Tokens,
)
from tools.instrument import Instrument, Params, Topic, Try
from tools.instruments.looking import SHOWN_TOKENS, live, names
from tools.instruments.next_token import percent
from tools.knobs import that_fit

_TITLES = (
    "text to ids",
    "ids to vectors",
    "vectors through the blocks",
    "the last vector to scores",
    "scores to a choice",
    "the choice back to text",
)
_SHOWN_IDS = 8


class JourneyParams(Params):
    """What a learner may choose."""

    prompt: Annotated[str, Field(max_length=4000)] = Field(
        "The cat sat on the", description="The text to follow."
    )
    stage: Annotated[int, Field(ge=1, le=6)] = Field(1, description="Which of the six stages.")


async def run(engine: Engine, params: JourneyParams) -> Exhibit:
    """Follow a prompt through the model, and show what one stage makes of it.

    Raises:
        BadInput: the prompt can't be used.
        EngineError: the model could not be loaded.
    """
    model = inside(engine)
    found, shape = await model.journey(params.prompt), await model.shape()
    return Exhibit(
        title=f"Stage {params.stage} of 6: {_TITLES[params.stage - 1]}",
        parts=(diagram(shape, found, params.stage), *stage_parts(shape, found, params.stage)),
        provenance=live(engine),
        facts=(
            Fact("tokens", len(found.tokens)),
            Fact("width", shape.width, "numbers a token"),
            Fact("blocks", shape.layers),
            Fact("scores", shape.vocabulary),
        ),
        controls=that_fit(
            params,
            Knob("Next stage", "stage", str(params.stage + 1), is_main=True),
            Knob("Back", "stage", str(params.stage - 1)),
            Knob("From the start", "stage", "1"),
            Entry("Other prompt", "prompt"),
        ),
    )


def diagram(shape: ModelBuild, found: Journey, stage: int) -> Diagram:
    """Return the whole way with the shape at each point; what this stage makes is lit."""
    count = len(found.tokens)
    notes = (
        ("text", f"{count} tokens in it"),
        ("ids", f"{count} whole numbers"),
        ("vectors", f"{count} × {shape.width}"),
        ("blocks", f"{shape.layers} blocks, each {count} × {shape.width}"),
        ("scores", f"1 × {shape.vocabulary:,}"),
        ("choice", "1 id"),
        ("text", found.top[0].token.label),
    )
    return Diagram(
        tuple(Box(label, note, place == stage) for place, (label, note) in enumerate(notes))
    )


def stage_parts(shape: ModelBuild, found: Journey, stage: int) -> tuple[Part, ...]:
    """Return the real numbers that a stage, 1 to 6, makes."""
    parts = (_ids, _vectors, _blocks, _scores, _choice, _text)
    return parts[stage - 1](shape, found)


def _ids(_shape: ModelBuild, found: Journey) -> tuple[Part, ...]:
    shown = found.tokens[-_SHOWN_IDS:]
    rows = tuple((name, f"{token.id:,}") for name, token in zip(names(shown), shown, strict=True))
    left = len(found.tokens) - len(shown)
    note = f"The last {len(shown)} tokens; {left:,} before them. " if left else ""
    return Table(("token", "id"), rows), Prose(f"{note}From here on the model sees only numbers.")


def _vectors(shape: ModelBuild, found: Journey) -> tuple[Part, ...]:
    last = found.tokens[-1]
    return (
        Prose(f"Row {last.id:,} of the embedding table, for {last.label}:"),
        Table(("number", "value"), _numbers(found.vector)),
        Prose(f"and {shape.width - len(found.vector)} more. A lookup: nothing is worked out."),
    )


def _blocks(shape: ModelBuild, found: Journey) -> tuple[Part, ...]:
    points = tuple((float(blocks), length) for blocks, length in enumerate(found.lengths))
    return (
        Curve((Series("", points),), "blocks done", "length of the last vector"),
        Prose(f"Each block adds to the vector; its {shape.width} numbers stay {shape.width}."),
    )


def _scores(shape: ModelBuild, found: Journey) -> tuple[Part, ...]:
    rows = tuple((one.token.label, f"{one.logit:.2f}") for one in found.top)
    return (
        Table(("token", "score"), rows),
        Prose(
            f"One score for each of {shape.vocabulary:,} tokens, from {found.lowest:.2f} to "
            f"{found.highest:.2f}, read off the last token's vector alone."
        ),
    )


def _choice(_shape: ModelBuild, found: Journey) -> tuple[Part, ...]:
    bars = tuple(
        Bar(one.token.label, one.probability, percent(one.probability)) for one in found.top
    )
    return Bars(bars), Prose("Softmax makes the scores probabilities; greedy takes the first.")


def _text(_shape: ModelBuild, found: Journey) -> tuple[Part, ...]:
    shown = names((*found.tokens[-SHOWN_TOKENS + 1 :], found.top[0].token))
    return Tokens(shown, fresh=1), Prose("Appended. The next token takes the whole way again.")


def _numbers(vector: tuple[float, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((str(place), f"{value:.4f}") for place, value in enumerate(vector, start=1))


INSTRUMENT = Instrument(
    name="journey",
    line="One prompt through all six stages of the model, with its real shapes and numbers.",
    topic=Topic.CHOICE,
    lesson=2,
    params=JourneyParams,
    run=run,
    asks=ranges("How many numbers stand for one token inside?", fact("width"), (10, 100, 1000)),
    needs=frozenset({Capability.INTERNALS}),
    sees="The lit box is where the text is now.",
    tries=(Try("stage", "follow the text down"),),
)
