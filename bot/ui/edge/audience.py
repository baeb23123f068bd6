"""Who is offered a command, and where."""

from typing import Any

from discord import app_commands


def in_servers(command: Any) -> Any:
    """Offer a command in servers only.

    `guild_only` alone doesn't: what it leaves open is filled from the client's own contexts.
    """
    return app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)(
        app_commands.guild_only()(command)
    )


def for_instructors(command: Any) -> Any:
    """Hide a command from others: Discord does by this, the bot checks again."""
    hidden = app_commands.default_permissions(manage_guild=True)(in_servers(command))
    return app_commands.allowed_installs(guilds=True, users=False)(hidden)
