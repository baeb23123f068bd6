"""The grader that the use case calls: by a chat model where there is one, else by the notes."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.agent.grading.model import ModelGrader
from bot.agent.grading.notes import NotesGrader
from bot.domain.lesson.teachback import Graded
from bot.domain.mode import Mode
from curriculum.kinds.teachback import TeachbackStep
from tools.errors import EngineError


def evenly_spaced(text: str) -> str:
    """Return a text with one blank, or one or two line ends, where there is any run of them.

    Patterns that allow blanks in several places would else try each way of sharing out a long run.
    """
    return re.sub(r"\s+", lambda run: "\n" * min(2, run[0].count("\n")) or " ", text)


@dataclass(frozen=True, slots=True)
class Grader:
    """Grades in one of two modes, and says in which. Implements `GradeWords`."""

    notes: NotesGrader
    model: ModelGrader | None = None
    closing: Callable[[], Awaitable[None]] | None = None

    async def __call__(self, step: TeachbackStep, said: str) -> tuple[tuple[Graded, ...], Mode]:
        """Return a verdict on each criterion and the mode; a model that fails leaves it to notes.

        Raises:
            ToolError: neither can tell.
        """
        said = evenly_spaced(said)
        if self.model is not None:
            try:
                return await self.model(step, said), Mode.MODEL
            except EngineError:
                pass  # the mode says by which of the two it was graded
        return await self.notes(step, said), Mode.NOTES

    async def close(self) -> None:
        """Close what it was given to close."""
        if self.closing is not None:
            await self.closing()
