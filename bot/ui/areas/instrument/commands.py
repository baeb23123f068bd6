"""/nexttoken, /model, /choice and their like: a command for each instrument of the catalogue."""

import inspect
from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.ui.areas.instrument.handler import NEXT_TOKEN, trial_card
from bot.ui.cards.instrument import draw_instruments
from bot.ui.cards.kit import Card
from bot.ui.edge.meanwhile import named
from bot.ui.edge.quoted import words_of
from bot.ui.edge.replies import learner_of, reply
from bot.usecases.catalogue import UseCases
from tools.catalogue import INSTRUMENTS
from tools.engine.prompts import MAX_CHARACTERS
from tools.instrument import Instrument, ParameterOption, Topic, options_of

_LONGEST = 100  # characters of a description
_THIS = inspect.Parameter(
    "interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=discord.Interaction
)
# no group is named as one of its commands: a pair that says one word twice says nothing
_GROUPS: Mapping[str, tuple[str, frozenset[Topic]]] = {
    "model": (
        "Look inside a model: how it reads your text, and how it learns",
        frozenset({Topic.TOKENS, Topic.VECTORS, Topic.ATTENTION, Topic.TRAINING}),
    ),
    "choice": ("How a model picks its next word, step by step", frozenset({Topic.CHOICE})),
    "cost": ("What an answer costs: memory, time, money", frozenset({Topic.COST})),
    "serving": ("How one model serves many people at once", frozenset({Topic.SERVING})),
}


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
    """Return a command for each instrument; those of like topics stand together in a group."""
    alone = [c for c in INSTRUMENTS.values() if c.topic is Topic.TOP]
    found: list[app_commands.Command[Any, ..., Any] | app_commands.Group] = [
        _command(instrument, use) for instrument in alone
    ]
    for name, (description, topics) in _GROUPS.items():
        group = app_commands.Group(name=name, description=description)
        for instrument in INSTRUMENTS.values():
            if instrument.topic in topics:
                group.add_command(_command(instrument, use))
        found.append(group)
    return found


def next_token_menu(use: UseCases) -> app_commands.ContextMenu:
    """Return what stands in a message's menu: how the model would go on from its end."""

    async def callback(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        async def make() -> Card:
            prompt = words_of(message)[-MAX_CHARACTERS:]
            return await trial_card(use, NEXT_TOKEN, {"prompt": prompt}, learner_of(interaction))

        await reply(interaction, make, doing=named(NEXT_TOKEN))

    return app_commands.ContextMenu(name="What would the model say next?", callback=callback)


def group_of(topic: Topic) -> str | None:
    """Return the name of the group in which a topic's commands stand; None: at the top."""
    return next((name for name, (_, topics) in _GROUPS.items() if topic in topics), None)


def _command(instrument: Instrument, use: UseCases) -> app_commands.Command[Any, ..., Any]:
    """Return an instrument's command; its options are the parameters that fit in one."""

    async def callback(interaction: discord.Interaction[Any], **chosen: Any) -> None:
        given = {name: value for name, value in chosen.items() if value is not None}

        async def make() -> Card:
            learner = learner_of(interaction)
            return await trial_card(use, instrument.name, given, learner)

        await reply(interaction, make, is_private=False, doing=named(instrument.name))

    options = options_of(instrument.params)
    signed: Any = callback  # discord.py reads a command's options off its signature
    signed.__signature__ = inspect.Signature([_THIS, *(_parameter(o) for o in options)])
    if options:
        described = {option.name: option.description[:_LONGEST] for option in options}
        signed = app_commands.describe(**described)(signed)
    return app_commands.Command(
        name=instrument.name, description=instrument.line[:_LONGEST], callback=signed
    )


def _parameter(option: ParameterOption) -> inspect.Parameter:
    annotation: Any = option.of
    if option.of in (int, float) and (option.low, option.high) != (None, None):
        annotation = app_commands.Range[option.of, option.low, option.high]
    return inspect.Parameter(
        option.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if option.is_required else None,
        annotation=annotation if option.is_required else annotation | None,
    )
