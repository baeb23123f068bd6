"""What taking lessons needs from the outside. Adapters implement it; tests fake it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from bot.domain.classroom.change import Change
from bot.domain.learner import Learner
from bot.domain.lesson.attempt import Attempt, Guess
from bot.domain.lesson.teachback import Graded, Grading
from bot.domain.mode import Mode
from curriculum.kinds.teachback import TeachbackStep

StartOf = Callable[[int], Awaitable[int]]  # with which lesson's number a learner begins


async def from_the_first(learner_id: int) -> int:
    """Return where everybody begins who took no placement."""
    return 0


class Records(Protocol):
    """All that is kept about learners, inside one open transaction."""

    async def enrol(self, learner: Learner, now: datetime) -> None:
        """Remember a learner and their class; once is enough."""
        ...

    async def attempt(self, attempt_id: int) -> Attempt | None:
        """Load one attempt and hold it until the transaction ends.

        It says of the present step whether a class round that the learner voted in revealed it.
        """
        ...

    async def latest_attempt(self, learner_id: int, lesson: str) -> Attempt | None:
        """Load a learner's last run of a lesson."""
        ...

    async def attempts_of(self, learner_id: int) -> Sequence[Attempt]:
        """Load every run of every lesson."""
        ...

    async def begin(
        self, learner: Learner, lesson: str, run: int, step: str, now: datetime
    ) -> Attempt:
        """Open a run and count it; the same run asked for twice is the same attempt."""
        ...

    async def save(self, before: Attempt, after: Attempt, now: datetime) -> None:
        """Write what changed."""
        ...

    async def first_guess(self, learner_id: int, lesson: str, step: str) -> Guess | None:
        """Load the guess of the first run at a step."""
        ...

    async def count_vote(
        self, cohort_id: int, lesson: str, step: str, answer: str, *, right: int, vote: int
    ) -> None:
        """Add to the class's tally of an answer."""
        ...

    async def count(self, attempt: Attempt, change: Change, now: datetime) -> None:
        """Add what a turn changes to the class's counts; `attempt` is as it stands after it."""
        ...

    async def votes(self, cohort_id: int, lesson: str, step: str) -> Mapping[str, int]:
        """Return how often each answer was given in a class."""
        ...

    async def grading(self, attempt_id: int, step: str) -> Grading | None:
        """Load the grading of a teach-back."""
        ...

    async def keep_grading(self, attempt_id: int, step: str, grading: Grading) -> None:
        """Keep a grading; the first of a teach-back stays."""
        ...

    async def say_again(self, attempt_id: int, step: str, words: str) -> None:
        """Put words in place of those of a teach-back, and let go of its grading."""
        ...

    async def keep_override(
        self, attempt_id: int, step: str, grading: Grading, criterion: str
    ) -> None:
        """Write what instructors said of a criterion."""
        ...


class OpenRecords(Protocol):
    """Open a transaction: commits on a clean exit, rolls back on an exception."""

    def __call__(self) -> AbstractAsyncContextManager[Records]:
        """Open it."""
        ...


class KeepTogether(Protocol):
    """Let the transactions of a block be safe from a power cut when it ends, not one by one."""

    def __call__(self) -> AbstractAsyncContextManager[None]:
        """Begin it; its end waits."""
        ...


class GradeWords(Protocol):
    """Holds a teach-back against its rubric."""

    async def __call__(self, step: TeachbackStep, said: str) -> tuple[tuple[Graded, ...], Mode]:
        """Return a verdict on each criterion, in their order, and who judged.

        Raises:
            ToolError: it can't be graded just now.
        """
        ...
