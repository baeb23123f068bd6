"""Post how a finished passage went, in the channel."""

from typing import Any

import discord

from bot.ui.buttons.daily import PostDaily
from bot.ui.cards.daily import draw_daily, draw_daily_post
from bot.ui.edge.handler import Errands
from bot.ui.edge.posting import Posting
from bot.ui.edge.replies import learner_of, show
from bot.usecases.daily.guessing import PlayDaily


class DailyPosts:
    """Posts results, and takes the button away."""

    def __init__(self, use: PlayDaily, posting: Posting) -> None:
        self._use, self._posting = use, posting

    @property
    def errands(self) -> Errands:
        """What presses do that see to their own answers."""
        return {PostDaily: self._post}

    async def _post(self, interaction: discord.Interaction[Any], press: PostDaily) -> None:
        learner = learner_of(interaction)
        screen = await self._use.finished(press.day, learner)
        await self._posting(interaction, f"daily:{press.day}", draw_daily_post(screen, learner.id))
        await show(interaction, draw_daily(screen, is_posted=True))
