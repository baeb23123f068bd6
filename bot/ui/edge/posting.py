"""Make a card public in the channel where a button was pressed, once."""

from dataclasses import dataclass
from typing import Any

import discord

from bot.domain.errors import NotNow
from bot.domain.posting import Post
from bot.ui.cards.kit import Card
from bot.ui.edge.replies import files_of
from bot.usecases.posting.posting import PostOnce


@dataclass(frozen=True, slots=True)
class Posting:
    """Posts what people press for."""

    once: PostOnce

    async def __call__(self, interaction: discord.Interaction[Any], what: str, card: Card) -> None:
        """Post a card below, for everybody there; do nothing where it stands already.

        Raises:
            NotNow: Discord doesn't let it.
        """
        post = Post(interaction.user.id, interaction.channel_id or 0, what)
        if not await self.once.claim(post):
            return
        try:
            await interaction.followup.send(
                view=card,
                files=await files_of(card),
                allowed_mentions=discord.AllowedMentions.none(),
            )
        except discord.HTTPException as refused:
            await self.once.release(post)
            raise NotNow(
                "Discord didn't let me post here. Try again, or copy what your card says."
            ) from refused
