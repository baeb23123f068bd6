"""How long something takes, once warm."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any


async def milliseconds(ask: Callable[[], Awaitable[Any]]) -> float:
    """Return how long an awaited call takes."""
    started = time.perf_counter()
    await ask()
    return (time.perf_counter() - started) * 1000


async def in_turns(
    asks: dict[str, Callable[[], Awaitable[Any]]],
    rounds: int,
    warming: int = 3,
    rest_s: float = 0.0,
) -> dict[str, list[float]]:
    """Time several calls in turns, so that what else the machine does falls on all alike; in ms.

    A rest before each lets the threads of the one before fall asleep, where they spin.
    """
    found: dict[str, list[float]] = {name: [] for name in asks}
    for number in range(warming + rounds):
        for name, ask in asks.items():
            await asyncio.sleep(rest_s)
            took = await milliseconds(ask)
            if number >= warming:
                found[name].append(took)
    return found


def ratios(ours: list[float], theirs: list[float]) -> list[float]:
    """Return ours as multiples of theirs, run by run."""
    return [mine / other for mine, other in zip(ours, theirs, strict=True)]
