"""/nexttoken and its like, and /instruments: a command for each instrument of the catalogue."""

import inspect
import typing
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import annotated_types
import discord
from discord import app_commands
from discord.ext import commands
from pydantic.fields import FieldInfo

from bot.ui.replies import learner_of, reply
from bot.ui.screens.instrument import draw_instruments
from bot.ui.screens.kit import Card
from bot.ui.turn import draw_trial
from bot.usecases.catalogue import UseCases
from tools.catalogue import INSTRUMENTS
from tools.instrument import Instrument, Topic

_TYPES = (str, int, float, bool)
_TOPICS: Mapping[Topic, str] = {
    Topic.TOKENS: "Text cut into tokens",
    Topic.VECTORS: "Tokens as vectors, and where they stand",
    Topic.ATTENTION: "Which token looks at which",
    Topic.CHOICE: "From scores to the next token",
    Topic.COST: "What a token costs, in time and memory",
    Topic.SERVING: "Many requests on one engine",
    Topic.TRAINING: "How weights come to be",
}

_Callback = Callable[..., Awaitable[None]]


class InstrumentCommands(commands.Cog):
    """What lists the instruments; a command for each is made by `commands_of`."""

    def __init__(self, use: UseCases) -> None:
        self._use = use

    @app_commands.command(description="Every instrument, by lesson; open any")
    async def instruments(self, interaction: discord.Interaction[Any]) -> None:
        """List the instruments."""

        async def make() -> Card:
            return draw_instruments(INSTRUMENTS)

        await reply(interaction, make)


def commands_of(use: UseCases) -> list[app_commands.Command[Any, ..., Any] | app_commands.Group]:
    """Return a command for each instrument; those of a topic stand together in a group."""
    alone = [c for c in INSTRUMENTS.values() if c.topic is Topic.TOP]
    found: list[app_commands.Command[Any, ..., Any] | app_commands.Group] = [
        _command(instrument, use) for instrument in alone
    ]
    for topic, description in _TOPICS.items():
        inside = [c for c in INSTRUMENTS.values() if c.topic is topic]
        if inside:
            group = app_commands.Group(name=topic.value, description=description)
            for instrument in inside:
                group.add_command(_command(instrument, use))
            found.append(group)
    return found


def _command(instrument: Instrument, use: UseCases) -> app_commands.Command[Any, ..., Any]:
    """Return an instrument's command; its options are the parameters that fit in one."""
    fields = {
        name: field
        for name, field in instrument.params.model_fields.items()
        if _plain_type(field) is not None
    }

    async def callback(interaction: discord.Interaction[Any], **chosen: Any) -> None:
        given = {name: value for name, value in chosen.items() if value is not None}

        async def make() -> Card:
            learner = learner_of(interaction)
            return draw_trial(await use.start_trial(instrument.name, given, learner))

        await reply(interaction, make, is_private=False)

    described = {name: (field.description or name)[:100] for name, field in fields.items()}
    annotated = _with_signature(callback, fields)
    if described:
        annotated = app_commands.describe(**described)(annotated)
    command: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name=instrument.name,
        description=instrument.line[:100],
        callback=annotated,
    )
    return command


def _with_signature(callback: _Callback, fields: Mapping[str, FieldInfo]) -> Any:
    """Give a callback the options that discord.py reads off its signature."""
    options = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if field.is_required() else None,
            annotation=_option_type(field),
        )
        for name, field in sorted(fields.items(), key=lambda item: not item[1].is_required())
    ]
    this = inspect.Parameter(
        "interaction",
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        annotation=discord.Interaction,
    )
    callback.__signature__ = inspect.Signature([this, *options])  # type: ignore[attr-defined]
    return callback


def _option_type(field: FieldInfo) -> Any:
    plain = _plain_type(field)
    annotated: Any = plain
    low, high = _bounds(field)
    if plain in (int, float) and (low is not None or high is not None):
        annotated = app_commands.Range[plain, low, high]  # type: ignore[valid-type]
    return annotated if field.is_required() else typing.Optional[annotated]  # noqa: UP045


def _plain_type(field: FieldInfo) -> Any:
    """Return the type that an option can have; None where a parameter fits in none."""
    if typing.get_origin(field.annotation) is typing.Literal:
        return field.annotation
    return field.annotation if field.annotation in _TYPES else None


def _bounds(field: FieldInfo) -> tuple[float | None, float | None]:
    low = next((m.ge for m in field.metadata if isinstance(m, annotated_types.Ge)), None)
    high = next((m.le for m in field.metadata if isinstance(m, annotated_types.Le)), None)
    return low, high
