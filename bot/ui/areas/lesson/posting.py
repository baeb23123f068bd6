"""Post how a lesson went, in the channel."""

from typing import Any

import discord

from bot.ui.buttons.lesson import PostRecap
from bot.ui.cards.lesson.recap import draw_recap, draw_recap_post
from bot.ui.edge.handler import Errands
from bot.ui.edge.posting import Posting
from bot.ui.edge.replies import learner_of, show
from bot.usecases.lesson.recapping import ShowRecap


class RecapPosts:
    """Posts recaps, and takes the button away."""

    def __init__(self, use: ShowRecap, posting: Posting) -> None:
        self._use, self._posting = use, posting

    @property
    def errands(self) -> Errands:
        """What presses do that see to their own answers."""
        return {PostRecap: self._post}

    async def _post(self, interaction: discord.Interaction[Any], press: PostRecap) -> None:
        learner = learner_of(interaction)
        screen = await self._use(press.attempt_id, learner)
        card = draw_recap_post(screen, learner.id)
        await self._posting(interaction, f"recap:{press.attempt_id}", card)
        await show(interaction, draw_recap(screen, None, is_posted=True))
