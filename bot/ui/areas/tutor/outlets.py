"""Where an answer is shown: in reply to a command or a window, or to a message."""

from typing import Any, Protocol

import discord

from bot.ui.cards.kit import Card
from bot.ui.edge.replies import files_of, show


class Outlet(Protocol):
    """One message of ours, sent when it is first shown."""

    async def show(self, card: Card) -> None:
        """Send the card, or put it in place of the former one."""
        ...

    async def tell(self, text: str) -> None:
        """Say a sentence beside it."""
        ...

    async def wait(self) -> None:
        """Let it be seen that an answer is on its way."""
        ...

    def holds(self, message_id: int) -> bool:
        """Whether this is the question's message, or the answer's."""
        ...


class InInteraction:
    """The answer to a command or a window, which has been acknowledged."""

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        self._interaction = interaction

    async def show(self, card: Card) -> None:
        """Put the card where the answer is awaited."""
        await show(self._interaction, card, is_growing=True)

    async def tell(self, text: str) -> None:
        """Say a sentence beside it, for their eyes only."""
        await self._interaction.followup.send(text, ephemeral=True)

    async def wait(self) -> None:
        """Do nothing: Discord says that the bot is thinking."""

    def holds(self, message_id: int) -> bool:
        """No message of theirs stands behind it."""
        return False


class InChannel:
    """A reply to a message."""

    def __init__(self, question: discord.Message) -> None:
        self._question = question
        self._answer: discord.Message | None = None

    async def show(self, card: Card) -> None:
        """Reply, or edit the reply."""
        files = await files_of(card)
        if self._answer is not None:
            await self._answer.edit(view=card, attachments=files)
            return
        self._answer = await self._question.channel.send(
            view=card,
            files=files,
            reference=self._question.to_reference(fail_if_not_exists=False),
            mention_author=False,
        )

    async def tell(self, text: str) -> None:
        """Say a sentence in the channel."""
        await self._question.channel.send(text)

    async def wait(self) -> None:
        """Show that the bot is typing."""
        await self._question.channel.typing()

    def holds(self, message_id: int) -> bool:
        """Whether this is the question's message, or the answer's."""
        answer = self._answer.id if self._answer else None
        return message_id in (self._question.id, answer)
