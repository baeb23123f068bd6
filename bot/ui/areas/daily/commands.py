"""/guess: the day's passage, token by token."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.ui.cards.daily import draw_daily
from bot.ui.cards.kit import Card
from bot.ui.edge.replies import learner_of, reply
from bot.usecases.daily.guessing import PlayDaily


class DailyCommands(commands.Cog):
    """What a learner types to play."""

    def __init__(self, use: PlayDaily) -> None:
        self._use = use

    @app_commands.command(description="A game a day: guess how a text goes on, piece by piece")
    async def guess(self, interaction: discord.Interaction[Any]) -> None:
        """Show the day's passage where the learner left it."""

        async def make() -> Card:
            return draw_daily(await self._use.show(learner_of(interaction)))

        await reply(interaction, make)
