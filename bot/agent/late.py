"""A tutor that is built when the first question comes: its libraries take seconds to import."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING

from bot.domain.tutoring import Brief, Event, Question
from tools.errors import ToolError

if TYPE_CHECKING:
    from bot.agent.search import CourseSearch
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


def learn(search: "CourseSearch") -> None:
    """Let a search learn meanings, on a thread that has no event loop; may fetch the encoder."""

    async def learnt() -> None:
        with suppress(ToolError):  # no encoder to be had: words alone still answer
            await search.learn_meanings()

    asyncio.run(learnt())


def learn_aside(search: "CourseSearch") -> None:
    """Let it learn on a thread of its own; until then it goes by words.

    A simulated Discord would wait for a task.
    """
    threading.Thread(target=learn, args=(search,), name="meanings", daemon=True).start()
