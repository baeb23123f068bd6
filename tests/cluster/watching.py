"""Wait for what a server's own counters say."""

import asyncio
from collections.abc import Callable

from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.metrics import Metrics

PATIENCE_S = 60


async def until(engine: ClusterEngine, holds: Callable[[Metrics], bool]) -> Metrics:
    """Return the first counters of which something holds."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            seen = await engine.metrics()
            if seen and holds(seen):
                return seen
