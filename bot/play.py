"""`hunch play`: the bot in a Discord of its own, on a local page. Only importer of simcord."""

import asyncio
import signal
from collections.abc import Callable

import discord
import simcord
import structlog

from bot.settings import Settings
from bot.ui.client import HunchBot
from bot.ui.screens.pages import draw_welcome
from bot.wiring import build_bot
from tools.engine.weights import ensure

log = structlog.get_logger()

PATIENCE_S = 180  # how long one press may take: the model's first answer waits for its loading


async def play(settings: Settings, port: int, say: Callable[[str], None]) -> None:
    """Serve the page until SIGTERM or Ctrl-C.

    Args:
        settings: What the operator chose.
        port: Of the page; 0 takes any free one.
        say: Told what is going on, and the address to open.

    Raises:
        WeightsError: the embedded model can't be had.
        StoreError, CourseError: as `build_bot`.
        simcord.SetupError: the port is taken.
    """
    if not (settings.model_url or settings.local_model):
        await asyncio.to_thread(ensure, settings.cache_dir, say)
    bot = build_bot(settings)
    stop = _stop_on_signal()
    async with simcord.run(bot, check_errors=False, settle_timeout=PATIENCE_S) as env:
        guild = env.create_guild(name="Hunch")
        channel = guild.create_text_channel("inference")
        you = guild.add_member(env.create_user("you"))
        may = discord.Permissions(manage_guild=True)
        role = guild.create_role("instructors", permissions=may)
        instructor = guild.add_member(env.create_user("instructor"), roles=[role])
        await _welcome(bot, channel.id)
        async with env.preview(
            channel, viewers=[you, instructor], layout="channel", port=port
        ) as page:
            say(f"Open {page.url}")
            await stop.wait()
            say("Stopping. Your progress is kept.")
    await bot.close()


async def _welcome(bot: HunchBot, channel_id: int) -> None:
    if bot.user:
        await bot.user.edit(username="Hunch")
    channel = bot.get_channel(channel_id)
    assert isinstance(channel, discord.TextChannel)  # it was made a line ago
    await channel.send(view=draw_welcome(bot.first_lesson))


def _stop_on_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
