"""Who is served next: so many at once in total, fewer of each learner, the rest in line.

Of those who wait, the one whose learner has the least under way goes first, so that nobody can fill
the line for the others.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

Future = asyncio.Future[Any]


@dataclass(eq=False, slots=True)
class Seat:
    """A request's place: waiting until `called` is done, then being served."""

    line: "WaitingLine"
    learner: int | None
    called: Future

    async def wait(self) -> None:
        """Wait to be served."""
        await self.called

    def leave(self) -> None:
        """Give the place up, served or not; a second time changes nothing."""
        self.line.leave(self)


@dataclass(slots=True)
class WaitingLine:
    """Those who are served and those who wait.

    Attributes:
        at_once: How many are served at a time.
        each: How many of one learner's.
    """

    at_once: int
    each: int
    waiting: list[Seat] = field(default_factory=list)
    served: set[Seat] = field(default_factory=set)
    _of: Counter[int | None] = field(default_factory=Counter)

    def take(self, learner: int | None) -> Seat:
        """Return a new place at the end. Needs a running loop."""
        seat = Seat(self, learner, asyncio.get_running_loop().create_future())
        self.waiting.append(seat)
        self._call()
        return seat

    def count(self, learner: int) -> int:
        """Return how many places a learner holds, served and waiting."""
        return self._of[learner] + sum(seat.learner == learner for seat in self.waiting)

    def leave(self, seat: Seat) -> None:
        """Take a place away, and serve who comes next."""
        if seat in self.served:
            self.served.remove(seat)
            self._of[seat.learner] -= 1
            self._of += Counter()  # forgets those who have nothing under way
        elif seat in self.waiting:
            self.waiting.remove(seat)
            seat.called.cancel()
        self._call()

    def _call(self) -> None:
        while len(self.served) < self.at_once and (
            may := [s for s in self.waiting if self._may(s)]
        ):
            seat = min(may, key=self._under_way)  # the first of equals came first
            self.waiting.remove(seat)
            self.served.add(seat)
            self._of[seat.learner] += 1
            if not seat.called.done():
                seat.called.set_result(None)

    def _may(self, seat: Seat) -> bool:
        return seat.learner is None or self._of[seat.learner] < self.each

    def _under_way(self, seat: Seat) -> int:
        return 0 if seat.learner is None else self._of[seat.learner]
