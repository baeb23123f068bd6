"""The tutor and the grader, built when they are first asked: their libraries take seconds."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from bot.domain.lesson.teachback import Graded
from bot.domain.mode import Mode
from bot.domain.tutor.talk import Brief, Event, Question
from bot.usecases.lesson.ports import GradeWords
from bot.usecases.tutor.ports import Tutor
from curriculum.kinds.teachback import TeachbackStep
from tools.errors import ToolError

if TYPE_CHECKING:
    from bot.agent.search.search import CourseSearch


class Closes(Protocol):
    """Holds something that must be let go of."""

    async def close(self) -> None:
        """Let go of it."""
        ...


class ClosingTutor(Tutor, Closes, Protocol):
    """A tutor that holds a connection."""


class ClosingGrader(GradeWords, Closes, Protocol):
    """A grader that holds a connection."""


Made = TypeVar("Made", bound=Closes)


class Lazy(Generic[Made]):
    """Something that is built when it is first asked for: its libraries take long to import."""

    def __init__(
        self, make: Callable[[], Made], made_of: Callable[[], object] | None = None
    ) -> None:
        """Remember how to build it; `make` runs on a thread, once for each thing it is made of."""
        self._make, self._made_of = make, made_of
        self._made: Made | None = None
        self._of: object = None
        self._making = asyncio.Lock()

    async def made(self) -> Made:
        """Return it, built if need be; anew, if what it is made of has been put in its place."""
        async with self._making:
            of, former = self._made_of and self._made_of(), self._made
            if former is not None and of is self._of:
                return former
            made = await asyncio.to_thread(self._make)
            self._made, self._of = made, of
        if former is not None:
            await former.close()
        return made

    async def close(self) -> None:
        """Close it, if it was ever built."""
        if self._made is not None:
            await self._made.close()


class LazyTutor(Lazy[ClosingTutor]):
    """Implements `Tutor`."""

    async def answer(self, question: Question, brief: Brief) -> AsyncGenerator[Event]:
        """Build the tutor if need be, and hand on what it yields."""
        tutor = await self.made()
        async with aclosing(tutor.answer(question, brief)) as events:
            async for event in events:
                yield event


class LazyGrader(Lazy[ClosingGrader]):
    """Implements `GradeWords`."""

    async def __call__(self, step: TeachbackStep, said: str) -> tuple[tuple[Graded, ...], Mode]:
        """Build the grader if need be, and grade."""
        grade = await self.made()
        return await grade(step, said)


def learn(search: "CourseSearch") -> None:
    """Let a search learn meanings, on a thread that has no event loop; may fetch the encoder."""

    async def learnt() -> None:
        with suppress(ToolError):  # no encoder to be had: words alone still answer
            await search.learn_meanings()

    asyncio.run(learnt())


def learn_aside(search: "CourseSearch") -> None:
    """Let it learn on a thread of its own; until then it goes by words.

    On the bot's own loop it would hold up every press, for 0.2 s and longer.
    """
    threading.Thread(target=learn, args=(search,), name="meanings", daemon=True).start()
