"""Bots as the program builds them. A simulated Discord lets go of one without closing it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from bot.settings import Settings
from bot.ui.client import HunchBot
from bot.wiring.bot import build_bot
from bot.wiring.course import checked_course
from curriculum.schema import Course

Build = Callable[..., HunchBot]  # as `build_bot`


@asynccontextmanager
async def closed_at_the_end() -> AsyncIterator[Build]:
    """Yield what builds bots; all of them are closed at the end, crashed ones too."""
    async with AsyncExitStack() as ending:

        def build(settings: Settings, *args: Any, **chosen: Any) -> HunchBot:
            bot = build_bot(
                settings,
                *args,
                course=_course(settings.course_dir, _edited(settings.course_dir)),
                **chosen,
            )
            ending.push_async_callback(_close, bot)
            return bot

        yield build


def _edited(folder: Path | None) -> int:
    """Return when a file of a course was last written; the course that ships stays as it is."""
    return max(one.stat().st_mtime_ns for one in folder.rglob("*")) if folder else 0


@cache
def _course(folder: Path | None, edited: int) -> Course:
    """Return a course, read and checked once for all the bots of a run, and after each edit."""
    return checked_course(Settings(course_dir=folder))


async def _close(bot: HunchBot) -> None:
    async with bot:  # one that was never started can't be closed before it is set up
        pass
