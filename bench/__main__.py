"""`python -m bench [names...]`: run some or all, write bench/results/, print one table."""

import sys
from collections.abc import Callable

from bench import (
    answer,
    class_round,
    cluster,
    durable,
    guess_cpu,
    local,
    masks,
    patterns,
    pictures,
    play_start,
    prefix_hits,
    run_start,
    scale,
    schedule,
    search_speed,
)
from bench.figure import Figure, table, write
from bench.guess_write import measure as guess_write
from bot import logs

BENCHES: dict[str, Callable[[], list[Figure]]] = {
    "guess_cpu": guess_cpu.measure,
    "class_round": class_round.measure,
    "guess_write": guess_write,
    "durable": durable.measure,
    "run_start": run_start.measure,
    "play_start": play_start.measure,
    "pictures": pictures.measure,
    "local": local.measure,
    "cluster": cluster.measure,
    "prefix_hits": prefix_hits.measure,
    "scale": scale.measure,
    "masks": masks.measure,
    "patterns": patterns.measure,
    "schedule": schedule.measure,
    "search_speed": search_speed.measure,
    "answer": answer.measure,
}


def main(names: list[str]) -> None:
    """Run the benches of these names, or all of them."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        sys.exit(f"bench: no {', '.join(unknown)}; there are {', '.join(BENCHES)}.")
    logs.configure("warning", "text")
    figures: list[Figure] = []
    for name in names or BENCHES:
        print(f"{name} ...", file=sys.stderr)  # noqa: T201 - a program that prints
        found = BENCHES[name]()
        write(name, found)
        figures += found
    print(table(figures))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
