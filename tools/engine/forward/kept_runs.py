"""What the last few prompts left behind, so that their beginnings are not read again."""

from collections.abc import Sequence
from typing import Generic, TypeVar

Left = TypeVar("Left")
KEPT_TOKENS = 2048  # of all runs together; SmolLM2 keeps 46 kB for each: 94 MB


class KeptRuns(Generic[Left]):
    """Ids that were read, and what came of them; the oldest go first."""

    def __init__(self, tokens: int = KEPT_TOKENS) -> None:
        """Keep as many runs as have so many tokens together."""
        self._room = tokens
        self._runs: list[tuple[tuple[int, ...], Left]] = []  # newest last

    def longest_shared(self, ids: Sequence[int], keep: int = 1) -> tuple[int, Left | None]:
        """Return how many of the first ids were read by one run, and what came of that run.

        The last `keep` ids are always read: their scores aren't kept.
        """
        best, found = 0, None
        for run, left in self._runs:
            if (shared := min(shared_prefix(run, ids), len(ids) - keep)) > best:
                best, found = shared, left
        return best, found

    def add(self, ids: tuple[int, ...], left: Left) -> None:
        """Keep a run; those that are its beginning say nothing more."""
        self._runs = [(run, other) for run, other in self._runs if run != ids[: len(run)]]
        self._runs.append((ids, left))
        while sum(len(run) for run, _ in self._runs) > self._room:
            del self._runs[0]


def shared_prefix(one: Sequence[int], other: Sequence[int]) -> int:
    """Return how many first entries are the same."""
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return shared
