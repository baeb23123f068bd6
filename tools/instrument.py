"""What an instrument declares of itself.

From one declaration come its three uses: a slash command and its command-line twin, the `exhibit:`
of a lesson's step, and a tool of the tutor. An instrument is one file in `instruments/` with one
`INSTRUMENT`.
"""

import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal, get_origin

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationInfo, field_validator
from pydantic.fields import FieldInfo

from tools.asking import Asking
from tools.engine.base import Capability, Engine
from tools.exhibit.exhibit import Exhibit
from tools.numerals import read_number

_DIGITS = re.compile("-?[0-9]+")  # pydantic keeps all of them


class Topic(Enum):
    """Where in the course an instrument belongs; its slash command is grouped by it."""

    TOP = ""  # stands at the top of the picker
    TOKENS = "tokens"
    VECTORS = "vectors"
    ATTENTION = "attention"
    CHOICE = "choice"
    COST = "cost"
    SERVING = "serving"
    TRAINING = "training"


class Params(BaseModel):
    """What may be chosen of an instrument. Each field has a description and, but one, a default."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _as_written(cls, value: object, info: ValidationInfo) -> object:
        """Read a number as people write it, such as `8k` typed for a context."""
        wanted = cls.model_fields[info.field_name or ""].annotation
        if wanted not in (int, float) or not isinstance(value, str) or _DIGITS.fullmatch(value):
            return value
        found = read_number(value).value
        return int(found) if wanted is int and found.is_integer() else found


READ_BY_A_MODEL = ("prompt", "text", "word")  # parameters that a model reads

STATE: dict[str, JsonValue] = {
    "is_state": True
}  # for a parameter that only knobs set: no command offers it


@dataclass(frozen=True, slots=True)
class ParameterOption:
    """A parameter as a command offers it. `low` and `high` are inclusive; `of` is a plain type."""

    name: str
    of: Any  # str, int, float, bool, or a Literal of strings
    description: str
    is_required: bool
    default: Any = None
    low: float | None = None
    high: float | None = None


def options_of(params: type[Params]) -> tuple[ParameterOption, ...]:
    """Return what a command can offer of an instrument's parameters, the required ones first."""
    offered = [
        _option(name, field)
        for name, field in params.model_fields.items()
        if _is_plain(field.annotation) and field.json_schema_extra != STATE
    ]
    return tuple(sorted(offered, key=lambda option: not option.is_required))


def _option(name: str, field: FieldInfo) -> ParameterOption:
    return ParameterOption(
        name=name,
        of=field.annotation,
        description=field.description or name,
        is_required=field.is_required(),
        default=None if field.is_required() else field.default,
        low=_bound(field, "ge"),
        high=_bound(field, "le"),
    )


def _is_plain(annotation: Any) -> bool:
    return annotation in (str, int, float, bool) or get_origin(annotation) is Literal


def _bound(field: FieldInfo, name: str) -> float | None:
    found = (getattr(rule, name, None) for rule in field.metadata)
    value = next((value for value in found if value is not None), None)
    if value is None or field.annotation not in (int, float):
        return None
    return field.annotation(value)  # a float's bound may be written as a whole number


@dataclass(frozen=True, slots=True)
class Try:
    """Something worth doing on a card: turn `name`, to `value` if that matters; and what for."""

    name: str
    does: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Turning:
    """A knob that was turned: which, to what, and the chance that a draw may use."""

    knob: str
    value: str
    dice: random.Random


RunInstrument = Callable[[Engine, Any], Awaitable[Exhibit]]
Turner = Callable[[Engine, Any, Turning], Awaitable[Any]]
Compare = Callable[[Engine, Engine, Any], Awaitable[Exhibit]]
Settle = Callable[[Engine, Any], Any]


@dataclass(frozen=True, slots=True)
class Instrument:
    """One way to show a model at work.

    Attributes:
        name: What lessons, commands and the tutor call it.
        line: What it shows, in one line of at most 100 characters.
        topic: The group of its command.
        lesson: The lesson that needs it first, 1 to 12.
        params: What may be chosen.
        run: Takes an engine and checked `params`; gives the exhibit.
        asks: What a learner guesses before it shows anything.
        needs: What it asks of an engine; nothing, where it only computes.
        wants: What it shows more with; an engine at hand that has it is taken first.
        turn: Takes what a knob changes where that is more than setting one parameter.
        compare: Runs it on two engines, where another one at hand can do it too.
        settle: Takes the connected engine, whichever runs it, and fills in what the parameters
            leave to the model at hand.
        sees: What there is to see on its card, in one line; nothing, where the exhibit says it.
        tries: What is worth doing on its card. The first that the card has a control for is named.
    """

    name: str
    line: str
    topic: Topic
    lesson: int
    params: type[Params]
    run: RunInstrument
    asks: Asking
    needs: frozenset[Capability] = field(default=frozenset())
    wants: frozenset[Capability] = field(default=frozenset())
    turn: Turner | None = None
    compare: Compare | None = None
    settle: Settle | None = None
    sees: str = ""
    tries: tuple[Try, ...] = ()


async def set_parameter(params: Params, turning: Turning) -> Params:
    """Return the parameters with the one that the knob names set to its value.

    Raises:
        pydantic.ValidationError: there is no such parameter, or the value doesn't fit.
    """
    return type(params).model_validate({**params.model_dump(), turning.knob: turning.value})
