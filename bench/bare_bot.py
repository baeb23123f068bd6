"""The least that discord.py can do with a click: put a card in its place that never changes."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bench.stage import Part


class BareBot(commands.Bot):
    """Answers /card with a card, and each press of its buttons with the same card again."""

    def __init__(self, card: Sequence[Part]) -> None:
        intents = discord.Intents(guilds=True)
        super().__init__(command_prefix=commands.when_mentioned, help_command=None, intents=intents)
        self._card = card

    async def setup_hook(self) -> None:
        """Register the one command."""

        @app_commands.command(name="card", description="A card")
        async def show(interaction: discord.Interaction[Any]) -> None:
            await interaction.response.send_message(view=StaticCard(self._card), ephemeral=True)

        self.tree.add_command(show)
        await self.tree.sync()


class StaticCard(ui.LayoutView):
    """The texts in a box, and the buttons in rows of five."""

    def __init__(self, card: Sequence[Part]) -> None:
        super().__init__(timeout=None)
        texts = [ui.TextDisplay[Any](part.text) for part in card if part.kind == "text"]
        self.add_item(ui.Container(*texts))
        labels = [part.text for part in card if part.kind == "button"]
        buttons = [_Again(label, number, card) for number, label in enumerate(labels)]
        for first in range(0, len(buttons), 5):
            self.add_item(ui.ActionRow(*buttons[first : first + 5]))


class _Again(ui.Button[Any]):
    def __init__(self, label: str, number: int, card: Sequence[Part]) -> None:
        super().__init__(label=label, custom_id=f"bare:{number}")
        self._card = card

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Put the same card in the card's place."""
        await interaction.response.edit_message(view=StaticCard(self._card))
