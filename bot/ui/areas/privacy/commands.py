"""`/more privacy`, `/more mydata` and `/more deleteme`."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.privacy.sent import Receivers
from bot.ui.areas.privacy.files import OwnDataFiles
from bot.ui.cards.kit import Card
from bot.ui.cards.privacy import draw_deletion, draw_privacy
from bot.ui.edge.replies import learner_of, reply
from bot.usecases.privacy.own_data import OwnData


class PrivacyCommands(commands.Cog):
    """What a learner types about their own data."""

    def __init__(self, own: OwnData, receivers: Receivers, files: OwnDataFiles) -> None:
        self._own, self._receivers, self._files = own, receivers, files

    @app_commands.command(description="What I keep about you, why, and who sees it")
    async def privacy(self, interaction: discord.Interaction[Any]) -> None:
        """Say what is kept."""

        async def make() -> Card:
            return draw_privacy(self._receivers)

        await reply(interaction, make)

    @app_commands.command(description="Everything I hold about you, as a file")
    async def mydata(self, interaction: discord.Interaction[Any]) -> None:
        """Hand everything over, for the learner's eyes only."""
        await self._files.mydata(interaction)

    @app_commands.command(description="Delete everything I hold about you; asks again first")
    async def deleteme(self, interaction: discord.Interaction[Any]) -> None:
        """Ask whether to delete everything."""

        async def make() -> Card:
            learner = learner_of(interaction)
            return draw_deletion(learner.id, await self._own.sum_up(learner))

        await reply(interaction, make)
