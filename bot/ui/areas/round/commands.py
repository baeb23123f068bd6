"""/class ask, show and end; cards and channels that are deleted."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.errors import NotFound
from bot.domain.round.round import Stage
from bot.ui.areas.round.board import Board
from bot.ui.cards.kit import Card
from bot.ui.cards.round import draw_over, draw_put
from bot.ui.edge.audience import for_instructors
from bot.ui.edge.choices import Choices, offer_fitting, offer_lessons
from bot.ui.edge.replies import learner_of, reply
from bot.usecases.lesson.turns import find_lesson
from bot.usecases.round.choosing import steps_to_put
from bot.usecases.round.class_rounds import ClassRounds

_CLASS = "For instructors: see your class, set it a lesson, ask it a question"


@for_instructors
class RoundCommands(commands.GroupCog, group_name="class", group_description=_CLASS):
    """What an instructor types to ask their class."""

    def __init__(self, rounds: ClassRounds, board: Board) -> None:
        self._rounds, self._board = rounds, board

    @app_commands.command(description="Put a step to this channel: guess, talk, guess again")
    @app_commands.describe(lesson="A lesson by name or number", step="Begin to type the question")
    async def ask(self, interaction: discord.Interaction[Any], lesson: str, step: str) -> None:
        """Put a step to the channel."""

        async def make() -> Card:
            channel_id = interaction.channel_id or 0
            shown = await self._rounds.ask(lesson, step, channel_id, learner_of(interaction))
            await self._board.post(shown)
            return draw_put(channel_id)

        await reply(interaction, make, is_private=True)

    @app_commands.command(description="Bring this channel's round down here")
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        """Put the card of the running round at the end of the channel."""

        async def make() -> Card:
            channel_id = interaction.channel_id or 0
            await self._board.post(await self._rounds.find(channel_id, learner_of(interaction)))
            return draw_put(channel_id)

        await reply(interaction, make, is_private=True)

    @app_commands.command(description="End this channel's round without telling the answer")
    async def end(self, interaction: discord.Interaction[Any]) -> None:
        """End the running round."""

        async def make() -> Card:
            learner = learner_of(interaction)
            present = (await self._rounds.find(interaction.channel_id or 0, learner)).round
            await self._rounds.move(present.id, present.revision, Stage.ENDED, learner)
            self._board.changed(present.id)
            return draw_over(present)

        await reply(interaction, make, is_private=True)

    @ask.autocomplete("lesson")
    async def _lessons(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        return offer_lessons(self._rounds.course, typed)

    @ask.autocomplete("step")
    async def _steps(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        try:
            lesson = find_lesson(self._rounds.course, str(interaction.namespace.lesson))
        except NotFound:
            return []
        return offer_fitting(((step.ask, step.id) for step in steps_to_put(lesson)), typed)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Bring every running round's card up to date."""
        self._board.catch_up()

    @commands.Cog.listener()
    async def on_raw_message_delete(self, gone: discord.RawMessageDeleteEvent) -> None:
        """Notice a card that was deleted."""
        if gone.guild_id is not None:
            await self._board.message_gone(gone.channel_id, gone.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, gone: discord.RawBulkMessageDeleteEvent) -> None:
        """Notice a card that was deleted with others."""
        for message_id in gone.message_ids:
            await self._board.message_gone(gone.channel_id, message_id)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, gone: discord.abc.GuildChannel) -> None:
        """Notice a channel that was deleted."""
        await self._board.channel_gone(gone.id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, gone: discord.RawThreadDeleteEvent) -> None:
        """Notice a thread that was deleted."""
        await self._board.channel_gone(gone.thread_id)
