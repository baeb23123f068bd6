"""How much one learner, and all together, may ask of an engine; the rest wait, or come back."""

from collections import OrderedDict
from dataclasses import dataclass

from tools.engine.sharing.bucket import Bucket
from tools.engine.sharing.line import Seat, WaitingLine
from tools.errors import Busy

REMEMBERED = 10_000  # learners whose buckets are kept; the longest idle are forgotten first
_PACE = 0.2  # how much the newest request weighs in the mean


@dataclass(frozen=True, slots=True)
class Limits:
    """For one kind of request.

    Attributes:
        at_once: Sent to the model at a time, of all learners together.
        waiting: Held back until then; whoever comes on top is told when to try again.
        each_at_once: Of one learner, sent at a time.
        each_waiting: Of one learner, held back.
        each_room: Of one learner, in a burst.
        each_per_s: Of one learner, for long.
    """

    at_once: int = 64
    waiting: int = 256
    each_at_once: int = 16  # as many as `burst` sends
    each_waiting: int = 32
    each_room: float = 200.0
    each_per_s: float = 4.0


# what takes seconds of a processor, or another copy of the weights: one at a time
HEAVY = Limits(at_once=1, waiting=8, each_at_once=1, each_waiting=1, each_room=12.0, each_per_s=0.2)


class Admission:
    """Gives places to those who may ask; time is told to it, in seconds on any clock."""

    def __init__(self, limits: Limits) -> None:
        """Nobody has asked anything yet."""
        self._limits = limits
        self._line = WaitingLine(limits.at_once, limits.each_at_once)
        self._buckets: OrderedDict[int, Bucket] = OrderedDict()
        self._pace_s = 1.0  # how long a request takes, recent ones more than old ones

    def seat(self, learner: int | None, now: float) -> Seat:
        """Return a place in line. Give it up with `done`.

        Raises:
            Busy: too much for this learner, or for all together; the text says when it fits.
        """
        limits, line = self._limits, self._line
        if len(line.waiting) >= limits.waiting:
            wait_s = (1 + len(line.waiting)) * self._pace_s / limits.at_once
            raise Busy(f"The model is busy: {len(line.waiting)} requests wait.", wait_s)
        if learner is not None:
            self._require_room_for(learner, now)
        return line.take(learner)

    def done(self, seat: Seat, took_s: float) -> None:
        """Take a place away after so many seconds with the model; 0: it never got there."""
        seat.leave()
        if took_s > 0:
            self._pace_s += _PACE * (took_s - self._pace_s)

    def _require_room_for(self, learner: int, now: float) -> None:
        under_way = self._line.count(learner)
        if under_way >= self._limits.each_at_once + self._limits.each_waiting:
            raise Busy(f"You have {under_way} requests under way.", self._pace_s)
        new = Bucket.full(self._limits.each_room, self._limits.each_per_s, now)
        bucket = self._buckets.get(learner, new)
        if (wait_s := bucket.wait_s(now)) > 0:
            raise Busy("That was much at once.", wait_s)
        self._buckets[learner] = bucket.taken(now)
        self._buckets.move_to_end(learner)
        self._forget(now)

    def _forget(self, now: float) -> None:
        """Drop buckets that say no more than new ones, longest idle first."""
        while self._buckets:
            learner, bucket = next(iter(self._buckets.items()))
            if not bucket.is_full(now) and len(self._buckets) <= REMEMBERED:
                return
            del self._buckets[learner]
