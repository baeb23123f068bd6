"""How late an event loop is: what a click would have to wait on top."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

EVERY_S = 0.005


@asynccontextmanager
async def lag() -> AsyncIterator[list[float]]:
    """Give a list that fills, while the block runs, with how many ms late each tick came."""
    late: list[float] = []

    async def tick() -> None:
        while True:
            due = time.perf_counter() + EVERY_S
            await asyncio.sleep(EVERY_S)
            late.append((time.perf_counter() - due) * 1000)

    ticking = asyncio.create_task(tick())
    try:
        yield late
    finally:
        ticking.cancel()
        await asyncio.gather(ticking, return_exceptions=True)
