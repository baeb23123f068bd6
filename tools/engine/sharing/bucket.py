"""A token bucket: so many requests at once, and then no more than come back with time."""

import math
from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class Bucket:
    """What somebody may still ask.

    Attributes:
        room: Requests in a full bucket.
        per_s: Requests that come back each second.
        left: What was in it at `at`.
        at: Seconds, on a clock that only differences of mean something.
    """

    room: float
    per_s: float
    left: float
    at: float

    @classmethod
    def full(cls, room: float, per_s: float, now: float) -> Self:
        """Return one that nobody has taken from."""
        return cls(room, per_s, room, now)

    def at_time(self, now: float) -> Self:
        """Return it with what has come back since."""
        since = max(0.0, now - self.at)
        return replace(self, left=min(self.room, self.left + since * self.per_s), at=now)

    def wait_s(self, now: float) -> float:
        """Return how long until a request fits: 0 or more seconds."""
        return max(0.0, 1.0 - self.at_time(now).left) / self.per_s

    def taken(self, now: float) -> Self:
        """Return it with one request less. Ask `wait_s` first."""
        present = self.at_time(now)
        return replace(present, left=present.left - 1.0)

    def is_full(self, now: float) -> bool:
        """Tell whether it says no more than a new one would."""
        return math.isclose(self.at_time(now).left, self.room)
