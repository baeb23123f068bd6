"""The local page of `hunch play`: its address, its clock, and what keeps it fresh."""

import asyncio
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SOON_S = 0.25  # between two looks at what the bot says meanwhile
_KEY_CHARS = 32


def page_key(folder: Path) -> str:
    """Return what the page's address ends in: the same each time, and nobody else's to read."""
    file = folder / "play.key"
    with suppress(OSError):
        if len(key := file.read_text("ascii").strip()) >= _KEY_CHARS:
            return key
    key = secrets.token_urlsafe(_KEY_CHARS)
    with suppress(OSError):  # then the next start makes another
        folder.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(key, "ascii")
    return key


@dataclass
class PageBeat:
    """Implements `Beat` by the clock on the wall: in a simulated Discord a bot's own stands still.

    Attributes:
        env: The simulated Discord; it is made after the bot that keeps to this.
        time_s: What the clock said when it was last looked at.
    """

    env: Any = None
    time_s: float = 0.0
    _sleepers: list[tuple[float, "asyncio.Future[None]"]] = field(default_factory=list)

    def now(self) -> float:
        """Return seconds since some moment."""
        return self.time_s

    async def sleep(self, seconds: float) -> None:
        """Wait until somebody looks at the clock then."""
        waking: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.time_s + seconds, waking))
        await self.env.external_wait(waking, reason="the clock on the wall")

    def look(self) -> None:
        """Look at the clock; wake whose time has come."""
        self.time_s = time.monotonic()
        for due, waking in self._sleepers:
            if due <= self.time_s and not waking.done():
                waking.set_result(None)
        self._sleepers = [one for one in self._sleepers if not one[1].done()]


async def keep_fresh(env: Any, page: Any, beat: PageBeat) -> None:
    """Show what the bot says while a press is worked on: by itself the page waits for its end."""
    seen = 0
    while True:
        await asyncio.sleep(SOON_S)
        beat.look()
        if page._active_action is not None and len(env.http_requests) != seen:
            for one in tuple(page._pages.values()):
                page._publish(one, reason="refresh")
        seen = len(env.http_requests)
