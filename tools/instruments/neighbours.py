"""The tokens nearest to a word in the model's own embedding table, and a − b + c."""

from typing import Annotated

from pydantic import Field

from tools.asking import asking, first_bar
from tools.engine.base import Capability, Engine
from tools.engine.findings import Neighbours
from tools.engine.internals import inside
from tools.exhibit.exhibit import Bar, Bars, Control, Entry, Exhibit, Fact, Knob, Prose
from tools.exhibit.visible import visible
from tools.instrument import Instrument, Params, Topic, Try
from tools.instruments.looking import live, split_words
from tools.knobs import that_fit

_CENTRED = "cosine, less what all rows share"
_STANDS_OUT = 3.0  # standard deviations
Word = Annotated[str, Field(max_length=40)]


class NeighboursParams(Params):
    """What a learner may choose: one word, or a − b + c."""

    word: Word = Field("king", description="The word to start from (a).")
    minus: Word = Field("", description="A word to take away (b); empty for none.")
    plus: Word = Field("", description="A word to add (c); empty for none.")
    inputs: bool = Field(False, description="Let the words asked for be among the answers.")
    centred: bool = Field(
        False,
        description="Take off first what all rows have in common: the mean row and a direction.",
    )
    top: Annotated[int, Field(ge=1, le=20)] = Field(8, description="How many to show.")


async def run(engine: Engine, params: NeighboursParams) -> Exhibit:
    """Show the nearest tokens by the cosine of the angle between their vectors.

    Raises:
        BadInput: a word can't be used, or the words cancel out.
        EngineError: the model could not be loaded.
    """
    model = inside(engine)
    plus = (params.word, *filter(str.strip, (params.plus,)))
    minus = tuple(filter(str.strip, (params.minus,)))
    found = await model.neighbours(plus, minus, params.top, params.inputs, params.centred)
    shape = await model.shape()
    note = split_words(found.inputs)
    return Exhibit(
        title=f"Nearest to {formula(params)}",
        parts=(
            Bars(tuple(_bars(found))),
            Prose(f"{_reading(params, found)} {_baseline(found)}"),
            *([Prose(note)] if note else []),
        ),
        provenance=live(engine),
        facts=(
            Fact("table", f"{shape.vocabulary:,} × {shape.width}", "tokens × numbers"),
            Fact("measure", _CENTRED if params.centred else "cosine", "-1 to 1"),
            Fact("two rows by lot", _plain(found.by_lot)),
            Fact("left out", found.left_out, "special or undertrained"),
            Fact("inputs", "allowed" if params.inputs else "left out"),
        ),
        controls=_controls(params),
    )


def formula(params: NeighboursParams) -> str:
    """Return what is asked, as `king − man + woman`."""
    minus = f" − {visible(params.minus)}" if params.minus.strip() else ""
    plus = f" + {visible(params.plus)}" if params.plus.strip() else ""
    return f"{visible(params.word)}{minus}{plus}"


def _bars(found: Neighbours) -> list[Bar]:
    return [
        Bar(one.token.label, max(0.0, one.cosine), f"{one.cosine:.2f}", f"id {one.token.id}")
        for one in found.found
    ]


def _baseline(found: Neighbours) -> str:
    """Return what any token would have, so that a cosine can be read."""
    return f"Any token has {_plain(found.mean)} ± {found.deviation:.2f} with it."


def _plain(cosine: float) -> str:
    return f"{round(cosine, 2) + 0.0:.2f}"  # no -0.00


def _reading(params: NeighboursParams, found: Neighbours) -> str:
    if found.found[0].cosine < found.mean + _STANDS_OUT * found.deviation:
        return "No token stands out: the nearest is hardly nearer than any, so it says nothing."
    if not (params.minus.strip() or params.plus.strip()):
        return "Near in the table: used alike. Other spellings of the word often come first."
    if not params.inputs:
        return (
            "The words asked for are left out, as papers do. Allow them, and see which comes first."
        )
    given = {token.id for _, tokens in found.inputs for token in tokens}
    first = found.found[0].token
    if first.id in given:
        return f"Honestly: the nearest is {first.label}, one of the words asked for."
    return f"The nearest is {first.label}, though the words asked for were allowed."


def _controls(params: NeighboursParams) -> tuple[Control, ...]:
    return that_fit(
        params,
        Entry("Word", "word", longest=40),
        Entry("Take away", "minus", longest=40),
        Entry("Add", "plus", longest=40),
        Knob("Allow the inputs", "inputs", "true"),
        Knob("Leave inputs out", "inputs", "false"),
        Knob("Mean row off", "centred", "true"),
        Knob("Rows as they are", "centred", "false"),
    )


INSTRUMENT = Instrument(
    name="neighbours",
    line="The tokens nearest to a word in the model's own table; king − man + woman, honestly.",
    topic=Topic.VECTORS,
    lesson=4,
    params=NeighboursParams,
    run=run,
    asks=asking(
        "How near is the nearest? 1 would be the same.",
        ("under 0.5", "0.5 to 0.7", "0.7 to 0.9", "0.9 or more"),
        first_bar,
        (50, 70, 90),
    ),
    needs=frozenset({Capability.INTERNALS}),
    sees="The words nearest to it; 1 is the same.",
    tries=(
        Try("centred", "all words get further apart"),
        Try("minus", "king, take away man, add woman"),
    ),
)
