"""Two hundred requests through vLLM's step rule, as the instrument `scheduler` works them out."""

import time

from bench.figure import Figure, of_runs
from tools.instruments.scheduler import Scheduler, exhibit

ROUNDS = 20
MOST_MS = 50.0
BUSY = Scheduler(
    requests=200,
    spread=60,
    max_num_batched_tokens=256,
    max_num_seqs=32,
    num_gpu_blocks_override=200,
)
TIGHT = BUSY.model_copy(update={"num_gpu_blocks_override": 60})


def measure(rounds: int = ROUNDS) -> list[Figure]:
    """Return the milliseconds of a whole card: with room, and where blocks run out."""
    return [
        of_runs(f"scheduler, 200 requests, {name}", _timed(params, rounds), "ms", MOST_MS)
        for name, params in (("with room", BUSY), ("short of blocks", TIGHT))
    ]


def _timed(params: Scheduler, rounds: int) -> list[float]:
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        exhibit(params)
        taken.append((time.perf_counter() - started) * 1000)
    return taken
