"""`hunch play`, its second start: how long until the page stands and the model answers."""

import os
from pathlib import Path

from platformdirs import user_cache_path

from bench.figure import Figure, of_runs
from bench.watched import resident_mb, watched
from tools.engine.weights.embedded import EMBEDDED
from tools.engine.weights.weights import ensure

RUNS = 5
WEIGHTS = (".safetensors", ".tensors", ".gguf", ".bin", ".pt")


def measure(runs: int = RUNS) -> list[Figure]:
    """Return the seconds, the memory, and what lies on the disk."""
    cache = Path(os.environ.get("HUNCH_CACHE_DIR") or user_cache_path("hunch", appauthor=False))
    ensure(cache)  # the first start, unless it has been
    opened, answered, resident = [], [], []
    for _ in range(runs):
        with watched("bench.play_probe", settings={"HUNCH_CACHE_DIR": str(cache)}) as process:
            opened.append(process.seconds_to("Open http"))
            answered.append(process.seconds_to("Answered"))
            resident.append(resident_mb(process.process.pid))
    model = ensure(cache)
    weights = [file for file in cache.rglob("*") if file.suffix in WEIGHTS and file.is_file()]
    copies = [file for file in weights if file.stat().st_size >= _size(model)]
    on_disk = sum(file.stat().st_size for file in weights) / 1e6
    return [
        of_runs("play: second start to the page", opened, "s", 10),
        of_runs("play: second start to the first distribution", answered, "s", 10),
        of_runs("play: resident after it", resident, "MB", 1500),
        Figure(f"play: copies of {EMBEDDED.name} on disk", len(copies), "files", 1),
        Figure("play: weights on disk, the sentence encoder's too", on_disk, "MB"),
    ]


def _size(model: Path) -> int:
    """Return the size of a model's weights, in bytes."""
    return max(file.stat().st_size for file in model.iterdir() if file.suffix in WEIGHTS)
