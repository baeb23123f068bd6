"""Every head of the model by what it measurably does on a text."""

from typing import Annotated, Literal

from pydantic import Field

from tools.asking import cell, ranges
from tools.engine.base import Capability, Engine
from tools.engine.findings import HeadScore, HeadScores
from tools.engine.internals import Internals, inside
from tools.errors import BadInput
from tools.exhibit.exhibit import Dial, Entry, Exhibit, Fact, Grid, Knob, Part, Prose, Table
from tools.instrument import STATE, Instrument, Params, Topic, Try, Turning, set_parameter
from tools.instruments import attention
from tools.instruments.looking import SHOWN_TOKENS, left_out, live
from tools.instruments.next_token import percent
from tools.knobs import menu, that_fit

HeadKind = Literal["previous", "first", "same", "far"]
KINDS: dict[HeadKind, str] = {
    "previous": "the token just before",
    "first": "the first token",
    "same": "the same token, earlier",
    "far": "far back",
}
_LABELS: dict[HeadKind, str] = {
    "previous": "Look one back",
    "first": "Look at the first",
    "same": "Look at the same word",
    "far": "Look far back",
}
_BEST = 5


class Heads(Params):
    """What a learner may choose."""

    text: Annotated[str, Field(max_length=4000)] = Field(
        "The cat sat on the mat because the cat was tired, so the dog let the cat sleep.",
        description="The text that the heads read; repeat a word in it.",
    )
    kind: HeadKind = Field("previous", description="What to rank the heads by.")
    opened: Annotated[str, Field(pattern=r"^(\d{1,3}\.\d{1,3})?$")] = Field(
        "", description="A head to open, as layer.head; empty for all.", json_schema_extra=STATE
    )


async def run(engine: Engine, params: Heads) -> Exhibit:
    """Measure every head on a text, and rank them by one kind of look.

    Raises:
        BadInput: the text has nothing that this kind could look at.
        EngineError: the model could not be loaded.
    """
    model = inside(engine)
    found = await model.head_scores(params.text)
    best = ranked(found, params.kind)
    is_open = bool(params.opened)
    parts = await _opened(model, params) if is_open else _all(found, best, params.kind)
    where = f"Layer {params.opened.replace('.', ', head ')}: who looks at whom"
    return Exhibit(
        title=where if is_open else f"Heads that look at {KINDS[params.kind]}",
        parts=parts,
        provenance=live(engine),
        facts=(
            Fact("heads", len(found.scores)),
            Fact("text", len(found.tokens), "tokens"),
            Fact("far back", found.far_tokens, "tokens or more"),
        ),
        controls=that_fit(
            params,
            *((Knob("All heads", "opened", "", is_main=True),) if is_open else ()),
            *(Knob(_LABELS[kind], "kind", kind) for kind in KINDS),
            Entry("Other text", "text"),
            _menu(best[:_BEST], params),
        ),
    )


async def turn(engine: Engine, params: Heads, turning: Turning) -> Params:
    """Turn a knob; another kind of look shows all the heads again."""
    if turning.knob == "kind":
        params = params.model_copy(update={"opened": ""})
    return await set_parameter(params, turning)


def ranked(found: HeadScores, kind: HeadKind) -> list[HeadScore]:
    """Return the heads by one kind of look, hardest first.

    Raises:
        BadInput: nothing in the text could be looked at so.
    """
    if any(share(score, kind) is None for score in found.scores):
        why = {
            "same": "No token comes twice. Repeat a word",
            "far": f"The text is too short. Give more than {found.far_tokens + 2} tokens",
        }.get(kind, "The text is too short. Give at least 3 tokens")
        raise BadInput(f"{why} and try again.")
    return sorted(found.scores, key=lambda score: -(share(score, kind) or 0.0))


def share(score: HeadScore, kind: HeadKind) -> float | None:
    """Return how much of its look a head gives to one kind of place, 0..1."""
    match kind:
        case "previous":
            return score.previous
        case "first":
            return score.first
        case "same":
            return score.same
        case "far":
            return score.far


def _grid(found: HeadScores, kind: HeadKind) -> Grid:
    layers = 1 + max(score.layer for score in found.scores)
    heads = 1 + max(score.head for score in found.scores)
    values = [share(score, kind) for score in found.scores]
    best = max(range(len(values)), key=lambda place: values[place] or 0.0)
    return Grid(
        values=tuple(tuple(values[row * heads : (row + 1) * heads]) for row in range(layers)),
        rows=tuple(str(layer + 1) for layer in range(layers)),
        columns=tuple(str(head + 1) for head in range(heads)),
        row_title="layer",
        column_title="head",
        lit=divmod(best, heads),
    )


def _all(found: HeadScores, best: list[HeadScore], kind: HeadKind) -> tuple[Part, ...]:
    note = left_out(found.left_out, len(found.tokens))
    return (
        _grid(found, kind),
        _table(best[:_BEST], kind),
        *([Prose(note)] if note else []),
    )


async def _opened(model: Internals, params: Heads) -> tuple[Part, ...]:
    """Return the heat map of the head that was picked, and where to go on with it."""
    layer, head = (int(number) for number in params.opened.split("."))
    found = await model.attention(params.text, layer - 1, head - 1, SHOWN_TOKENS)
    lit = max(
        ((row, column) for row in range(1, len(found.tokens)) for column in range(row)),
        key=lambda place: found.weights[place[0]][place[1]],
    )
    note = left_out(found.left_out, len(found.tokens))
    return (
        attention.grid(found, lit),
        Prose(f"More of it: /attention attention with this text, layer:{layer} head:{head}"),
        *([Prose(note)] if note else []),
    )


def _menu(best: list[HeadScore], params: Heads) -> Dial:
    heads = {
        f"{one.layer + 1}.{one.head + 1}": (
            f"layer {one.layer + 1}, head {one.head + 1}: "
            f"{percent(share(one, params.kind) or 0.0).strip()}"
        )
        for one in best
    }
    return menu("Open head", "opened", heads, params.opened)


def _table(best: list[HeadScore], kind: HeadKind) -> Table:
    rows = tuple(
        (str(one.layer + 1), str(one.head + 1), percent(share(one, kind) or 0.0).strip())
        for one in best
    )
    return Table(("layer", "head", "share"), rows)


INSTRUMENT = Instrument(
    name="heads",
    line="Every attention head by what it does on your text; the hardest can be opened.",
    topic=Topic.ATTENTION,
    lesson=5,
    params=Heads,
    run=run,
    asks=ranges(
        "The head that does it most: how much of its look goes there?",
        cell(0, 2),
        (25, 50, 90),
        " %",
    ),
    turn=turn,
    needs=frozenset({Capability.INTERNALS}),
    sees="A light cell is a head that does this.",
    tries=(
        Try("opened", "see its own pattern"),
        Try("kind", "other heads light up"),
    ),
)
