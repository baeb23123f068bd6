"""Turn each control of an exhibit, as a card would."""

import random

from tools import catalogue
from tools.engine.base import Engine
from tools.exhibit.exhibit import Dial, Entry, Exhibit, Knob
from tools.exhibit.text import WIDTH, columns, part_text
from tools.instrument import Params, Turning

LONGEST_VALUE = 40


async def assert_it_fits_and_turns(engine: Engine, name: str, shown: Exhibit) -> None:
    """Each part fits a phone; each knob and setting is short and leads to good parameters."""
    for part in shown.parts:
        assert all(columns(line) <= WIDTH for line in part_text(part).splitlines())
    assert len(shown.parts) <= 6
    for control in shown.controls:
        match control:
            case Knob(_, parameter, value):
                assert len(value) <= LONGEST_VALUE
                await turned(engine, name, parameter, value)
            case Dial(_, parameter, settings):
                assert 1 <= len(settings) <= 25
                for value, label, described in settings:
                    assert len(value) <= LONGEST_VALUE
                    assert 0 < len(label) <= 100
                    assert len(described) <= 100
                    await turned(engine, name, parameter, value)
            case Entry(_, "config"):
                await turned(engine, name, "config", "layers=2 width=64 heads=4")
            case Entry(_, parameter):
                await turned(engine, name, parameter, "kings, queens")


async def turned(engine: Engine, name: str, parameter: str, value: str) -> Params:
    turning = Turning(parameter, value, random.Random(0))
    return await catalogue.turned(engine, name, {}, turning)


def values(shown: Exhibit) -> dict[str, float | str]:
    """The facts by name."""
    return {fact.name: fact.value for fact in shown.facts}
