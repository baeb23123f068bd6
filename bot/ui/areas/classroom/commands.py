"""What instructors type for a class, from `/class setup` on; `/more sharing` and `/more cards`."""

from typing import Any, Literal

import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.domain.classroom.member import Assignment
from bot.domain.lesson.teachback import Verdict
from bot.ui.areas.classroom.files import ClassroomFiles
from bot.ui.cards.classroom import (
    draw_assignment,
    draw_cohort,
    draw_learner,
    draw_misconceptions,
    draw_overruled,
    draw_set_up,
    draw_sharing,
    draw_word,
)
from bot.ui.cards.kit import Card
from bot.ui.edge.choices import Choices, offer_fitting, offer_lessons
from bot.ui.edge.failures import failures_logged
from bot.ui.edge.inbox import Deliver, is_everyones
from bot.ui.edge.replies import learner_of, reply
from bot.ui.edge.streaming import REFUSALS
from bot.usecases.classroom.classroom import Classroom
from bot.usecases.lesson.turns import find_lesson

log = structlog.get_logger()

_WORDS = {"met": Verdict.MET, "not yet": Verdict.MISSED, "can't tell": Verdict.UNSURE}

VerdictWord = Literal["met", "not yet", "can't tell"]


class ClassroomCommands(commands.Cog):
    """What an instructor types for a class, and a learner about being seen."""

    def __init__(
        self, bot: discord.Client, use: Classroom, files: ClassroomFiles, deliver: Deliver
    ) -> None:
        """Remember what it acts on.

        Args:
            bot: Finds channels.
            use: What instructors can do.
            files: Reports and flashcards.
            deliver: Sends a direct message; False where the inbox is closed.
        """
        self._bot, self._use, self._files, self._deliver = bot, use, files, deliver

    @app_commands.command(
        description="Name the role that instructors have; for whoever manages this server"
    )
    @app_commands.describe(instructors="The role that they have; leave out for none")
    async def setup(
        self, interaction: discord.Interaction[Any], instructors: discord.Role | None = None
    ) -> None:
        """Name the instructors' role."""

        async def make() -> Card:
            role = instructors.id if instructors else None
            await self._use.set_up(role, learner_of(interaction))
            return draw_set_up(role)

        await reply(interaction, make, is_private=True)

    @app_commands.command(description="Where your class is, and what is hard")
    @app_commands.describe(view="The report, as files to keep; leave out for the card")
    async def cohort(
        self,
        interaction: discord.Interaction[Any],
        view: Literal["report", "report without names"] | None = None,
    ) -> None:
        """Show the class, or give its report."""
        if view:
            await self._files.report(interaction, has_names=view == "report")
            return

        async def make() -> Card:
            return draw_cohort(await self._use.show_cohort(learner_of(interaction)))

        await reply(interaction, make, is_private=True)

    @app_commands.command(description="How one learner is doing")
    @app_commands.describe(who="Somebody of this server who agreed to be shown")
    async def learner(self, interaction: discord.Interaction[Any], who: discord.User) -> None:
        """Show one learner."""

        async def make() -> Card:
            return draw_learner(await self._use.show_learner(who.id, learner_of(interaction)))

        await reply(interaction, make, is_private=True)

    @app_commands.command(description="Set this channel a lesson")
    @app_commands.describe(
        lesson="By name or number", due="2026-03-01, 2026-03-01 18:00 (UTC), in 5 days, friday"
    )
    async def assign(self, interaction: discord.Interaction[Any], lesson: str, due: str) -> None:
        """Set a lesson, where everybody sees it."""

        async def make() -> Card:
            channel = interaction.channel_id or 0
            who = learner_of(interaction)
            return draw_assignment(await self._use.assign_lesson(lesson, due, channel, who))

        await reply(interaction, make, is_private=False)

    @app_commands.command(description="What your class believes about a lesson")
    @app_commands.describe(lesson="By name or number")
    async def misconceptions(self, interaction: discord.Interaction[Any], lesson: str) -> None:
        """Show the beliefs behind wrong guesses."""

        async def make() -> Card:
            found = await self._use.show_misconceptions(lesson, learner_of(interaction))
            return draw_misconceptions(found)

        await reply(interaction, make, is_private=True)

    @app_commands.command(description="Overrule a verdict on a teach-back")
    @app_commands.describe(
        who="Whose teach-back", lesson="By name or number", criterion="Begin to type it"
    )
    async def overrule(
        self,
        interaction: discord.Interaction[Any],
        who: discord.User,
        lesson: str,
        criterion: str,
        verdict: VerdictWord,
    ) -> None:
        """Put an instructor's verdict over the grader's."""

        async def make() -> Card:
            asker, word = learner_of(interaction), _WORDS[verdict]
            grading = await self._use.overrule(who.id, lesson, criterion, word, asker)
            of = find_lesson(self._use.course, lesson)
            says = next(one.says for one in of.teachback.criteria if one.id == criterion)
            is_told = await self._deliver(who.id, draw_word(of.number, says, word))
            return draw_overruled(who.id, criterion, grading, is_told=is_told)

        await reply(interaction, make, is_private=True)

    @app_commands.command(description="Say whether your instructors may see how you do")
    async def sharing(self, interaction: discord.Interaction[Any]) -> None:
        """Show what instructors may see, and the choice."""

        async def make() -> Card:
            return draw_sharing(await self._use.share_progress(learner_of(interaction)))

        await reply(interaction, make, is_private=True)

    @app_commands.command(description="The course's recall cards and glossary, for Anki")
    async def cards(self, interaction: discord.Interaction[Any]) -> None:
        """Give flashcards."""
        await self._files.cards(interaction)

    @assign.autocomplete("lesson")
    @misconceptions.autocomplete("lesson")
    @overrule.autocomplete("lesson")
    async def _lessons(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        return offer_lessons(self._use.course, typed)

    @overrule.autocomplete("criterion")
    async def _criteria(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        lesson = find_lesson(self._use.course, str(interaction.namespace.lesson or ""))
        return offer_fitting(((one.says, one.id) for one in lesson.teachback.criteria), typed)

    @commands.Cog.listener()
    async def on_app_command_completion(
        self, interaction: discord.Interaction[Any], _command: object
    ) -> None:
        """Ask a learner once, behind their first command here, who may see them."""
        if interaction.guild_id is None:
            return
        who = learner_of(interaction)
        if await self._use.ask_sharing(who):
            asked = draw_sharing(await self._use.share_progress(who))
            await interaction.followup.send(view=asked, ephemeral=True)

    async def remind(self) -> None:
        """Remind each class once of what is due within a day, where it was set."""
        for assignment, said in await self._use.remind_classes():
            async with failures_logged("a class could not be reminded"):
                await self._remind(assignment, draw_assignment(said, is_reminder=True))

    async def _remind(self, assignment: Assignment, card: Card) -> None:
        try:
            channel: Any = await self._bot.fetch_channel(assignment.channel_id)
            await channel.send(view=card)
        except REFUSALS as refused:
            log.info("a class could not be reminded", reason=str(refused))
            if is_everyones(refused):  # else the channel is gone, or closed to the bot
                await self._use.remind_classes.put_off(assignment)
