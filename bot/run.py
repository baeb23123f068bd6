"""`hunch run`: the bot in Discord, until it is told to stop."""

import asyncio
import signal

import aiohttp
import discord
import structlog

from bot.settings import Settings
from bot.ui.client import HunchBot
from bot.wiring import build_bot

log = structlog.get_logger()


class StartError(Exception):
    """The bot can't start; the text says why and what to do, in one line."""


async def run(settings: Settings) -> None:
    """Log in and serve until SIGTERM or Ctrl-C; then leave in order.

    Raises:
        StartError: no token, a refused one, a missing intent, or no way to reach Discord.
    """
    if settings.discord_token is None:
        raise StartError(
            "Set HUNCH_DISCORD_TOKEN to your bot's token (discord.com/developers, Bot, Reset "
            "Token). To try Hunch without one: hunch play."
        )
    bot = build_bot(settings)
    stopping = _on_signal(bot)
    try:
        async with bot:
            await bot.start(settings.discord_token.get_secret_value())
    except discord.LoginFailure:
        raise StartError("Discord refused the token. Copy it again from the Bot page.") from None
    except discord.PrivilegedIntentsRequired:
        raise StartError(
            "Discord refused an intent. Hunch needs none that is privileged."
        ) from None
    except (aiohttp.ClientError, OSError, discord.DiscordServerError) as error:
        raise StartError(
            f"Can't reach Discord ({type(error).__name__}). Is there a way out?"
        ) from None
    finally:
        for task in stopping:
            await task


def _on_signal(bot: HunchBot) -> set[asyncio.Task[None]]:
    """Close the bot on SIGTERM and SIGINT; discord.py itself listens to neither."""
    tasks: set[asyncio.Task[None]] = set()

    def stop(name: str) -> None:
        log.info("stopping", signal=name)
        tasks.add(asyncio.create_task(bot.close()))

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop, number.name)
    return tasks
