"""How long a search takes: words and meaning together, each question for the first time.

`HUNCH_KERNELS=transformers python -m bench search_speed` measures the other side of the door.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from statistics import quantiles

from bench.figure import Figure, of_runs
from bot.agent.search.search import CourseSearch
from bot.settings import Settings
from bot.wiring.engines import build_encoder
from curriculum.loader import load_course
from tests.eval.questions import on_course

RETRIEVAL_MS = 10.0  # p95


def measure() -> list[Figure]:
    """Ask each held-out question once, with the encoder and without; then start anew."""
    return asyncio.run(_measure(Settings()))


async def _measure(settings: Settings) -> list[Figure]:
    course, cache_dir = load_course(), settings.cache_dir
    encoder = build_encoder(settings)
    both, words = CourseSearch.of(course, encoder, cache_dir), CourseSearch.of(course)
    await both.learn_meanings()
    await both.find("the first one loads the encoder", 5)
    figures = [*await _timed("words and meaning", both), *await _timed("words alone", words)]
    encoder.close()

    async def start() -> None:
        fresh = build_encoder(settings)
        search = CourseSearch.of(course, fresh, cache_dir)
        await search.learn_meanings()
        await search.find("what is a token", 5)
        fresh.close()

    runs = [(await _ms(start))[0] for _ in range(5)]
    return [*figures, of_runs("search, from nothing to a first answer", runs, "ms")]


async def _timed(name: str, search: CourseSearch) -> list[Figure]:
    wall, cpu = [], []
    for question in on_course("held"):
        spent = await _ms(lambda text=question.text: search.find(text, 5))  # type: ignore[misc]
        wall.append(spent[0])
        cpu.append(spent[1])
    return [
        of_runs(f"search, {name}, median", wall, "ms"),
        Figure(f"search, {name}, p95", quantiles(wall, n=20)[-1], "ms", RETRIEVAL_MS),
        of_runs(f"search, {name}, processor time", cpu, "ms"),
    ]


async def _ms(job: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    await job()
    return (time.perf_counter() - wall) * 1e3, (time.process_time() - cpu) * 1e3
