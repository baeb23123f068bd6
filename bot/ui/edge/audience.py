"""Who is offered a command, and where; who reads what is answered there."""

from typing import Any

import discord
from discord import app_commands


def for_instructors(command: Any) -> Any:
    """Offer a command in servers, and hide it from others there: Discord does; we check again.

    `guild_only` alone doesn't do: what it leaves open is filled from the client's own contexts.
    """
    in_servers = app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)(
        app_commands.guild_only()(command)
    )
    hidden = app_commands.default_permissions(manage_guild=True)(in_servers)
    return app_commands.allowed_installs(guilds=True, users=False)(hidden)


def is_alone(interaction: discord.Interaction[Any]) -> bool:
    """Whether nobody reads here but this person: in direct messages with the bot, not in groups."""
    return interaction.guild_id is None and not interaction.context.private_channel
