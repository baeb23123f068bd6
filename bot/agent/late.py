"""A tutor that is built when the first question comes: its libraries take seconds to import."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING

from bot.domain.tutoring import Brief, Event, Question

if TYPE_CHECKING:
    from bot.agent.tutor import GraphTutor


class LateTutor:
    """Implements `usecases.ports.Tutor`."""

    def __init__(self, make: Callable[[], "GraphTutor"]) -> None:
        """Remember how to build the tutor; `make` runs on a thread, once."""
        self._make = make
        self._made: GraphTutor | None = None
        self._making = asyncio.Lock()

    async def answer(self, question: Question, brief: Brief) -> AsyncGenerator[Event]:
        """Build the tutor if need be, and hand on what it yields."""
        async with self._making:
            if self._made is None:
                self._made = await asyncio.to_thread(self._make)
        async with aclosing(self._made.answer(question, brief)) as events:
            async for event in events:
                yield event

    async def close(self) -> None:
        """Close the tutor, if there is one."""
        if self._made is not None:
            await self._made.close()
