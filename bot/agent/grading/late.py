"""A grader that is built when the first teach-back comes: numpy takes its time to import."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.domain.teachback import Graded
from curriculum.schema import TeachbackStep

if TYPE_CHECKING:
    from bot.agent.grading.grader import Grader


class LateGrader:
    """Implements `usecases.ports.GradeWords`."""

    def __init__(self, make: Callable[[], "Grader"]) -> None:
        """Remember how to build it; `make` runs on a thread, once."""
        self._make = make
        self._made: Grader | None = None
        self._making = asyncio.Lock()

    async def __call__(self, step: TeachbackStep, said: str) -> tuple[tuple[Graded, ...], str]:
        """Build the grader if need be, and grade."""
        async with self._making:
            if self._made is None:
                self._made = await asyncio.to_thread(self._make)
        return await self._made(step, said)

    async def close(self) -> None:
        """Close the grader, if there is one."""
        if self._made is not None:
            await self._made.close()
