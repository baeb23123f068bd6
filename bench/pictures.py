"""Every instrument's pictures, and how late the event loop is while instruments run."""

import asyncio
from itertools import chain
from statistics import median, quantiles

from bench.figure import Figure
from bench.lag import lag
from bench.serve_vllm import model_cache
from bench.timed import milliseconds
from bot.ui.pictures import render
from tests.tools.instruments.quick import quick
from tools import catalogue
from tools.engine.local.local import LocalEngine
from tools.engine.sharing.shared import SharedEngine
from tools.engine.weights.embedded import EMBEDDED
from tools.engine.weights.weights import ensure
from tools.errors import Missing
from tools.exhibit.exhibit import Drawn

ROUNDS = 20


def measure(rounds: int = ROUNDS) -> list[Figure]:
    """Return the slowest picture at its 95th percentile, warm, and the lag at its 99th."""
    return asyncio.run(_measure(rounds))


async def _measure(rounds: int) -> list[Figure]:
    folder = await asyncio.to_thread(ensure, model_cache())
    engine = SharedEngine(LocalEngine(lambda: folder, model=EMBEDDED.name))
    try:
        for name in catalogue.INSTRUMENTS:  # once, so that everything is loaded
            await _exhibit_of(engine, name)
        async with lag() as late:
            parts = {name: await _exhibit_of(engine, name) for name in catalogue.INSTRUMENTS}
            times = {name: await _times(drawn, rounds) for name, drawn in parts.items() if drawn}
    finally:
        await engine.close()
    p95 = {name: quantiles(runs, n=20)[-1] for name, runs in times.items()}
    slowest = max(p95, key=lambda name: p95[name])
    runs = list(chain.from_iterable(times.values()))
    p99 = quantiles(late, n=100)[-1]
    return [
        Figure("pictures: the slowest instrument's, p95", p95[slowest], "ms", 30, note=slowest),
        Figure("pictures: all", median(runs), "ms", None, tuple(runs), note=f"of {len(times)}"),
        Figure("loop: lag while instruments run, p99", p99, "ms", 20, note=f"{len(late)} ticks"),
    ]


async def _exhibit_of(engine: SharedEngine, name: str) -> list[Drawn]:
    """Run an instrument; return what is drawn of it: nothing where it needs a server."""
    try:
        exhibit = await catalogue.run(engine, name, quick(name))
    except Missing:
        return []
    return [part for part in exhibit.parts if isinstance(part, Drawn)]


async def _times(parts: list[Drawn], rounds: int) -> list[float]:
    found = []
    for number in range(1 + rounds):  # the first warms: it loads the font and the renderer
        for part in parts:
            render._rendered.cache_clear()  # a kept picture would be no picture
            took = await milliseconds(lambda part=part: render.picture(part))
            if number:
                found.append(took)
    return found
