"""Bots as the program builds them. A simulated Discord lets go of one without closing it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from bot.ui.client import HunchBot
from bot.wiring.bot import build_bot

Build = Callable[..., HunchBot]  # as `build_bot`


@asynccontextmanager
async def closed_at_the_end() -> AsyncIterator[Build]:
    """Yield what builds bots; all of them are closed at the end, crashed ones too."""
    async with AsyncExitStack() as ending:

        def build(*args: Any, **chosen: Any) -> HunchBot:
            bot = build_bot(*args, **chosen)
            ending.push_async_callback(_close, bot)
            return bot

        yield build


async def _close(bot: HunchBot) -> None:
    async with bot:  # one that was never started can't be closed before it is set up
        pass
