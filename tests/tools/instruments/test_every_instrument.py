"""What holds for all instruments, those to come included."""

import random
from collections import Counter

import pytest

from tests.fakes.engine import CountingEngine
from tests.tools.instruments.quick import quick
from tools import catalogue
from tools.engine.base import OF_A_SERVER, Capability
from tools.engine.local.local import LocalEngine
from tools.exhibit.exhibit import Control, Dial, Entry, Exhibit, Knob, Origin, Stages, Table
from tools.exhibit.monospace import PHONE
from tools.exhibit.text import exhibit_text, part_text
from tools.instrument import Instrument, Params, Turning

MEASURING = {"bandwidth", "quantize", "capacity"}  # look inside, or ask a server, where they can
SLOW = {"train", "quantize", "bandwidth", "cache"}  # turned in tests of their own

OF_ANY_ENGINE = frozenset(Capability) - OF_A_SERVER  # what the embedded model can do
names = pytest.mark.parametrize("name", catalogue.INSTRUMENTS)
runnable = pytest.mark.parametrize(
    "name", [name for name, found in catalogue.INSTRUMENTS.items() if found.needs <= OF_ANY_ENGINE]
)


_drawn: dict[str, Exhibit] = {}  # each is drawn once for all tests: some of them measure


async def _shown(name: str, engine: LocalEngine) -> Exhibit:
    if name not in _drawn:
        _drawn[name] = await catalogue.run(engine, name, quick(name))
    return _drawn[name]


@names
def test_its_line_is_one_short_sentence(name: str) -> None:
    line = catalogue.instrument(name).line
    assert line.endswith(".")
    assert 10 < len(line) <= 100
    assert "\n" not in line


@names
def test_every_parameter_is_described_and_all_but_one_have_a_default(name: str) -> None:
    fields = catalogue.instrument(name).params.model_fields
    assert all(info.description and len(info.description) <= 100 for info in fields.values())
    assert sum(info.is_required() for info in fields.values()) <= 1


@names
def test_the_defaults_fit(name: str) -> None:
    params = catalogue.parameters(name, quick(name))
    again = type(params).model_validate_json(params.model_dump_json())
    assert again == params  # so that a card may keep them as JSON


@runnable
async def test_it_says_where_its_numbers_come_from(name: str, embedded: LocalEngine) -> None:
    shown = await _shown(name, embedded)
    source = shown.provenance
    assert isinstance(source.origin, Origin)
    if source.origin is Origin.LIVE:
        assert source.model
        assert source.engine
    assert shown.parts
    assert exhibit_text(shown)


@runnable
async def test_its_facts_are_plain(name: str, embedded: LocalEngine) -> None:
    shown = await _shown(name, embedded)
    again = [fact for fact, times in Counter(f.name for f in shown.facts).items() if times > 1]
    assert again == []
    for fact in shown.facts:
        assert fact.name
        assert fact.value == fact.value  # not NaN


@runnable
async def test_its_tables_and_stages_fit_a_phone(name: str, embedded: LocalEngine) -> None:
    for part in (await _shown(name, embedded)).parts:
        if isinstance(part, Table):
            assert len(part_text(part, PHONE).splitlines()) == len(part.rows) + 1, "it is stacked"
            assert {len(row) for row in part.rows} <= {len(part.header)}
        if isinstance(part, Stages):
            assert len(part.lines) <= 12


def _values(control: Control) -> list[str]:
    """What turning a control can send: of an entry nothing is known."""
    match control:
        case Knob(value=value):
            return [value]
        case Dial(settings=settings):
            return [value for value, _, _ in settings]
        case Entry():
            return []


@runnable
async def test_its_controls_fit_discord(name: str, embedded: LocalEngine) -> None:
    controls = (await _shown(name, embedded)).controls
    ids = Counter((type(one), one.name, getattr(one, "value", one.label)) for one in controls)
    assert [one for one, times in ids.items() if times > 1] == []
    for control in controls:
        assert 0 < len(control.label) <= 80
        if isinstance(control, Knob):
            assert len(control.value) <= 40
        if isinstance(control, Dial):
            assert 2 <= len(control.settings) <= 25
            values = [value for value, _, _ in control.settings]
            assert len(set(values)) == len(values)
            assert all(0 < len(value) <= 100 for value in values)
    assert sum(isinstance(one, Knob) and one.is_main for one in controls) <= 1


@runnable
async def test_whatever_is_turned_fits_and_changes_something(
    name: str, embedded: LocalEngine
) -> None:
    params = catalogue.parameters(name, quick(name))
    for control in (await _shown(name, embedded)).controls:
        for value in _values(control):
            after = await _turned(embedded, name, params, control.name, value)
            if isinstance(control, Knob):
                assert after != params, control


@runnable
async def test_a_turned_card_can_be_drawn(name: str, embedded: LocalEngine) -> None:
    params = catalogue.parameters(name, quick(name))
    turnable = [one for one in (await _shown(name, embedded)).controls if _values(one)]
    if turnable and name not in SLOW:
        first = turnable[0]
        after = await _turned(embedded, name, params, first.name, _values(first)[-1])
        shown = await catalogue.run(embedded, name, after.model_dump())
        assert exhibit_text(shown)
        assert shown.controls


async def _turned(engine: LocalEngine, name: str, params: Params, knob: str, value: str) -> Params:
    turning = Turning(knob, value, random.Random(1))
    return await catalogue.turned(engine, name, params.model_dump(), turning)


@names
async def test_what_only_computes_asks_no_engine(name: str) -> None:
    found: Instrument = catalogue.instrument(name)
    engine = CountingEngine()
    if not found.needs and name not in MEASURING:
        await catalogue.run(engine, name, quick(name))
        assert engine.calls == []
