"""Byte pair encoding, one merge at a time, by the embedded tokenizer's own list."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Protocol, cast

from pydantic import Field

from tools.asking import asking
from tools.engine.base import Capability, Engine
from tools.engine.prompts import clean_piece
from tools.exhibit.exhibit import (
    Control,
    Entry,
    Exhibit,
    Fact,
    Knob,
    Origin,
    Part,
    Prose,
    Provenance,
    Stages,
    Tokens,
)
from tools.exhibit.visible import text_of, visible
from tools.instrument import Instrument, Params, Topic, Try
from tools.instruments.tokens import told_dropped
from tools.knobs import menu, that_fit

MergeState = tuple[bytes, ...]
_LINES = 7
WORDS = {
    "tokenization": "a word of two tokens",
    "unbelievable": "a prefix and a rest",
    "artificial intelligence": "two words",
    "kubernetes": "a name",
    "Donaudampfschiff": "not English",
    "naïve": "two bytes for one letter",
    "1234567": "digits",
}


class HasMerges(Protocol):
    """An engine that knows its tokenizer's merges; see `tools.engine.internals.Looking`."""

    async def merges(self, text: str) -> tuple[MergeState, ...]:
        """Return the states of a text, from single bytes to its tokens, a merge apart."""
        ...


class Merges(Params):
    """What a learner may choose."""

    word: Annotated[str, Field(min_length=1, max_length=60)] = Field(
        "tokenization", description="A word or two to put together."
    )
    steps: Annotated[int, Field(ge=0, le=240)] = Field(
        0, description="How many merges to make; more than there are goes to the end."
    )


async def run(engine: Engine, params: Merges) -> Exhibit:
    """Merge a word as far as asked, and show the states on the way.

    Raises:
        BadInput: the word can't be used.
        Missing: the engine's tokenizer has no such list.
        EngineError: the engine gave no usable answer.
    """
    word = clean_piece(params.word)
    states = await cast(HasMerges, engine).merges(word)  # `needs` says that it has them
    return exhibit(states, params, Provenance(Origin.LIVE, engine.model, engine.name))


def exhibit(states: Sequence[MergeState], params: Merges, provenance: Provenance) -> Exhibit:
    """Return the pieces as they are now, the merges that led there, and the next one."""
    at = min(params.steps, len(states) - 1)
    lost = told_dropped(params.word, b"".join(states[0]))
    return Exhibit(
        title="One merge at a time",
        parts=(*_parts(states, at), *([Prose(lost)] if lost else [])),
        provenance=provenance,
        facts=(
            Fact("merges", at, f"of {len(states) - 1}"),
            Fact("pieces", len(states[at])),
            Fact("bytes", len(states[0])),
        ),
        controls=_controls(params, at, len(states) - 1),
    )


def merged(before: MergeState, after: MergeState) -> tuple[bytes, bytes]:
    """Return the two pieces that one merge has put together.

    Raises:
        ValueError: the states are not one merge apart.
    """
    fitting = [
        place
        for place in range(len(after))
        if before[:place] == after[:place]
        and before[place + 2 :] == after[place + 1 :]
        and b"".join(before[place : place + 2]) == after[place]
    ]
    if not fitting or len(before) != len(after) + 1:
        raise ValueError(f"{before} and {after} are not one merge apart")
    place = fitting[0]
    return before[place], before[place + 1]


def _parts(states: Sequence[MergeState], at: int) -> tuple[Part, ...]:
    pieces, merges = Tokens(_visible(states[at])), _lines(states, at)
    said = Prose(_END if at == len(states) - 1 else _ONWARD)
    if not pieces.texts:
        return ()
    return (pieces, *((merges,) if merges.lines else ()), said)


def _lines(states: Sequence[MergeState], at: int) -> Stages:
    """Return the last merges by number, and the next one lit, if there is one."""
    known = list(enumerate(pairwise(states), start=1))[: at + 1]
    lines = tuple(f"{number} {_pair(*pair)}" for number, pair in known[-_LINES:])
    is_end = at == len(states) - 1
    return Stages(lines, lit=None if is_end else len(lines) - 1)


def _pair(before: MergeState, after: MergeState) -> str:
    return " + ".join(_visible(merged(before, after)))


_ONWARD = "Next (▸) is the pair that stands highest in the tokenizer's list."
_END = "No pair that is left stands in the list: these are the tokens."


def _visible(pieces: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(visible(text_of(piece)) for piece in pieces)


def _controls(params: Merges, at: int, last: int) -> tuple[Control, ...]:
    onward = (
        Knob("Step", "steps", str(at + 1), is_main=True),
        Knob("To the end", "steps", str(last)),
    )
    return that_fit(
        params,
        *(onward if at < last else ()),
        *((Knob("Back", "steps", str(at - 1)),) if at else ()),
        Knob("From the start", "steps", "0"),
        Entry("Other word", "word", 60),
        menu("Word", "word", WORDS, params.word),
    )


def _ends_as(exhibit: Exhibit) -> float | None:
    """Return how many pieces are left once every merge is made; each makes one of two."""
    found = {one.name: one for one in exhibit.facts}
    done, total = int(found["merges"].value), int(found["merges"].unit.removeprefix("of "))
    return int(found["pieces"].value) - (total - done)


INSTRUMENT = Instrument(
    name="merges",
    line="How bytes become tokens: byte pair encoding, one merge at a time, on your own word.",
    topic=Topic.TOKENS,
    lesson=3,
    params=Merges,
    run=run,
    asks=asking(
        "Joined as far as it goes, how many tokens does it end as?",
        ("one", "two", "three or four", "five or more"),
        _ends_as,
        (2, 3, 5),
    ),
    needs=frozenset({Capability.INTERNALS}),
    sees="The pieces so far, and the next pair to join.",
    tries=(Try("steps", "one pair becomes one piece"),),
)
