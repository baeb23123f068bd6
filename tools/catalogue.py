"""Every instrument by name: from here come commands, lesson exhibits and the agent's tools."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ValidationError

from tools.engine.base import Capability, Engine
from tools.errors import BadInput, Missing
from tools.exhibit import Exhibit
from tools.instruments import generate, next_token


@dataclass(frozen=True, slots=True)
class Instrument:
    """One way to show a model at work.

    Attributes:
        name: What lessons and commands call it.
        line: What it shows, in one line.
        params: What may be chosen.
        needs: What it asks of an engine.
        run: Takes an engine and `params`, checked; gives the exhibit.
    """

    name: str
    line: str
    params: type[BaseModel]
    needs: frozenset[Capability]
    run: Callable[[Engine, Any], Awaitable[Exhibit]]


INSTRUMENTS: Mapping[str, Instrument] = MappingProxyType(
    {
        instrument.name: instrument
        for instrument in (
            Instrument(
                name="nexttoken",
                line="The probabilities of the next token, for any prompt.",
                params=next_token.NextToken,
                needs=frozenset({Capability.NEXT_TOKEN}),
                run=next_token.run,
            ),
            Instrument(
                name="generate",
                line="The loop, one token a round: predict, pick, append.",
                params=generate.Generate,
                needs=frozenset({Capability.NEXT_TOKEN}),
                run=generate.run,
            ),
        )
    }
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


def parameters(name: str, chosen: Mapping[str, object]) -> BaseModel:
    """Return the checked parameters of an instrument.

    Raises:
        BadInput: unknown instrument, unknown parameter, or a value that doesn't fit.
    """
    try:
        return instrument(name).params.model_validate(dict(chosen))
    except ValidationError as wrong:
        raise BadInput(f"{name}: {_plain(wrong)}") from None


async def run(engine: Engine, name: str, chosen: Mapping[str, object]) -> Exhibit:
    """Check the parameters and run an instrument.

    Raises:
        BadInput: as `parameters`, or from the instrument.
        Missing: the engine can't do what it needs.
        EngineError: the engine gave no usable answer.
    """
    params = parameters(name, chosen)
    found = instrument(name)
    if lacking := found.needs - engine.capabilities():
        lacks = ", ".join(sorted(capability.value for capability in lacking))
        raise Missing(f"{name} needs {lacks}, which {engine.model} ({engine.name}) can't do.")
    return await found.run(engine, params)


def _plain(wrong: ValidationError) -> str:
    """Return pydantic's complaints as `top: Input should be …`, without the input itself."""
    told = (
        f"{'.'.join(str(part) for part in error['loc']) or 'all'}: {error['msg']}"
        for error in wrong.errors(include_url=False, include_input=False)
    )
    return "; ".join(told)
