"""The whole bot in this process, served by the real discord.py over a real socket."""

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot import logs
from bot.settings import Settings
from bot.ui.client import HunchBot
from bot.usecases.clock import Clock
from bot.wiring.bot import build_bot
from tests.fakes.model import FakeEngine
from tests.journeys.conftest import by_words
from tests.run.discord_stub import DiscordStub


@dataclass
class Served:
    """A bot, and the stand-in for Discord that it is connected to; `log` is what it logged."""

    bot: HunchBot
    stub: DiscordStub
    serving: asyncio.Task[None]
    log: io.StringIO


def point_to(stub: DiscordStub, patch: pytest.MonkeyPatch) -> None:
    """Turn discord.py's addresses to the stand-in."""
    patch.setattr(Route, "BASE", stub.url)
    patch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(stub.gateway))


def _logging() -> io.StringIO:
    """Log as the program does, to be read."""
    logs.configure("info", "text")
    handler, written = logging.getLogger().handlers[0], io.StringIO()
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)  # the stand-in's own
    return written


@asynccontextmanager
async def served(
    folder: Path,
    stub: DiscordStub,
    now: Clock | None = None,
    prepare: Callable[[HunchBot], object] = lambda bot: None,
) -> AsyncIterator[Served]:
    """Serve a bot over a database in this folder; it is closed at the end.

    Args:
        folder: Of the database.
        stub: Being served, and pointed to.
        now: The clock; by default the one on the wall.
        prepare: Changes the bot before it starts.
    """
    settings = Settings(database_url=f"sqlite:///{folder}/hunch.sqlite")
    bot = build_bot(settings, FakeEngine(), grader=by_words(), now=now)
    prepare(bot)
    before = len(stub.identified)
    log = _logging()
    async with bot:
        serving = asyncio.create_task(bot.start("a.test.token"))
        await stub.until(lambda: len(stub.identified) > before)
        try:
            yield Served(bot, stub, serving, log)
        finally:
            await bot.close()
            serving.cancel()
            await asyncio.wait([serving])
