"""`hunch play`: the bot in a Discord of its own, on a local page. Only importer of simcord."""

import asyncio
import os
import re
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from typing import Annotated, Any

import discord
import simcord
import structlog
import typer

from bot.cli.console import fail, read_settings
from bot.cli.page import PageBeat, keep_fresh, page_key
from bot.cli.preview import Preview
from bot.clock import utc_now
from bot.settings import Settings
from bot.signals import stop_on_signal
from bot.ui.areas.practice.reminders import Letter
from bot.ui.cards.kit import card
from bot.ui.cards.pages import draw_welcome
from bot.ui.client import HunchBot
from bot.ui.edge.streaming import Beat
from bot.wiring.bot import build_bot
from bot.wiring.course import checked_course
from curriculum.schema import Course
from tools.engine.weights.weights import ensure

Send = Callable[..., Awaitable[Any]]
log = structlog.get_logger()

PATIENCE_S = 180  # how long one press may take: the model's first answer waits for its loading
EVERY_S = 60  # between two looks at what is due
USUAL_PORT = 8427
PARTING_S = 1.0  # the most that closing waits
_WELCOME = """\
You are `you`, or `instructor` by the menu on top. A second tab is a second viewer of this channel.
Progress is in {kept}. Ctrl-C ends this and loses nothing; the address stays: then reload the tab.
To ask, write `@Hunch` and a question, or reply to a card. Its private messages come here too."""


def add_to(app: typer.Typer) -> None:
    """Give the command line `hunch play`."""
    app.command()(play)


def play(
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help=f"Port of the page; 0 takes any. Left out: {USUAL_PORT}, or any if that is taken.",
        ),
    ] = None,
    lesson: Annotated[
        str | None, typer.Option(help="Open at this lesson, and show what is saved to its files.")
    ] = None,
) -> None:
    """Open a Discord of its own on a local page, with a real model behind it."""
    settings = read_settings()
    try:
        asyncio.run(serve(settings, port, typer.echo, _leave_soon, lesson))
    except simcord.SetupError as error:
        fail(f"The page can't be opened: {error}.")
    _leave()


async def serve(
    settings: Settings,
    port: int | None,
    say: Callable[[str], None],
    on_stop: Callable[[], object] = lambda: None,
    lesson: str | None = None,
) -> None:
    """Serve the page until SIGTERM or Ctrl-C.

    Args:
        settings: What the operator chose.
        port: Of the page; 0 takes any free one, None the usual one, or any if that is taken.
        say: Told what is going on, and the address to open.
        on_stop: Called when it is told to stop, before it lets go of anything.
        lesson: The lesson to open at; what is saved to its course shows at once.

    Raises:
        WeightsError: the embedded model can't be had.
        StoreError, CourseError: as `build_bot`.
        simcord.SetupError: the port is taken.
    """
    beat = PageBeat()
    course, bot = await _made(settings, beat, say, is_draft=lesson is not None)
    env = beat.env = simcord.Env(bot, check_errors=False, settle_timeout=PATIENCE_S)
    channel, viewers = _set_up(env, bot)
    async with AsyncExitStack() as until_stopped:
        stop = until_stopped.enter_context(stop_on_signal())
        until_stopped.push_async_callback(bot.close)
        await until_stopped.enter_async_context(running(env))
        await _begin(bot, channel, viewers[0], lesson)
        key = page_key(settings.cache_dir)
        page = await until_stopped.enter_async_context(_opened(env, channel, viewers, key, port))
        say(f"Open {page.url}\n{_WELCOME.format(kept=kept_in(settings.database_url))}")
        work = [_keep_looking(bot, env, page), keep_fresh(env, page, beat)]
        if lesson is not None:
            show = partial(_take, viewers[0], channel, page, lesson)
            work.append(Preview(settings, course, show).keep_reading(say))
        await _work_until(stop, work)
        on_stop()
        say("Stopping. Your progress is kept.")


def kept_in(database_url: str) -> str:
    """Return where progress is kept, without a password."""
    kind, _, place = database_url.partition(":///")
    return place if kind == "sqlite" and place else "your database"


