"""What a learner's way needs from the outside. Adapters implement it; tests fake it."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from bot.domain.learner import Learner
from bot.domain.lesson.attempt import Attempt
from bot.domain.path.placement import Placement
from bot.domain.path.redo import Redone


class PathRecords(Protocol):
    """Placements, and what was redone, inside one open transaction."""

    async def enrol(self, learner: Learner, now: datetime) -> None:
        """Remember a learner and their class; once is enough."""
        ...

    async def attempts_of(self, learner_id: int) -> Sequence[Attempt]:
        """Load every run of every lesson."""
        ...

    async def placement(self, learner_id: int, *, is_held: bool = False) -> Placement | None:
        """Load a learner's placement; hold it until the transaction ends, if asked to."""
        ...

    async def save_placement(self, placement: Placement, now: datetime) -> None:
        """Write a placement, be it there or not; its learner must be enrolled."""
        ...

    async def redone(self, learner_id: int) -> Sequence[Redone]:
        """Load what was redone."""
        ...

    async def save_redone(self, learner_id: int, after: Redone) -> bool:
        """Write how a step was redone; False if another click was first."""
        ...

    async def remembered(self, learner_id: int) -> frozenset[tuple[str, str]]:
        """Return lesson and step of the cards that were known when last reviewed."""
        ...

    async def zone(self, learner_id: int) -> str:
        """Return the time zone that a learner set, or the one that holds for all."""
        ...


class OpenPathRecords(Protocol):
    """Open a transaction: commits on a clean exit, rolls back on an exception."""

    def __call__(self) -> AbstractAsyncContextManager[PathRecords]:
        """Open it."""
        ...
