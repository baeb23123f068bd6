"""What the four instruments of a model server are tried with."""

import random
from typing import TypeVar

from tools import catalogue
from tools.engine.base import Engine
from tools.exhibit.exhibit import Exhibit, Knob, Origin, Prose, Table
from tools.exhibit.monospace import PHONE
from tools.exhibit.text import exhibit_text, fact_text, part_text
from tools.instrument import Turning

Found = TypeVar("Found")


async def turn_every_knob(engine: Engine, name: str, chosen: dict[str, object]) -> list[Exhibit]:
    """Run an instrument, then once more for each of its knobs, turned."""
    first = await catalogue.run(engine, name, chosen)
    shown = [first]
    for knob in first.controls:
        if isinstance(knob, Knob):
            turning = Turning(knob.name, knob.value, random.Random(1))
            after = await catalogue.turned(engine, name, chosen, turning)
            assert after != catalogue.parameters(name, chosen)
            shown.append(await catalogue.run(engine, name, after.model_dump()))
    return shown


def check_shown(shown: Exhibit, engine: Engine) -> None:
    """It says who answered, and its tables fit a phone."""
    check_told(shown, engine)
    for part in shown.parts:
        if isinstance(part, Table):
            assert len(part_text(part, PHONE).splitlines()) == len(part.rows) + 1, "it is stacked"


def check_told(shown: Exhibit, engine: Engine) -> None:
    """It says who answered. How wide its tables are is a matter of how long that took."""
    source = shown.provenance
    assert (source.origin, source.model, source.engine) == (
        Origin.LIVE,
        engine.model,
        engine.name,
    )
    assert exhibit_text(shown)
    names = [fact.name for fact in shown.facts]
    assert len(set(names)) == len(names)


def tables(shown: Exhibit) -> list[Table]:
    return [part for part in shown.parts if isinstance(part, Table)]


def prose(shown: Exhibit) -> str:
    return "\n".join(part.text for part in shown.parts if isinstance(part, Prose))


def only(shown: Exhibit, kind: type[Found]) -> Found:
    """The one part of a kind."""
    (found,) = (part for part in shown.parts if isinstance(part, kind))
    return found


def facts(shown: Exhibit) -> dict[str, str]:
    return {fact.name: fact_text(fact) for fact in shown.facts}
