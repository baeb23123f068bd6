"""/hunch and /lesson; `/more progress`, `/more glossary`, `/more help`: ways through the course."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.ui.areas.lesson.handler import home_card, more_card, shown_card
from bot.ui.cards.kit import Card
from bot.ui.cards.progress.progress import draw_progress
from bot.ui.edge.choices import Choices, offer, offer_lessons
from bot.ui.edge.glossary import term_card
from bot.ui.edge.replies import learner_of, reply
from bot.usecases.catalogue import UseCases
from bot.usecases.progress.standing import terms_like


class LessonCommands(commands.Cog):
    """What a learner types to get about in the course."""

    def __init__(self, use: UseCases) -> None:
        self._use = use

    @app_commands.command(
        description="Start here: where you are, and everything there is, by buttons"
    )
    async def hunch(self, interaction: discord.Interaction[Any]) -> None:
        """Show the map."""

        async def make() -> Card:
            return await home_card(self._use, learner_of(interaction))

        await reply(interaction, make)

    @app_commands.command(description="Go on with your lesson, or open one")
    @app_commands.describe(which="A lesson by name or number; leave out to go on")
    async def lesson(self, interaction: discord.Interaction[Any], which: str | None = None) -> None:
        """Open a lesson where the learner left it."""

        async def make() -> Card:
            learner = learner_of(interaction)
            return shown_card(self._use, await self._use.open_lesson(which, learner), learner)

        await reply(interaction, make)

    @lesson.autocomplete("which")
    async def _lessons(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        return offer_lessons(self._use.course, typed)

    @app_commands.command(description="What you've done, and how well you knew it")
    async def progress(self, interaction: discord.Interaction[Any]) -> None:
        """Show progress."""

        async def make() -> Card:
            return draw_progress(await self._use.show_progress(learner_of(interaction)))

        await reply(interaction, make)

    @app_commands.command(description="A word, in a sentence or two")
    @app_commands.describe(term="Begin to type it")
    async def glossary(self, interaction: discord.Interaction[Any], term: str) -> None:
        """Explain a word."""

        async def make() -> Card:
            return await term_card(self._use, term, learner_of(interaction))

        await reply(interaction, make)

    @glossary.autocomplete("term")
    async def _terms(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        return offer((one.term, one.term) for one in terms_like(self._use.course, typed))

    @app_commands.command(description="What this is, and what to type")
    async def help(self, interaction: discord.Interaction[Any]) -> None:
        """Say what there is."""

        async def make() -> Card:
            return await more_card(self._use, learner_of(interaction))

        await reply(interaction, make)
