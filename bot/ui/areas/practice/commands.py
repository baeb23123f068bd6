"""/review and `/more remind`: cards that come back, and a word when they do."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.practice.zones import zones_like
from bot.ui.cards.kit import Card
from bot.ui.cards.practice.reminder import draw_plan
from bot.ui.cards.practice.review import draw_review
from bot.ui.edge.choices import Choices, offer
from bot.ui.edge.replies import learner_of, reply
from bot.usecases.practice.reminding import Wish
from bot.usecases.practising import Practising

Hour = app_commands.Range[int, 0, 23]


class PracticeCommands(commands.Cog):
    """What a learner types to practise."""

    def __init__(self, use: Practising) -> None:
        self._use = use

    @app_commands.command(
        description="Practise what you have learned before you forget it, one card at a time"
    )
    @app_commands.describe(a_day="The most cards a day that you want, from now on")
    async def review(
        self,
        interaction: discord.Interaction[Any],
        a_day: app_commands.Range[int, 1, 200] | None = None,
    ) -> None:
        """Show the card to review next."""

        async def make() -> Card:
            return draw_review(await self._use.show_review(learner_of(interaction), a_day))

        await reply(interaction, make)

    @app_commands.command(description="A direct message a day when reviews are due; off again")
    @app_commands.describe(
        hour="At which hour of your day, 0 to 23; leave out to see what is set",
        zone="Your time zone: begin to type your city",
        quiet_from="Nothing is sent from this hour on (22 at first)",
        quiet_to="Until this hour (7 at first)",
    )
    async def remind(
        self,
        interaction: discord.Interaction[Any],
        hour: Hour | None = None,
        zone: str | None = None,
        quiet_from: Hour | None = None,
        quiet_to: Hour | None = None,
    ) -> None:
        """Set a reminder, or show what is set."""

        async def make() -> Card:
            learner = learner_of(interaction)
            if hour is None:
                return draw_plan(await self._use.show_reminder(learner))
            return draw_plan(
                await self._use.remind(Wish(hour, zone, quiet_from, quiet_to), learner)
            )

        await reply(interaction, make)

    @remind.autocomplete("zone")
    async def _zones(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        return offer((zone, zone) for zone in zones_like(typed))
