"""What class rounds need from the outside."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from bot.domain.learner import Learner
from bot.domain.round.round import Ballot, Count, Round, Seen, Vote


class Rounds(Protocol):
    """Class rounds, inside one open transaction."""

    async def enrol(self, learner: Learner, now: datetime) -> None:
        """Remember a learner and their class; once is enough."""
        ...

    async def begin(self, new: Round, now: datetime) -> Round | None:
        """Keep a round under an id of its own; None if one is running in its channel."""
        ...

    async def round(self, round_id: int) -> Round | None:
        """Load one, as it was put."""
        ...

    async def live_in(self, channel_id: int) -> Round | None:
        """Load the one that runs in a channel."""
        ...

    async def live_since(self, begun: datetime) -> Sequence[int]:
        """Return the ids of those running that began no earlier, and have a card."""
        ...

    async def place(self, round_id: int, message_id: int | None) -> None:
        """Remember which message shows a round."""
        ...

    async def move(self, after: Round, now: datetime) -> bool:
        """Write a round over its former revision; False if another move was first."""
        ...

    async def ballot(self, round_id: int, learner_id: int) -> Ballot | None:
        """Load a round with what a learner said in it; it can't move on until the end."""
        ...

    async def cast(self, vote: Vote, now: datetime) -> bool:
        """Keep a vote and count it; False if one of theirs was there already."""
        ...

    async def say_sure(self, vote: Vote, confidence: float, *, is_sure: bool) -> bool:
        """Keep how sure the voter is; False if they had said already."""
        ...

    async def counts(self, round_id: int) -> Sequence[Count]:
        """Return a round's tally, by turn, then answer."""
        ...

    async def seen_by(self, learner_id: int) -> Sequence[Seen]:
        """Return the steps whose answers a learner has seen in rounds they voted in."""
        ...


class OpenRounds(Protocol):
    """Open a transaction: commits on a clean exit, rolls back on an exception."""

    def __call__(self) -> AbstractAsyncContextManager[Rounds]:
        """Open it."""
        ...
