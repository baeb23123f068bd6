"""A real vLLM through the bot's engine and without it; and the embedded engine beside it.

One server for all of it, started here, or the one that HUNCH_TEST_CLUSTER names.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bench.figure import Figure, of_runs
from bench.prompts import LENGTH, prompts
from bench.raw_vllm import TIMEOUT_S, RawVllm, served
from bench.serve_vllm import MODEL, model_cache
from bench.timed import in_turns, ratios
from tools.bound import BoundCatalogue
from tools.engine.asker import asking_as
from tools.engine.base import Prompt
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.local.local import LocalEngine
from tools.engine.sharing.shared import SharedEngine
from tools.engine.weights.embedded import EMBEDDED
from tools.engine.weights.weights import ensure

ROUNDS = 30
LEARNERS = 64
EACH = 4  # prompts of each learner


def measure(rounds: int = ROUNDS) -> list[Figure]:
    """Return the figures of every cluster path."""
    folder = ensure(model_cache())
    with served(folder) as url:
        return asyncio.run(_measure(url, folder, rounds))


async def _measure(url: str, folder: Path, rounds: int) -> list[Figure]:
    async with _engines(url, folder) as (raw, bot, local):
        shared = bot.engine
        fresh = prompts(11)
        found = await in_turns(
            {
                "raw": lambda: raw(next(fresh)),
                "bot": lambda: bot.run("nexttoken", {"prompt": next(fresh), "top": 8}),
                "local": lambda: local.next_token(Prompt(next(fresh)), 8),
            },
            rounds,
        )
        return [
            of_runs(f"cluster: raw request, {LENGTH} tokens", found["raw"], "ms"),
            of_runs("cluster: nexttoken through the bot", found["bot"], "ms"),
            _of_medians("cluster: nexttoken, times the raw request", found, "bot", "raw", 1.05),
            of_runs("cluster: the embedded engine beside it", found["local"], "ms"),
            _of_medians("local: next token, times vLLM's", found, "local", "raw", 1.0),
            *await _many(raw, shared, max(3, rounds // 6)),
            await _one_prompt(shared),
        ]


def _of_medians(
    name: str, found: dict[str, list[float]], ours: str, theirs: str, most: float
) -> Figure:
    return of_runs(name, ratios(found[ours], found[theirs]), "×", most)


async def _many(raw: Any, shared: Any, rounds: int) -> list[Figure]:
    """64 learners with four different prompts each, one after the other: through us, and not."""
    fresh = prompts(12)

    async def learner(number: int) -> None:
        with asking_as(number):
            for _ in range(EACH):
                await shared.next_token(Prompt(next(fresh)), 8)

    async def client() -> None:
        for _ in range(EACH):
            await raw(next(fresh))

    async def through_us() -> None:
        await asyncio.gather(*(learner(number) for number in range(LEARNERS)))

    async def without() -> None:
        await asyncio.gather(*(client() for _ in range(LEARNERS)))

    found = await in_turns({"raw": without, "bot": through_us}, rounds, warming=1)
    per_s = {name: [1000 * LEARNERS * EACH / ms for ms in runs] for name, runs in found.items()}
    ratio = ratios(per_s["bot"], per_s["raw"])
    return [
        of_runs(f"cluster: {LEARNERS} learners, the server's own", per_s["raw"], "requests/s"),
        of_runs(f"cluster: {LEARNERS} learners, through the bot", per_s["bot"], "requests/s"),
        of_runs(f"cluster: {LEARNERS} learners, share of the server's own", ratio, "×", None, 0.95),
    ]


async def _one_prompt(shared: Any) -> Figure:
    """Count the server's first tokens while 200 learners ask the same."""
    text = f"Two hundred at {time.time_ns()}"

    async def learner(number: int) -> None:
        with asking_as(number):
            await shared.next_token(Prompt(text), 8)

    before = await shared.metrics()
    await asyncio.gather(*(learner(number) for number in range(200)))
    counted = (await shared.metrics()).since(before).first_token
    return Figure("cluster: 200 learners on one prompt", counted.count, "requests", 1, (), 1)


@asynccontextmanager
async def _engines(url: str, folder: Path) -> AsyncIterator[tuple[Any, BoundCatalogue, Any]]:
    """Give a raw client, the bot's instruments on the cluster, and the embedded engine; warm."""
    engine = ClusterEngine(url, MODEL, timeout_s=TIMEOUT_S)
    bot, local = (
        BoundCatalogue(SharedEngine(engine)),
        LocalEngine(lambda: folder, model=EMBEDDED.name),
    )
    async with RawVllm(url) as raw:
        await engine.find_out()
        await local.check()
        await _warm(bot.engine)
        try:
            yield raw, bot, local
        finally:
            await bot.close()
            await local.close()


async def _warm(shared: Any) -> None:
    """Let the texts of common tokens be known, as after an hour of use."""
    fresh = prompts(13)
    for _ in range(3):
        asked = [Prompt(next(fresh)) for _ in range(LEARNERS)]
        await asyncio.gather(*(shared.next_token(prompt, 20) for prompt in asked))
