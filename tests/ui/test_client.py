"""How the bot ends: what it holds is let go of, once, come what may."""

import asyncio
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.ui.client import HunchBot
from bot.wiring.bot import build_bot
from tests.fakes.model import FakeEngine


class Held:
    """What a bot takes up and lets go of."""

    def __init__(self) -> None:
        self.taken = self.left = 0

    async def take(self) -> None:
        self.taken += 1

    async def leave(self) -> None:
        await asyncio.sleep(0)  # whoever closes it a second time gets a turn
        self.left += 1


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.fixture
def bot(tmp_path: Path, held: Held) -> HunchBot:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/hunch.sqlite")
    use = build_bot(settings, FakeEngine())._use
    return HunchBot(use, shards=1, on_start=held.take, on_stop=held.leave)


async def test_closing_lets_go_once_however_many_close_it(bot: HunchBot, held: Held) -> None:
    async with bot:
        await asyncio.gather(bot.close(), bot.close())
    await bot.close()
    assert held.left == 1


async def test_whoever_closes_it_second_waits_for_the_first(bot: HunchBot, held: Held) -> None:
    async with bot:
        first = asyncio.create_task(bot.close())
        await asyncio.sleep(0)
        await bot.close()
        assert held.left == 1
        await first


async def test_leaving_discord_may_fail(
    bot: HunchBot, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OSError("gone")

    monkeypatch.setattr(bot.reminders, "close", fail)
    async with bot:
        with pytest.raises(OSError, match="gone"):
            await bot.close()
    assert held.left == 1


async def test_a_loop_that_is_torn_down_around_it_lets_go_too(bot: HunchBot, held: Held) -> None:
    async def serve() -> None:
        async with bot:
            await asyncio.Event().wait()

    serving = asyncio.create_task(serve())
    await asyncio.sleep(0)
    serving.cancel()
    await asyncio.wait([serving])
    assert held.left == 1
