"""What instruments in learners' hands need from the outside."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol

from bot.domain.instrument.trial import Trial, TrialGuess
from bot.domain.learner import Learner
from tools.asking import FirstQuestion
from tools.exhibit.exhibit import Exhibit
from tools.instrument import Turning


class Instruments(Protocol):
    """The catalogue, on the engines at hand. Each method may raise `tools.errors.ToolError`."""

    def checked(self, name: str, chosen: Mapping[str, Any]) -> dict[str, Any]:
        """Return all of an instrument's parameters, checked, as plain data."""
        ...

    async def run(self, name: str, chosen: Mapping[str, Any]) -> Exhibit:
        """Return what the instrument produced."""
        ...

    async def question(self, name: str, chosen: Mapping[str, Any]) -> FirstQuestion | None:
        """Return what is guessed before the instrument is run; None: nothing can be."""
        ...

    def right(self, name: str, exhibit: Exhibit) -> int | None:
        """Return the place of the right option, as the exhibit has it; None: it can't be told."""
        ...

    async def turned(
        self, name: str, chosen: Mapping[str, Any], turning: Turning
    ) -> dict[str, Any]:
        """Return the parameters after a knob was turned, as plain data."""
        ...


class Trials(Protocol):
    """Instruments in learners' hands, inside one open transaction."""

    async def enrol(self, learner: Learner, now: datetime) -> None:
        """Remember a learner and their class; once is enough."""
        ...

    async def open_trial(
        self, learner: Learner, instrument: str, chosen: Mapping[str, Any], now: datetime
    ) -> Trial:
        """Keep the state of an instrument that was opened; its learner must be enrolled."""
        ...

    async def trial(self, trial_id: int) -> Trial | None:
        """Load one."""
        ...

    async def save_trial(self, trial: Trial, now: datetime) -> bool:
        """Write the trial over its former revision; False if another click was first."""
        ...

    async def has_guessed(self, learner_id: int, instrument: str) -> bool:
        """Whether they were asked at this instrument, and guessed or went on without."""
        ...

    async def keep_guess(self, guess: TrialGuess, now: datetime) -> TrialGuess:
        """Keep a guess unless the trial has one; return the one that stands."""
        ...

    async def guessed_right(self, learner_id: int) -> tuple[int, int]:
        """Return how many of a learner's guesses were right, of those that could be told."""
        ...


class OpenTrials(Protocol):
    """Open a transaction: commits on a clean exit, rolls back on an exception."""

    def __call__(self) -> AbstractAsyncContextManager[Trials]:
        """Open it."""
        ...
