"""What it costs that a guess is on the disk before it is shown: presses with that and without.

Both sides are the same bot in one process, each under a simulated Discord of its own, in turns; on
one nobody waits for the disk. Lag is that of a loop with fifty guesses a second on a disk whose
every write takes 10 ms.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median, quantiles

from bench.figure import Figure, of_runs
from bench.guess_cpu import STEPS, hunch
from bench.guess_write import A_SECOND, WARMING, arriving, lesson_guess
from bench.lag import lag
from bench.stage import Stage
from bot.store import migrate, write_log
from bot.store.database import Database, connect
from bot.store.keeping import Keeping
from curriculum.loader import load_course

ROUNDS = 5
CLICKS = 40  # learners in a round, on each side
SECONDS = 6
SLOW_S = 0.010
MOST_TIMES = 1.15
MOST_LAG_MS = 20.0


def measure(rounds: int = ROUNDS, clicks: int = CLICKS, seconds: int = SECONDS) -> list[Figure]:
    """Return the ratio of processor times, and lag and waits on a slow disk."""
    ratios = [_ratio(clicks) for _ in range(rounds)]
    with _slow_disk():
        late, waited = asyncio.run(_guesses(seconds))
    return [
        of_runs("guess on the disk: times one that isn't", ratios, "×", MOST_TIMES),
        Figure(
            "loop lag, p99, disk of 10 ms",
            quantiles(late, n=100)[-1],
            "ms",
            MOST_LAG_MS,
            tuple(late),
        ),
        Figure("guess, p95, disk of 10 ms", quantiles(waited, n=20)[-1], "ms", runs=tuple(waited)),
    ]


def _ratio(clicks: int) -> float:
    """Return the processor time of a guess that waits for the disk, by that of one that doesn't."""
    with ExitStack() as stages:
        folders = [stages.enter_context(tempfile.TemporaryDirectory()) for _ in range(2)]
        safe, swift = [stages.enter_context(Stage(hunch(folder))) for folder in folders]
        pairs = [(_guess(safe), _guess(swift, is_told_at_once=True)) for _ in range(clicks)]
    safely, swiftly = zip(*pairs[WARMING // 5 :], strict=True)
    return median(safely) / median(swiftly)


def _guess(stage: Stage, is_told_at_once: bool = False) -> float:
    """Take a new learner through the first step; return the cost of locking in, in ms."""
    learner = stage.open("lesson")
    costs = {}
    for press in STEPS:
        if is_told_at_once:
            with _told_at_once():
                costs[press] = stage.click(*learner, label=press)
        else:
            costs[press] = stage.click(*learner, label=press)
    return costs["sure"]


@contextmanager
def _told_at_once() -> Iterator[None]:
    async def until(self: Keeping, seen: int) -> None:
        pass

    real = Keeping.until
    Keeping.until = until  # type: ignore[method-assign]
    try:
        yield
    finally:
        Keeping.until = real  # type: ignore[method-assign]


@contextmanager
def _slow_disk() -> Iterator[None]:
    real = write_log.send
    write_log.send = lambda _: time.sleep(SLOW_S)
    try:
        yield
    finally:
        write_log.send = real


async def _guesses(seconds: int) -> tuple[list[float], list[float]]:
    """Return how late the loop was, and what each guess waited; both in ms."""
    with tempfile.TemporaryDirectory() as folder:
        store: Database = connect(f"sqlite:///{Path(folder) / 'hunch.sqlite'}")
        await migrate.upgrade(store)
        count = WARMING + A_SECOND * seconds
        guess = await lesson_guess(store, load_course(), count)
        async with lag() as late:
            waited = await arriving(guess, count)
        await store.dispose()
    return late, waited
