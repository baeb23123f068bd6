"""A learner's words in two dimensions, from the model's own embedding table."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from tools.asking import fact, ranges
from tools.engine.base import Capability, Engine
from tools.engine.internals import inside
from tools.exhibit.exhibit import Entry, Exhibit, Fact, Point, Prose, Scatter
from tools.exhibit.visible import visible
from tools.instrument import Instrument, Params, Topic, Try
from tools.instruments.looking import live, split_words
from tools.instruments.next_token import percent

MOST_WORDS = 30


def _enough(text: str) -> str:
    if not 2 <= len(split(text)) <= MOST_WORDS:
        raise ValueError(f"give 2 to {MOST_WORDS} different words")
    return text


class MapParams(Params):
    """What a learner may choose."""

    words: Annotated[str, Field(max_length=600), AfterValidator(_enough)] = Field(
        "king, queen, man, woman, cat, dog, horse, Paris, Berlin, London, one, two, three",
        description="2 to 30 words, with commas or spaces between them.",
    )


async def run(engine: Engine, params: MapParams) -> Exhibit:
    """Lay words out on the two axes that keep most of their variance (PCA).

    Raises:
        BadInput: fewer than 2 words, or more than 30.
        EngineError: the model could not be loaded.
    """
    model = inside(engine)
    words = split(params.words)
    found, shape = await model.plane(words), await model.shape()
    points = tuple(Point(visible(one.word), one.x, one.y) for one in found.places)
    note = split_words([(one.word, one.tokens) for one in found.places])
    across, up = found.shares
    return Exhibit(
        title="Your words on a map",
        parts=(
            Scatter(points),
            Prose(
                f"{shape.width} numbers a word, flattened to 2: {percent(across + up).strip()} of "
                "what sets these words apart is left. Near on the map may be far in the table."
            ),
            *([Prose(note)] if note else []),
        ),
        provenance=live(engine),
        facts=(
            Fact("words", len(words)),
            Fact("across keeps", percent(across).strip()),
            Fact("up keeps", percent(up).strip()),
        ),
        controls=(Entry("My words", "words", longest=600),),
    )


def split(text: str) -> tuple[str, ...]:
    """Return the words of a list, each once; commas part them, or where there is none, spaces."""
    parts = re.split(r"[,;\n]", text) if re.search(r"[,;\n]", text.strip()) else text.split()
    return tuple(dict.fromkeys(word for part in parts if (word := part.strip())))


def _kept(exhibit: Exhibit) -> float | None:
    across, up = fact("across keeps")(exhibit), fact("up keeps")(exhibit)
    return None if across is None or up is None else across + up


INSTRUMENT = Instrument(
    name="map",
    line="Your own words in two dimensions, from the model's own table (PCA).",
    topic=Topic.VECTORS,
    lesson=4,
    params=MapParams,
    run=run,
    asks=ranges(
        "All that, in two dimensions: how much of the spread is kept?", _kept, (25, 50, 75), " %"
    ),
    needs=frozenset({Capability.INTERNALS}),
    sees="Words that are used alike lie near.",
    tries=(Try("words", "add a word: where will it land?"),),
)
