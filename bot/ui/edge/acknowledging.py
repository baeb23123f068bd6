"""Telling Discord that a press or a command was taken, within its three seconds."""

import asyncio
from typing import Any

import aiohttp
import discord

_TAKEN = 40060  # Discord's code: it has been acknowledged before
_SECOND_TRY_S = 1.0  # so long discord.py waits before it asks again where the answer was a 5xx


async def acknowledge(
    interaction: discord.Interaction[Any], *, is_awaited: bool, is_hidden: bool = False
) -> None:
    """Say that it was taken; nothing slow comes before this.

    An acknowledgement may arrive although its answer is an error, or is lost. Discord then says to
    the second try that it has been acknowledged: by this process, so it goes on.

    Args:
        interaction: What was pressed, typed or written.
        is_awaited: It gets an answer of its own, which Discord shows as being thought about;
            otherwise the card that was pressed will change.
        is_hidden: That answer is for one person's eyes.

    Raises:
        discord.HTTPException: it is too late, or another process was first.
        aiohttp.ClientError, OSError: there is no way to Discord.
    """
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        await interaction.response.defer(ephemeral=is_hidden, thinking=is_awaited)
    except discord.HTTPException as refused:
        if refused.code != _TAKEN or loop.time() - began < _SECOND_TRY_S:
            raise
    except (aiohttp.ClientError, OSError):
        try:
            await interaction.response.defer(ephemeral=is_hidden, thinking=is_awaited)
        except discord.HTTPException as refused:
            if refused.code != _TAKEN:
                raise
    if not interaction.response.is_done():
        _note(interaction, is_awaited)


def _note(interaction: discord.Interaction[Any], is_awaited: bool) -> None:
    """Let discord.py know what Discord knows already."""
    kind = discord.InteractionResponseType
    known = kind.deferred_channel_message if is_awaited else kind.deferred_message_update
    interaction.response._response_type = known
