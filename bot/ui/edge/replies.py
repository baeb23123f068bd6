"""Answer a command: acknowledge, work, show. Every failure is told to the one who typed it."""

import io
from collections.abc import Awaitable, Callable
from typing import Any

import discord
import structlog

from bot.domain.learner import NO_COHORT, Learner
from bot.ui.cards.kit import Card
from bot.ui.cards.left import draw_left
from bot.ui.edge.acknowledging import acknowledge
from bot.ui.edge.audience import is_alone
from bot.ui.edge.bottom import bottom_of
from bot.ui.edge.failures import failures_shown, is_too_late
from bot.ui.edge.live import keep_one
from bot.ui.edge.meanwhile import meanwhile
from bot.ui.edge.streaming import REFUSALS
from bot.ui.edge.underway import working_on
from bot.ui.pictures.render import picture

log = structlog.get_logger()

Work = Callable[[], Awaitable[None]]
MakeCard = Callable[[], Awaitable[Card]]


async def answer(
    interaction: discord.Interaction[Any], work: Work, *, is_private: bool | None = None
) -> None:
    """Acknowledge a command, do what it asks for, tell what failed.

    Args:
        interaction: The command that was typed.
        work: Puts something where the answer is awaited; may take its time, and may raise.
        is_private: For the learner's eyes only; by default wherever others are.
    """
    hidden = not is_alone(interaction) if is_private is None else is_private
    is_public = not hidden and not is_alone(interaction)
    async with failures_shown(interaction, is_public=is_public), working_on(interaction):
        await acknowledge(interaction, is_awaited=True, is_hidden=hidden)
        await work()


async def reply(
    interaction: discord.Interaction[Any],
    make: MakeCard,
    *,
    is_private: bool | None = None,
    doing: str | None = None,
) -> None:
    """Answer a command with a card, as `answer` does; what takes long says so, see `meanwhile`."""

    async def work() -> None:
        async with meanwhile(interaction, doing):
            made = await make()
        await show(interaction, made)

    await answer(interaction, work, is_private=is_private)


async def show(
    interaction: discord.Interaction[Any], card: Card, *, is_growing: bool = False
) -> None:
    """Put a card where the interaction came from or its answer is awaited, and what follows it.

    Where Discord doesn't take it there, it is shown anew, below; one that is growing isn't, since
    whoever makes it grow knows what to do.

    Raises:
        discord.HTTPException, aiohttp.ClientError, OSError: nor does it there.
    """
    files = await files_of(card)
    try:
        message = await interaction.edit_original_response(
            view=card, attachments=files, allowed_mentions=discord.AllowedMentions.none()
        )
    except REFUSALS as refused:
        if is_growing or is_too_late(refused):
            raise
        log.warning("a card is shown anew", reason=str(refused))
        await _show_anew(interaction, card, is_hidden=not is_alone(interaction))
        return
    await _shown(interaction, card, message)
    if card.then and (later := await card.then()):
        await show(interaction, later)


async def show_below(interaction: discord.Interaction[Any], card: Card) -> None:
    """Put a card below all that stands there, and say so on the one that was pressed."""
    message = interaction.message
    is_hidden = message is not None and message.flags.ephemeral
    await _show_anew(interaction, card, is_hidden=is_hidden)
    if message is not None and (left := draw_left(message)):
        try:
            await interaction.edit_original_response(view=left, attachments=message.attachments)
        except REFUSALS as refused:  # a press on it shows the present card
            log.warning("a card that was left stands as it was", reason=str(refused))


async def _show_anew(interaction: discord.Interaction[Any], card: Card, *, is_hidden: bool) -> None:
    sent = await interaction.followup.send(
        view=card,
        files=await files_of(card),
        ephemeral=is_hidden,
        allowed_mentions=discord.AllowedMentions.none(),
        wait=True,
    )
    await _shown(interaction, card, sent)
    if card.then and (later := await card.then()):
        await sent.edit(view=later, attachments=await files_of(later))


async def _shown(
    interaction: discord.Interaction[Any], card: Card, message: discord.Message
) -> None:
    """Remember what stands before the learner now."""
    if interaction.channel_id is not None:
        bottom_of(interaction).posted(interaction.channel_id, message.id, interaction.user.id)
    if card.is_lesson:
        await keep_one(interaction, message)


async def files_of(card: Card) -> list[discord.File]:
    """Return a card's pictures, drawn."""
    return [
        discord.File(io.BytesIO(await picture(one.part)), one.name, description=one.alt)
        for one in card.pictures
    ]


def author_of(message: discord.Message) -> Learner:
    """Return who wrote, in which class, and what they are there."""
    author = message.author
    if not isinstance(author, discord.Member):
        return Learner(author.id)
    roles = frozenset(role.id for role in author.roles)
    return Learner(author.id, author.guild.id, roles, author.guild_permissions.manage_guild)


def learner_of(interaction: discord.Interaction[Any]) -> Learner:
    """Return who acts, in which class, and what they are there."""
    roles = (role.id for role in getattr(interaction.user, "roles", ()))
    return Learner(
        interaction.user.id,
        interaction.guild_id or NO_COHORT,
        frozenset(roles),
        interaction.permissions.manage_guild,
        interaction.user.display_name,
    )
