"""`run` itself, told to stop: what fails at closing is no refusal by Discord."""

import asyncio
import signal
from pathlib import Path

import pytest
from discord.http import Route

from bot.cli import run
from bot.settings import Settings
from bot.ui.client import HunchBot
from bot.wiring.bot import build_bot
from tests.fakes.model import FakeEngine
from tests.run.discord_stub import DiscordStub, serving


async def test_what_cannot_be_closed_is_not_told_as_a_discord_out_of_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stuck() -> None:
        raise OSError("a disk is stuck")

    def build(settings: Settings) -> HunchBot:
        bot = build_bot(settings, FakeEngine())
        bot._board.close = stuck  # type: ignore[method-assign]
        return bot

    monkeypatch.setattr(run, "build_bot", build)
    url = f"sqlite:///{tmp_path}/hunch.sqlite"
    async with serving(DiscordStub(holds_login=True)) as stub:
        monkeypatch.setattr(Route, "BASE", stub.url)
        running = asyncio.create_task(run.serve(Settings(database_url=url, discord_token="a.b.c")))
        await stub.request("GET", "/users/@me")
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(OSError, match="a disk is stuck"):
            await running
