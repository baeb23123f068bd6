"""Turn exceptions into a message for the learner. Nobody else catches everything."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any

import aiohttp
import discord
import structlog

from bot.domain.errors import RecordsAway, TutorError
from bot.ui.cards.kit import card
from bot.ui.cards.left import draw_failed, is_near_top
from bot.ui.edge.audience import is_alone
from bot.ui.edge.streaming import REFUSALS
from tools.errors import ToolError

log = structlog.get_logger()

# what Discord says when there is nobody left to tell: too late, acknowledged twice, dead token
_TOO_LATE = frozenset({10062, 40060, 10015, 50027})

_NOT_TAKEN = (
    "Discord didn't take my answer just now. What you had locked in is kept. Press once more, or"
    " ask for it again."
)
_PUBLIC = "-# That didn't work. Whoever asked is told why."  # for a moment, then deleted


@asynccontextmanager
async def failures_told(tell: Callable[[Exception], Awaitable[None]]) -> AsyncIterator[None]:
    """Hand whatever fails inside to `tell`, and go on behind it."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the edge: every failure is told, or logged
        await tell(error)


def failures_shown(
    interaction: discord.Interaction[Any], *, is_public: bool = False
) -> AbstractAsyncContextManager[None]:
    """Show whatever fails inside to whom it was done for; see `show_failure`."""
    return failures_told(partial(show_failure, interaction, is_public=is_public))


def failures_logged(event: str) -> AbstractAsyncContextManager[None]:
    """Log whatever fails inside, where nobody waits for it."""

    async def write(error: Exception) -> None:
        log.error(event, exc_info=error)

    return failures_told(write)


async def show_failure(
    interaction: discord.Interaction[Any], error: Exception, *, is_public: bool = False
) -> None:
    """Tell the person what went wrong, privately; log what they can't act on.

    Args:
        interaction: What failed.
        error: How.
        is_public: Whether everybody sees that its answer is awaited.
    """
    if is_too_late(error):
        log.warning("answer came too late", reason=str(error))
        return
    try:
        if not await _is_told_on_card(interaction, error, told := sentence(error)):
            await _tell(interaction, told, is_public)
    except REFUSALS as failed:
        log.warning("could not tell of a failure", reason=str(failed), failure=type(error).__name__)


def is_too_late(error: BaseException) -> bool:
    """Whether nobody is left to answer."""
    return isinstance(error, discord.HTTPException) and error.code in _TOO_LATE


def sentence(error: Exception) -> str:
    """Return what to tell of a failure; one that nobody can act on is logged by its number."""
    if isinstance(error, TutorError | ToolError):
        return str(error)
    if isinstance(error, RecordsAway):
        log.error("records away", reason=str(error))
        return error.TOLD
    if isinstance(error, discord.HTTPException | aiohttp.ClientError):
        log.warning("Discord didn't take an answer", reason=str(error))
        return _NOT_TAKEN
    incident = incident_number()
    log.error("incident", incident=incident, exc_info=error)
    return (
        f"Something broke on my side (incident `{incident}`). What you had locked in is kept. "
        "Please try again."
    )


def incident_number() -> str:
    """Return a number by which a failure is found in the log."""
    return secrets.token_hex(3)


async def _tell(interaction: discord.Interaction[Any], text: str, is_public: bool) -> None:
    if not interaction.response.is_done():
        await interaction.response.send_message(text, ephemeral=True)
        return
    kind = discord.InteractionResponseType.deferred_channel_message
    is_awaited = interaction.response.type is kind  # a message stands there, "thinking"
    if is_awaited and not is_public:
        try:
            await interaction.edit_original_response(view=card(text))  # in place of any other
        except REFUSALS:
            await interaction.followup.send(text, ephemeral=True)
        return
    if is_awaited:  # until it is answered, a follow-up would fill it, and be public too
        await interaction.edit_original_response(view=card(_PUBLIC))
    await interaction.followup.send(text, ephemeral=True)
    if is_awaited:
        await interaction.delete_original_response()


async def _is_told_on_card(
    interaction: discord.Interaction[Any], error: Exception, told: str
) -> bool:
    """Say it at the top of the card that was pressed, where nobody is told who shouldn't be.

    Returns:
        Whether that will do. It won't for a button further down: the top may be out of sight.
    """
    message, kind = interaction.message, discord.InteractionResponseType.deferred_message_update
    if message is None or interaction.response.type is not kind:
        return False
    if not (message.flags.ephemeral or is_alone(interaction) or _is_opener(interaction, error)):
        return False
    now = await interaction.original_response()
    if (view := draw_failed(now, told)) is None:
        return False
    try:
        await interaction.edit_original_response(view=view, attachments=now.attachments)
    except REFUSALS:
        return False
    data: Any = interaction.data or {}
    return is_near_top(now, str(data.get("custom_id", "")))


def _is_opener(interaction: discord.Interaction[Any], error: Exception) -> bool:
    """Whether a card that others see failed in the hands of who opened it, and by its tool."""
    made = interaction.message.interaction_metadata if interaction.message else None
    return isinstance(error, ToolError) and made is not None and made.user == interaction.user
