"""The running loop's clock, moved by hand: timers are due as if so much time had passed."""

import asyncio
from typing import Self


class HandClock:
    """Real time, and what a test adds to it."""

    def __init__(self) -> None:
        """Take over the clock of the running loop; the loop is thrown away with its test."""
        self._loop = asyncio.get_running_loop()
        self._real, self._added = self._loop.time, 0.0
        self._loop.time = lambda: self._real() + self._added  # type: ignore[method-assign]

    async def passes(self, seconds: float) -> Self:
        """Let time pass, and whatever is due by then happen to whoever awaits this."""
        self._added += seconds
        for _ in range(3):  # the timer comes due, the task is cancelled, the task is told
            await asyncio.sleep(0)
        return self
