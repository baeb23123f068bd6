"""What the instruments that measure a running model have in common: each look is a new reading."""

import textwrap
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field

from tools.engine.base import Engine
from tools.engine.prompts import MAX_CHARACTERS
from tools.engine.serving import Timed
from tools.exhibit.exhibit import Knob, Origin, Prose, Provenance
from tools.instrument import STATE, Params

MOST_READINGS = 999  # then the first comes again


class MeasurementParams(Params):
    """What may be chosen of a measurement: that it is made once more."""

    reading: Annotated[int, Field(ge=1, le=MOST_READINGS)] = Field(
        1, description="Which measurement this is.", json_schema_extra=STATE
    )


def again(label: str, params: MeasurementParams) -> Knob:
    """Return the button that measures once more."""
    return Knob(label, "reading", str(params.reading % MOST_READINGS + 1), is_main=True)


async def token_ids(engine: Engine, text: str) -> tuple[int, ...]:
    """Return a text's tokens, of any length: what is over a person's limit is cut up apart."""
    start, *more = pieces(text)
    found = [await engine.tokenize(start)]
    found += [await engine.tokenize(f" {part}") for part in more]
    return tuple(token.id for tokens in found for token in tokens)


def pieces(text: str) -> list[str]:
    """Return a long text in pieces that a person could have typed, cut between words."""
    if len(text) < MAX_CHARACTERS:
        return [text]
    return textwrap.wrap(text, MAX_CHARACTERS - 1)


def uncounted(answers: Iterable[Timed]) -> tuple[Prose, ...]:
    """Say so where a server doesn't count what it writes."""
    if all(one.is_counted for one in answers):
        return ()
    return (Prose("This server counts no tokens: each piece that it sent is taken for one."),)


def measured(engine: Engine, began: float) -> Provenance:
    """Return who was measured just now, and for how long.

    Args:
        engine: Which answered.
        began: When, by `time.perf_counter`.
    """
    took_ms = (time.perf_counter() - began) * 1000
    return Provenance(Origin.LIVE, engine.model, engine.name, datetime.now(UTC), took_ms)
