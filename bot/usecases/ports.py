"""What the use cases need from the outside. Adapters implement these; tests fake them."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol

from bot.domain.attempt import Attempt, Guess
from bot.domain.learner import Learner
from bot.domain.trial import Trial
from tools.exhibit import Exhibit
from tools.instrument import Turning


class Records(Protocol):
    """All that is kept about learners, inside one open transaction."""

    async def enrol(self, learner: Learner, now: datetime) -> None:
        """Remember a learner and their class; once is enough."""
        ...

    async def attempt(self, attempt_id: int) -> Attempt | None:
        """Load one attempt and hold it until the transaction ends."""
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
        """Open a run; the same run asked for twice is the same attempt."""
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

    async def votes(self, cohort_id: int, lesson: str, step: str) -> Mapping[str, int]:
        """Return how often each answer was given in a class."""
        ...

    async def open_trial(
        self, learner: Learner, instrument: str, chosen: Mapping[str, Any], now: datetime
    ) -> Trial:
        """Keep the state of an instrument that was opened."""
        ...

    async def trial(self, trial_id: int) -> Trial | None:
        """Load one."""
        ...

    async def save_trial(self, trial: Trial, now: datetime) -> bool:
        """Write the trial over its former revision; False if another click was first."""
        ...


class OpenRecords(Protocol):
    """Open a transaction: commits on a clean exit, rolls back on an exception."""

    def __call__(self) -> AbstractAsyncContextManager[Records]:
        """Open it."""
        ...


class Instruments(Protocol):
    """The catalogue, on the engines at hand. Each method may raise `tools.errors.ToolError`."""

    def checked(self, name: str, chosen: Mapping[str, Any]) -> dict[str, Any]:
        """Return all of an instrument's parameters, checked, as plain data."""
        ...

    async def run(self, name: str, chosen: Mapping[str, Any]) -> Exhibit:
        """Return what the instrument produced."""
        ...

    async def turned(
        self, name: str, chosen: Mapping[str, Any], turning: Turning
    ) -> dict[str, Any]:
        """Return the parameters after a knob was turned, as plain data."""
        ...


class Clock(Protocol):
    """Tell the time."""

    def __call__(self) -> datetime:
        """Return now, in UTC."""
        ...
