"""Greedy against beam search, as a tree: the surest next step isn't always the surest text."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from tools.algorithms.beams import Beam, Search, search
from tools.asking import asking, fact
from tools.engine.base import Capability, Engine, Prompt, joined_label
from tools.engine.prompts import clean_prompt
from tools.exhibit.exhibit import Control, Entry, Exhibit, Fact, Knob, Node, Prose, Stages, Tree
from tools.instrument import Instrument, Params, Topic, Try
from tools.instruments.next_token import provenance
from tools.knobs import that_fit


class BeamSearch(Params):
    """What a learner may choose."""

    prompt: Annotated[str, Field(max_length=4000)] = Field(
        "It was a beautiful", description="The text to continue."
    )
    width: Annotated[int, Field(ge=2, le=5)] = Field(3, description="How many texts are kept.")
    depth: Annotated[int, Field(ge=1, le=6)] = Field(4, description="How many tokens ahead.")


async def run(engine: Engine, params: BeamSearch) -> Exhibit:
    """Search, and show what was kept as a tree with the greedy text beside the best.

    Raises:
        BadInput: the prompt can't be used.
        Missing: the server names no token ids.
        EngineError: the engine gave no usable answer.
    """
    found = await search(engine, Prompt(clean_prompt(params.prompt)), params.width, params.depth)
    return Exhibit(
        title="Greedy against beam search",
        parts=(tree(found), both_texts(found), Prose(where_they_part(found))),
        provenance=replace(provenance(found.last), elapsed_ms=None),  # of one question of many
        facts=facts(found),
        controls=_controls(params),
    )


def tree(found: Search) -> Tree:
    """Return every text that was kept for a token or more, and the greedy one.

    The nodes of the greedy text and of the best one are lit; a node's note is the sum of
    log-probabilities as far as there, and ends in what ends there.
    """
    texts = {beam.ids: beam for beam in _all(found)}
    places = {ids: place for place, ids in enumerate(texts, start=1)}
    lit = {
        ids[:end] for ids in (found.greedy.ids, found.best.ids) for end in range(1, len(ids) + 1)
    }
    nodes = [
        Node(
            beam.picks[-1].token.label,
            places.get(ids[:-1], 0),
            _note(beam, found),
            ids in lit,
        )
        for ids, beam in texts.items()
    ]
    return Tree((Node("prompt", None, is_lit=True), *nodes))


def both_texts(found: Search) -> Stages:
    """Return the two texts, one below the other, from where they part."""
    lead = "…" if found.shared else ""
    named = (("greedy", found.greedy), ("best", found.best))
    if found.best.ids == found.greedy.ids:
        return Stages((f"both   {_text(found.best, 0)}",))
    return Stages(tuple(f"{name:<6} {lead}{_text(text, found.shared)}" for name, text in named))


def where_they_part(found: Search) -> str:
    """Say at which token the two texts part, or that they don't."""
    if found.best.ids == found.greedy.ids:
        return "Both are the same text: here greedy finds what the beam finds."
    return f"They part at token {found.shared + 1}, where the best takes the less likely one."


def facts(found: Search) -> tuple[Fact, ...]:
    """Return both sums, and how many times likelier the best text is."""
    ahead = found.best.logprob - found.greedy.logprob
    return (
        Fact("greedy", round(found.greedy.logprob, 2), "nats"),
        Fact("best", round(found.best.logprob, 2), "nats"),
        Fact("best ÷ greedy", round(math.exp(ahead), 2), "times as likely"),
        Fact("same tokens first", found.shared),
    )


def _text(text: Beam, start: int) -> str:
    return joined_label(one.token for one in text.picks[start:])


def _all(found: Search) -> Sequence[Beam]:
    """Return every text that stands in the tree, parents before children, then by likelihood.

    What was kept at one level may have been grown from any kept one before, so all its beginnings
    are there. The greedy text may leave the beam; then its beginnings come along.
    """
    longest = max(len(level[0].picks) for level in found.levels)
    texts: list[Beam] = []
    for length in range(1, longest + 1):
        level = {
            beam.ids[:length]: Beam(beam.picks[:length])
            for beam in (*_kept(found), found.greedy)
            if len(beam.picks) >= length
        }
        texts.extend(sorted(level.values(), key=lambda beam: -beam.logprob))
    return texts


def _kept(found: Search) -> Sequence[Beam]:
    return [beam for level in found.levels for beam in level]


def _note(beam: Beam, found: Search) -> str:
    ends = [
        name
        for name, text in (("best", found.best), ("greedy", found.greedy))
        if beam.ids == text.ids
    ]
    return " ".join([f"{beam.logprob:.2f}", *(["=".join(ends)] if ends else [])])


def _controls(params: BeamSearch) -> tuple[Control, ...]:
    return that_fit(
        params,
        Knob("A token deeper", "depth", str(params.depth + 1), is_main=True),
        Knob("A token less", "depth", str(params.depth - 1)),
        Knob("Wider beam", "width", str(params.width + 1)),
        Knob("Narrower beam", "width", str(params.width - 1)),
        Entry("Other prompt", "prompt"),
    )


INSTRUMENT = Instrument(
    name="beam",
    line="Greedy against beam search, as a tree with log-probabilities: where they part.",
    topic=Topic.CHOICE,
    lesson=6,
    params=BeamSearch,
    run=run,
    asks=asking(
        "Is there a likelier text than greedy's?",
        ("no", "yes, up to twice as likely", "yes, more than twice"),
        fact("best ÷ greedy"),
        (1.005, 2),
    ),
    needs=frozenset({Capability.NEXT_TOKEN}),
    sees="Each path is a text; the lit one won.",
    tries=(
        Try("width", "a wider beam may find a surer text"),
        Try("depth", "the paths grow by a token"),
    ),
)
