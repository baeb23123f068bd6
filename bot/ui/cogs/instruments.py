"""/nexttoken: the instruments as commands."""

from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.ui.replies import learner_of, reply
from bot.ui.turn import DEFAULT_TOP, draw_trial
from bot.usecases.catalogue import UseCases


class InstrumentCommands(commands.Cog):
    """What a learner types to see the model at work."""

    def __init__(self, use: UseCases) -> None:
        self._use = use

    @app_commands.command(description="What would the model say next, and how sure is it?")
    @app_commands.describe(prompt="The text to continue", top="How many tokens to show, 1 to 20")
    async def nexttoken(
        self,
        interaction: discord.Interaction[Any],
        prompt: str,
        top: app_commands.Range[int, 1, 20] = DEFAULT_TOP,
    ) -> None:
        """Show the distribution over the next token; seen by the channel, turned by its owner."""

        async def view() -> ui.LayoutView:
            return draw_trial(await self._use.start_trial(prompt, top, learner_of(interaction)))

        await reply(interaction, view, is_private=False)
