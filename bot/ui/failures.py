"""Turn exceptions into a message for the learner. No handler writes its own except clause."""

import secrets
from typing import Any

import discord
import structlog

from bot.domain.errors import TutorError
from tools.errors import ToolError

log = structlog.get_logger()

# what Discord says when there is nobody left to tell: too late, acknowledged twice, dead token
_TOO_LATE = frozenset({10062, 40060, 10015, 50027})


async def show_failure(interaction: discord.Interaction[Any], error: Exception) -> None:
    """Tell the person what went wrong, privately; log what they can't act on."""
    if isinstance(error, discord.HTTPException) and error.code in _TOO_LATE:
        log.warning("answer came too late", code=error.code)
        return
    try:
        await _tell(interaction, _text(error))
    except discord.HTTPException as failed:
        log.warning("could not tell of a failure", code=failed.code, failure=type(error).__name__)


def _text(error: Exception) -> str:
    if isinstance(error, TutorError | ToolError):
        return str(error)
    incident = secrets.token_hex(3)
    log.error("incident", incident=incident, exc_info=error)
    return (
        f"Something broke on my side (incident `{incident}`). What you had locked in is kept. "
        "Please try again."
    )


async def _tell(interaction: discord.Interaction[Any], text: str) -> None:
    if not interaction.response.is_done():
        await interaction.response.send_message(text, ephemeral=True)
    elif interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
        await interaction.edit_original_response(content=text)  # the one still "thinking"
    else:
        await interaction.followup.send(text, ephemeral=True)
