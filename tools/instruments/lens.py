"""The logit lens: what the model would say if it stopped after each block."""

from typing import Annotated

from pydantic import Field

from tools.asking import asking, share_of
from tools.engine.base import Capability, Engine
from tools.engine.findings import Lens, LensRow
from tools.engine.internals import inside
from tools.exhibit.exhibit import Curve, Entry, Exhibit, Fact, Knob, Prose, Series, Table
from tools.instrument import Instrument, Params, Topic, Try
from tools.instruments.looking import live
from tools.instruments.next_token import percent
from tools.knobs import that_fit
from tools.models import short_count

_LATE = 4
_READING = (
    "at: blocks done; rank: where the final answer stands. Early rows are a crude look: the head "
    "was fitted to the last block only."
)


class LensParams(Params):
    """What a learner may choose."""

    prompt: Annotated[str, Field(max_length=4000)] = Field(
        "Kubernetes pods are scheduled by the", description="The text to continue."
    )
    every: Annotated[int, Field(ge=1, le=10)] = Field(
        5, description="List every so many blocks, and always the last four."
    )


async def run(engine: Engine, params: LensParams) -> Exhibit:
    """Read a text and show the top guess after each block.

    Raises:
        BadInput: the prompt can't be used.
        EngineError: the model could not be loaded.
    """
    found = await inside(engine).lens(params.prompt)
    rows = listed(found.rows, params.every)
    answer = found.answer.label
    points = tuple((float(row.blocks), row.answer_probability) for row in found.rows)
    return Exhibit(
        title="The top guess after every block",
        parts=(
            Curve((Series(f"P({answer})", points),), "blocks done", "probability"),
            Table(("guess", "at", "%", "rank"), tuple(_row(row) for row in rows)),
            Prose(_READING),
        ),
        provenance=live(engine),
        facts=(
            Fact("answer", answer),
            Fact("its probability", percent(found.rows[-1].probability).strip()),
            Fact("first for good after block", settled(found), f"of {found.rows[-1].blocks}"),
        ),
        controls=that_fit(
            params,
            Knob("Every block", "every", "1"),
            Knob("Every fifth", "every", "5"),
            Entry("Other prompt", "prompt"),
        ),
    )  # fmt: skip


def listed(rows: tuple[LensRow, ...], every: int) -> tuple[LensRow, ...]:
    """Return every so many rows, and always the last few, where the answer comes up."""
    late = rows[-1].blocks - _LATE
    return tuple(row for row in rows if row.blocks % every == 0 or row.blocks > late)


def settled(found: Lens) -> int:
    """Return the block after which the answer is the top guess, and stays it."""
    blocks = found.rows[-1].blocks
    for row in reversed(found.rows):
        if row.guess != found.answer:
            break
        blocks = row.blocks
    return blocks


def _row(row: LensRow) -> tuple[str, ...]:
    return (
        row.guess.label,
        str(row.blocks),
        f"{100 * row.probability:.1f}",
        short_count(row.answer_rank),
    )


INSTRUMENT = Instrument(
    name="lens",
    line="The top guess after every block of the model (logit lens).",
    topic=Topic.CHOICE,
    lesson=6,
    params=LensParams,
    run=run,
    asks=asking(
        "Where is its answer first, for good?",
        ("in the first half of its blocks", "in the third quarter", "in the last quarter"),
        share_of("first for good after block"),
        (0.5, 0.75),
    ),
    needs=frozenset({Capability.INTERNALS}),
    sees="How sure the model is, block by block.",
    tries=(
        Try("every", "see where the answer appears"),
        Try("prompt", "does an easy text settle earlier?"),
    ),
)
