"""Every instrument by name: from here come commands, lesson exhibits and the tutor's tools.

Each file in `instruments/` that has an `INSTRUMENT` is in it: to add one is to add a file.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from pydantic import ValidationError

from tools import instruments
from tools.asking import FirstQuestion
from tools.engine.base import OF_A_SERVER, Engine
from tools.engine.prompts import clean_prompt
from tools.engine.serving import HOW_TO_SERVE
from tools.errors import BadInput, Missing
from tools.exhibit.exhibit import Exhibit
from tools.instrument import READ_BY_A_MODEL, Instrument, Params, Turning, set_parameter

EXAMPLE = "The cat sat on the"

HOW_TO_EMBED = "The embedded model can: install hunch-tutor[local]."


def _found() -> Iterator[Instrument]:
    for module in pkgutil.iter_modules(instruments.__path__, f"{instruments.__name__}."):
        declared = getattr(importlib.import_module(module.name), "INSTRUMENT", None)
        if declared is not None:
            yield declared


INSTRUMENTS: Mapping[str, Instrument] = MappingProxyType(
    {one.name: one for one in sorted(_found(), key=lambda one: (one.lesson, one.name))}
)


def instrument(name: str) -> Instrument:
    """Return an instrument by its name.

    Raises:
        BadInput: there is none of that name; the text lists those there are.
    """
    found = INSTRUMENTS.get(name)
    if found is None:
        raise BadInput(f"There is no instrument {name!r}. There are: {', '.join(INSTRUMENTS)}.")
    return found


def parameters(name: str, chosen: Mapping[str, object]) -> Params:
    """Return the checked parameters of an instrument.

    Raises:
        BadInput: unknown instrument, unknown parameter, or a value that doesn't fit.
    """
    try:
        return instrument(name).params.model_validate(dict(chosen))
    except ValidationError as wrong:
        raise BadInput(f"{name}: {_plain(wrong)}") from None


async def run(
    engine: Engine,
    name: str,
    chosen: Mapping[str, object],
    instead: Engine | None = None,
) -> Exhibit:
    """Check the parameters and run an instrument.

    Args:
        engine: The connected engine.
        name: Which instrument.
        chosen: Its parameters, by name.
        instead: The embedded engine, for what the connected one can't do, or to compare with it;
            the exhibit's provenance says which of the two answered.

    Raises:
        BadInput: as `parameters`, or from the instrument.
        Missing: no engine at hand can do what it needs.
        EngineError: the engine gave no usable answer.
    """
    params = parameters(name, chosen)
    found, first = instrument(name), able(engine, name, instead)
    if found.settle is not None:
        params = found.settle(engine, params)
    if found.compare and first is engine and instead and found.needs <= instead.capabilities():
        return await found.compare(engine, instead, params)
    return await found.run(first, params)


def require_usable(chosen: Mapping[str, object]) -> None:
    """Refuse text that no model takes before one is asked, or even built.

    What is space alone is left to the instrument: some show it.

    Raises:
        BadInput: it is empty, too long, or holds what can't be sent.
    """
    for text in _read(chosen):
        if not text.isspace():
            clean_prompt(text)


def _read(chosen: Mapping[str, object]) -> tuple[str, ...]:
    """Return what a model is going to read."""
    return tuple(str(chosen[name]) for name in READ_BY_A_MODEL if name in chosen)


async def question(
    engine: Engine,
    name: str,
    chosen: Mapping[str, object],
    instead: Engine | None = None,
) -> FirstQuestion | None:
    """Return what is guessed before the instrument shows anything; arguments, errors as `run`.

    None where it is given nothing but space: whether it shows that at all, it says itself.
    """
    params, found = parameters(name, chosen), instrument(name)
    first = able(engine, name, instead)
    read = params.model_dump()
    if not all(text.strip() for text in _read(read)):
        return None
    require_usable(read)
    if isinstance(found.asks.put, FirstQuestion):
        return found.asks.put
    return await found.asks.put(first, params)


async def turned(
    engine: Engine,
    name: str,
    chosen: Mapping[str, object],
    turning: Turning,
    instead: Engine | None = None,
) -> Params:
    """Return the parameters after a knob was turned; arguments and errors as for `run`."""
    params = parameters(name, chosen)
    found = instrument(name)
    try:
        if found.turn is not None:
            after: Params = await found.turn(able(engine, name, instead), params, turning)
            return after
        return await set_parameter(params, turning)
    except ValidationError as wrong:
        raise BadInput(f"{name}: {_plain(wrong)}") from None


def as_it_comes(name: str) -> dict[str, object]:
    """Return parameters to open an instrument with, where nobody has chosen any.

    Raises:
        BadInput: there is none of that name.
    """
    fields = instrument(name).params.model_fields.items()
    return {field: EXAMPLE for field, how in fields if how.is_required()}


def able(engine: Engine, name: str, instead: Engine | None = None) -> Engine:
    """Return the engine that an instrument runs on: one with all that it wants, if there is one.

    Raises:
        Missing: no engine at hand can do what it needs; the text says which would.
    """
    found = instrument(name)
    needs = found.needs
    for asked in (needs | found.wants, needs):
        for candidate in filter(None, (engine, instead)):
            if asked <= candidate.capabilities():
                return candidate
    missing = needs - engine.capabilities()
    lacks = ", ".join(sorted(c.value for c in missing))
    way_out = HOW_TO_SERVE if missing & OF_A_SERVER else HOW_TO_EMBED
    raise Missing(f"{name} needs {lacks}, which {engine.model} ({engine.name}) can't do. {way_out}")


def _plain(wrong: ValidationError) -> str:
    """Return pydantic's complaints as `top: Input should be …`, without the input itself."""
    told = (
        f"{'.'.join(str(part) for part in error['loc']) or 'all'}: "
        f"{error['msg'].removeprefix('Value error, ')}"  # of a validator of ours
        for error in wrong.errors(include_url=False, include_input=False)
    )
    return "; ".join(told)
