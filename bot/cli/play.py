"""`hunch play`: the bot in a Discord of its own, on a local page. Only importer of simcord."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Annotated, Any

import discord
import simcord
import structlog
import typer

from bot.cli.console import fail, read_settings
from bot.clock import utc_now
from bot.settings import Settings
from bot.signals import stop_on_signal
from bot.ui.areas.practice.reminders import Letter
from bot.ui.cards.kit import card
from bot.ui.cards.pages import draw_welcome
from bot.ui.client import HunchBot
from bot.wiring.bot import build_bot
from tools.engine.weights.weights import ensure

log = structlog.get_logger()

PATIENCE_S = 180  # how long one press may take: the model's first answer waits for its loading
EVERY_S = 60  # between two looks at what is due


def add_to(app: typer.Typer) -> None:
    """Give the command line `hunch play`."""
    app.command()(play)


def play(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the page; 0 takes any.")] = 0,
) -> None:
    """Open a Discord of its own on a local page, with a real model behind it."""
    settings = read_settings()
    try:
        asyncio.run(serve(settings, port, typer.echo))
    except simcord.SetupError as error:
        fail(f"The page can't be opened: {error}.")


async def serve(settings: Settings, port: int, say: Callable[[str], None]) -> None:
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
    env = simcord.Env(bot, check_errors=False, settle_timeout=PATIENCE_S)
    guild = env.create_guild(name="Hunch")
    channel = guild.create_text_channel("inference")
    you = guild.add_member(env.create_user("you"))
    may = discord.Permissions(manage_guild=True)
    role = guild.create_role("instructors", permissions=may)
    instructor = guild.add_member(env.create_user("instructor"), roles=[role])
    async with AsyncExitStack() as until_stopped:
        stop = until_stopped.enter_context(stop_on_signal())
        until_stopped.push_async_callback(bot.close)
        await until_stopped.enter_async_context(running(env))
        await _welcome(bot, channel.id)
        bot.reminders.on_sent = copy_to(bot, channel.id)
        page = await until_stopped.enter_async_context(
            env.preview(channel, viewers=[you, instructor], layout="channel", port=port)
        )
        say(f"Open {page.url}")
        looking = asyncio.create_task(_keep_looking(bot, env, page))
        await stop.wait()
        looking.cancel()
        say("Stopping. Your progress is kept.")


@asynccontextmanager
async def running(env: simcord.Env) -> AsyncIterator[None]:
    """Run the simulated Discord from the present moment on.

    By itself it begins at the start of 2026. Whoever is made before keeps their id, which is a
    time, from one evening to the next.
    """
    env.backend.advance_clock((utc_now() - env.now()).total_seconds())
    await env.start()
    try:
        with env.time_context():
            yield
    finally:
        await env.shutdown()


async def look(bot: HunchBot, env: simcord.Env) -> bool:
    """Send what is due by the clock on the wall: the simulated one stands still between presses.

    Returns:
        Whether there was anything to send.
    """
    asked = len(env.http_requests)
    await bot.reminders.look()
    return len(env.http_requests) > asked


def copy_to(bot: HunchBot, channel_id: int) -> Callable[[Letter], Awaitable[None]]:
    """Return what shows a direct message in the channel too: the page has no inbox."""

    async def show(letter: Letter) -> None:
        channel = bot.get_partial_messageable(channel_id)
        await channel.send(view=card(f"-# To <@{letter.learner_id}>, as a direct message:"))
        await channel.send(view=letter.card)

    return show


async def _keep_looking(bot: HunchBot, env: simcord.Env, page: Any) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        if await look(bot, env):
            with suppress(simcord.SetupError):  # somebody presses something, which redraws it too
                await page.refresh()


async def _welcome(bot: HunchBot, channel_id: int) -> None:
    if bot.user:
        await bot.user.edit(username="Hunch")
    channel = bot.get_channel(channel_id)
    assert isinstance(channel, discord.TextChannel)  # it was made a line ago
    await channel.send(view=draw_welcome(bot.first_lesson))
