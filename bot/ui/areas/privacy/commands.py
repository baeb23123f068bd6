"""/privacy, /mydata and /deleteme."""

import io
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.ui.cards.kit import Card
from bot.ui.cards.privacy import draw_deletion, draw_privacy, mydata_text
from bot.ui.edge.replies import answer, is_alone, learner_of, reply
from bot.usecases.privacy.own_data import OwnData


class PrivacyCommands(commands.Cog):
    """What a learner types about their own data."""

    def __init__(self, own: OwnData) -> None:
        self._own = own

    @app_commands.command(description="What I keep about you, why, and who sees it")
    async def privacy(self, interaction: discord.Interaction[Any]) -> None:
        """Say what is kept."""

        async def make() -> Card:
            return draw_privacy()

        await reply(interaction, make)

    @app_commands.command(description="Everything I hold about you, as a file")
    async def mydata(self, interaction: discord.Interaction[Any]) -> None:
        """Hand everything over, for the learner's eyes only."""

        async def work() -> None:
            summary, parts = await self._own.hand_over(learner_of(interaction))
            files = [_file(part, number, len(parts)) for number, part in enumerate(parts, 1)]
            text = mydata_text(summary)
            await interaction.edit_original_response(content=text, attachments=files[:1])
            for file in files[1:]:
                await interaction.followup.send(file=file, ephemeral=not is_alone(interaction))

        await answer(interaction, work)

    @app_commands.command(description="Delete everything I hold about you; asks again first")
    async def deleteme(self, interaction: discord.Interaction[Any]) -> None:
        """Ask whether to delete everything."""

        async def make() -> Card:
            learner = learner_of(interaction)
            return draw_deletion(learner.id, await self._own.sum_up(learner))

        await reply(interaction, make)


def _file(part: bytes, number: int, of: int) -> discord.File:
    name = "hunch-my-data.json" if of == 1 else f"hunch-my-data-{number}-of-{of}.json"
    return discord.File(io.BytesIO(part), name)
