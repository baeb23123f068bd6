"""/ask; what stops, forgets and lists; messages to the bot, and messages that are deleted."""

import re
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.tutor.talk import LONGEST_QUESTION
from bot.ui.areas.tutor.answering import Answers
from bot.ui.areas.tutor.asking import QuestionIntake
from bot.ui.areas.tutor.handler import questions_card
from bot.ui.cards.kit import Card
from bot.ui.cards.tutor.answer import draw_stopped
from bot.ui.edge.quoted import words_of
from bot.ui.edge.replies import answer, learner_of, reply
from bot.usecases.catalogue import UseCases


def ask_menu(asking: QuestionIntake) -> app_commands.ContextMenu:
    """Return what stands in a message's menu: ask the tutor what the message asks, in private."""

    async def callback(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        async def work() -> None:
            bare = re.sub(r"<[@#][!&]?\d+>", " ", words_of(message))
            asking.take(interaction, bare[:LONGEST_QUESTION])

        await answer(interaction, work)

    return app_commands.ContextMenu(name="Ask Hunch about this", callback=callback)


class TutorCommands(commands.Cog):
    """What a learner types to ask, and an instructor to answer."""

    def __init__(
        self, bot: discord.Client, use: UseCases, asking: QuestionIntake, answers: Answers
    ) -> None:
        self._bot, self._use, self._asking, self._answers = bot, use, asking, answers

    @app_commands.command(description="Ask me anything about running language models")
    @app_commands.describe(question="In your own words; I know where you are in the course")
    async def ask(self, interaction: discord.Interaction[Any], question: str) -> None:
        """Answer a question."""

        async def work() -> None:
            self._asking.take(interaction, question)

        await answer(interaction, work)

    @app_commands.command(description="Stop the answer that I'm writing for you")
    async def stop(self, interaction: discord.Interaction[Any]) -> None:
        """Stop an answer."""

        async def make() -> Card:
            return draw_stopped(await self._answers.stop(interaction.user.id))

        await reply(interaction, make)

    @app_commands.command(description="Forget what you asked me here")
    async def forget(self, interaction: discord.Interaction[Any]) -> None:
        """Forget a conversation, what was asked in private and what in public."""

        async def make() -> Card:
            return await self._asking.forgotten(interaction)

        await reply(interaction, make)

    @app_commands.command(description="What your class asked in vain")
    async def questions(self, interaction: discord.Interaction[Any]) -> None:
        """List the questions that wait for an instructor."""

        async def make() -> Card:
            return await questions_card(self._use, learner_of(interaction))

        await reply(interaction, make)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a mention, a reply, a direct message."""
        if self._bot.user is not None:
            self._asking.message(message, self._bot.user)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, gone: discord.RawMessageDeleteEvent) -> None:
        """Stop the answer to a question that was deleted."""
        await self._answers.message_gone(gone.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, gone: discord.RawBulkMessageDeleteEvent) -> None:
        """Stop the answers to questions that were deleted."""
        for message_id in gone.message_ids:
            await self._answers.message_gone(message_id)
