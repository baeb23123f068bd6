"""`hunch run`: the bot in Discord, until it is told to stop."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp
import discord
import structlog
import typer

from bot.cli.console import fail, read_settings
from bot.settings import Settings
from bot.signals import stop_on_signal
from bot.ui.client import HunchBot
from bot.wiring.bot import build_bot

log = structlog.get_logger()

_TOO_FEW_SHARDS = 4011  # gateway close code: this bot is in too many servers for one connection


class StartError(Exception):
    """The bot can't start, or go on; the text says why and what to do, in one line."""


def add_to(app: typer.Typer) -> None:
    """Give the command line `hunch run`."""
    app.command()(run)


def run() -> None:
    """Serve learners in Discord."""
    settings = read_settings()
    try:
        asyncio.run(serve(settings))
    except StartError as error:
        fail(str(error))


async def serve(settings: Settings) -> None:
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
    bot.add_listener(_tell_when_ready(bot), "on_shard_connect")
    with stop_on_signal(_tell) as stop:
        async with bot:
            await _serve(bot, settings.discord_token.get_secret_value(), stop)


async def _serve(bot: HunchBot, token: str, stop: asyncio.Event) -> None:
    """Serve until it fails or `stop` is set, be it in the middle of logging in."""
    serving = asyncio.create_task(bot.start(token))
    told = asyncio.create_task(stop.wait())
    await asyncio.wait((serving, told), return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if not serving.done():
        try:
            await bot.close()
        finally:
            serving.cancel()
            await asyncio.wait((serving,))
    if not serving.cancelled() and not stop.is_set():
        try:
            serving.result()  # raises what went wrong: what fails at closing is no refusal
        except _REFUSALS as refused:
            raise StartError(_reason(refused)) from None


_REFUSALS = (
    discord.LoginFailure,
    discord.PrivilegedIntentsRequired,
    discord.HTTPException,
    discord.GatewayNotFound,
    discord.ConnectionClosed,
    aiohttp.ClientError,
    OSError,
)


def _reason(refused: Exception) -> str:
    match refused:
        case discord.LoginFailure() | discord.ConnectionClosed(code=4004):
            return "Discord refused the token. Copy it again from the Bot page."
        case discord.PrivilegedIntentsRequired():
            return "Discord refused an intent. Hunch needs none that is privileged."
        case discord.ConnectionClosed(code=code) if code == _TOO_FEW_SHARDS:
            return "Discord asks for more connections. Set HUNCH_SHARDS=0 to let it say how many."
        case discord.ConnectionClosed(code=code):
            return f"Discord closed the connection for good (code {code}). Start again later."
        case discord.HTTPException(status=status, text=text) if status < 500:
            return f"Discord refused the start ({status}): {text or 'no reason'}."
    return (
        f"Can't reach Discord ({type(refused).__name__}). "
        "See that this machine has a way out, then start again."
    )


def _tell_when_ready(bot: HunchBot) -> Callable[[int], Coroutine[Any, Any, None]]:
    """Return a listener that logs each connection: from then on, presses are answered."""

    async def tell(shard_id: int) -> None:
        log.info("ready", name=str(bot.user), shard=shard_id)

    return tell


def _tell(number: signal.Signals) -> None:
    log.info("stopping", signal=number.name)
