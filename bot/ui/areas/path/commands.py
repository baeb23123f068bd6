"""`/more redo` and `/more placement`: what was wrong, anew; where to begin."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.ui.cards.kit import Card
from bot.ui.cards.path.placement import draw_placement
from bot.ui.cards.path.redo import draw_redo
from bot.ui.edge.replies import learner_of, reply
from bot.usecases.path.pathfinding import Pathfinding


class PathCommands(commands.Cog):
    """What a learner types on their way."""

    def __init__(self, use: Pathfinding) -> None:
        self._use = use

    @app_commands.command(description="What you guessed wrong, asked again in another way")
    async def redo(self, interaction: discord.Interaction[Any]) -> None:
        """Show the step to redo next."""

        async def make() -> Card:
            return draw_redo(await self._use.show_redo(learner_of(interaction)))

        await reply(interaction, make)

    @app_commands.command(description="Eight questions: with which lesson should you begin?")
    async def placement(self, interaction: discord.Interaction[Any]) -> None:
        """Show the placement."""

        async def make() -> Card:
            return draw_placement(await self._use.show_placement(learner_of(interaction)))

        await reply(interaction, make)