def mentioning(send: Send, bot: HunchBot) -> Send:
    """Return `send`, with an `@Hunch` that was typed made a mention: the page has no list of names.

    Args:
        send: Sends a person's message.
        bot: Who is mentioned.
    """

    async def sent(channel: Any, content: str = "", **how: Any) -> Any:
        me = f"<@{bot.user.id}>" if bot.user else "@Hunch"
        return await send(channel, re.sub(r"(?i)@hunch\b", me, content), **how)

    return sent


async def _made(
    settings: Settings, beat: Beat, say: Callable[[str], None], *, is_draft: bool
) -> tuple[Course, HunchBot]:
    """Return the course and the bot that teaches it, with the model's files at hand."""
    if not (settings.model_url or settings.local_model):
        await asyncio.to_thread(ensure, settings.cache_dir, say)
    course = checked_course(settings, is_draft=is_draft)
    return course, build_bot(settings, beat=beat, course=course)


async def _work_until(stop: asyncio.Event, work: Iterable[Coroutine[Any, Any, None]]) -> None:
    tasks = [asyncio.create_task(one) for one in work]
    await stop.wait()
    for task in tasks:
        task.cancel()


def _set_up(env: simcord.Env, bot: HunchBot) -> tuple[Any, list[Any]]:
    """Return the channel, and the two people to be."""
    guild = env.create_guild(name="Hunch")
    channel = guild.create_text_channel("inference")
    you = guild.add_member(env.create_user("you"))
    may = discord.Permissions(manage_guild=True)
    role = guild.create_role("instructors", permissions=may)
    instructor = guild.add_member(env.create_user("instructor"), roles=[role])
    for person in (you, instructor):
        person.send = mentioning(person.send, bot)
    return channel, [you, instructor]


@asynccontextmanager
async def _opened(
    env: simcord.Env, channel: Any, viewers: list[Any], key: str, port: int | None
) -> AsyncIterator[Any]:
    """Open the page; where no port was asked for and the usual one is taken, on any."""
    async with AsyncExitStack() as until_left:
        for wanted in (USUAL_PORT, 0) if port is None else (port,):
            page = env.preview(channel, viewers=viewers, layout="channel", port=wanted)
            page.capability = key
            try:
                await until_left.enter_async_context(page)
                break
            except simcord.SetupError:
                if port is not None or wanted == 0:
                    raise
        yield page


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


def _leave_soon() -> None:
    """End the process shortly, even if a thread is busy: libraries and weights load for seconds.

    Nothing is lost by that: what was locked in has been written.
    """
    late = threading.Timer(PARTING_S, _leave)
    late.daemon = True
    late.start()


def _leave() -> None:
    """End the process; Python would take seconds to let go of the model's libraries."""
    sys.stdout.flush()
    os._exit(0)


async def _take(person: Any, channel: Any, page: Any, lesson: str) -> None:
    """Open a lesson as a person again, where they stand in it."""
    await person.slash(channel, "lesson", which=lesson)
    with suppress(simcord.SetupError):  # somebody presses something, which redraws it too
        await page.refresh()


async def _keep_looking(bot: HunchBot, env: simcord.Env, page: Any) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        if await look(bot, env):
            with suppress(simcord.SetupError):  # somebody presses something, which redraws it too
                await page.refresh()


async def _begin(bot: HunchBot, channel: Any, person: Any, lesson: str | None) -> None:
    """Greet; open a previewed lesson too, before anybody can press something else."""
    await _welcome(bot, channel.id)
    if lesson is not None:
        await person.slash(channel, "lesson", which=lesson)


async def _welcome(bot: HunchBot, channel_id: int) -> None:
    if bot.user:
        await bot.user.edit(username="Hunch")
    bot.reminders.on_sent = copy_to(bot, channel_id)
    channel = bot.get_channel(channel_id)
    assert isinstance(channel, discord.TextChannel)  # it was made a line ago
    await channel.send(view=draw_welcome(bot.first_lesson))
