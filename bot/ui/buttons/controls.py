"""Clickables that survive a restart: all their state is in their custom_id.

Nothing but these two is ever put on a card. An ordinary button beside them would, on timing out,
un-register their class for everybody (discord.py 2.7.1, ViewStore.remove_view).
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, Self, cast

import discord
from discord import ui

from bot.ui.buttons import custom_ids
from bot.ui.buttons.custom_ids import Press

OnPress = Callable[[discord.Interaction[Any], str, Sequence[str]], Awaitable[None]]
LONGEST_LABEL = 80
LONGEST_OPTION = 100
MOST_OPTIONS = 25


class TakesPresses(Protocol):
    """A client that knows what a press means."""

    on_press: OnPress


class PressButton(ui.DynamicItem[ui.Button[Any]], template=custom_ids.BUTTON_PATTERN):
    """A button that stands for one press."""

    @classmethod
    def of(cls, press: Press, label: str, *, is_main: bool = False) -> Self:
        """Make the button of a press: one that leads on, or that was picked, stands out.

        None is green or red: those say right and wrong, which no button does.
        """
        style = discord.ButtonStyle.primary if is_main else discord.ButtonStyle.secondary
        text = label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
        return cls(ui.Button(label=text, style=style, custom_id=custom_ids.encode(press)))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild the button of a click. Must not fail: discord.py would only log it."""
        return cls(ui.Button(label="-", custom_id=match.string))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the click to the bot."""
        await cast(TakesPresses, interaction.client).on_press(interaction, self.custom_id, ())


class PressMenu(ui.DynamicItem[ui.Select[Any]], template=custom_ids.MENU_PATTERN):
    """A menu whose choice completes a press."""

    @classmethod
    def of(cls, press: Press, placeholder: str, options: Sequence[tuple[str, str, str]]) -> Self:
        """Make the menu of a press; options are value, label and description."""
        return cls(
            ui.Select(
                custom_id=custom_ids.encode(press),
                placeholder=placeholder,
                options=[
                    discord.SelectOption(
                        value=value,
                        label=label[:LONGEST_OPTION],
                        description=description[:LONGEST_OPTION] or None,
                    )
                    for value, label, description in options[:MOST_OPTIONS]
                ],
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild the menu of a choice. Must not fail: discord.py would only log it."""
        return cls(ui.Select(custom_id=match.string))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the choice to the bot."""
        data: Any = interaction.data  # a typed dict of each kind of interaction
        values = tuple(data.get("values", ()))
        await cast(TakesPresses, interaction.client).on_press(interaction, self.custom_id, values)
