"""What the guess game needs from the outside."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol

from bot.domain.daily.game import Best, Crowd, DailyGuess
from bot.domain.learner import Learner


class Dailies(Protocol):
    """The guess game, inside one open transaction."""

    async def enrol(self, learner: Learner, now: datetime) -> None:
        """Remember a learner and their class; once is enough."""
        ...

    async def made_on(self, learner_id: int, day: date) -> Sequence[DailyGuess]:
        """Return a learner's guesses at a day's passage, in order."""
        ...

    async def keep(self, learner: Learner, day: date, guess: DailyGuess) -> bool:
        """Keep a guess before the model is asked; False if there is one at that place."""
        ...

    async def settle(self, learner_id: int, day: date, guess: DailyGuess) -> None:
        """Write what the model said of a guess, or that the learner went on without."""
        ...

    async def crowd(self, cohort_id: int, day: date, place: int) -> Crowd | None:
        """Return how a class did at one place; None: nobody was scored there."""
        ...

    async def best_of(self, learner_id: int, places: int) -> Best | None:
        """Return a learner's best passage of those with all places scored; None: no such."""
        ...

    async def finished_days(self, learner_id: int, places: int) -> Sequence[date]:
        """Return the days on which a learner guessed at all places, and waits for none."""
        ...

    async def practise(self, learner_id: int, day: date) -> None:
        """Remember a day on which a learner practised outside a lesson; once is enough."""
        ...

    async def zone_of(self, learner_id: int) -> str:
        """Return a learner's time zone; UTC if they chose none."""
        ...


class OpenDailies(Protocol):
    """Open a transaction: commits on a clean exit, rolls back on an exception."""

    def __call__(self) -> AbstractAsyncContextManager[Dailies]:
        """Open it."""
        ...
