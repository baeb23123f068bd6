"""What stands before an engine: limits on who may ask how much, and a breaker behind them."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from tools.engine.asker import asker
from tools.engine.sharing.breaker import Breaker
from tools.engine.sharing.limits import HEAVY, Admission, Limits
from tools.engine.sharing.line import Seat
from tools.errors import Resting, Unavailable

_Answer = TypeVar("_Answer")
AskModel = Callable[[], Coroutine[Any, Any, _Answer]]


class Guard:
    """Lets requests through: light ones many at a time, heavy ones singly."""

    def __init__(
        self, limits: Limits | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Let everybody through, to begin with.

        Args:
            limits: For light requests.
            clock: Seconds; only differences mean something.
        """
        self._light, self._heavy = Admission(limits or Limits()), Admission(HEAVY)
        self._breaker = Breaker()
        self._clock = clock

    def begin(self, ask: AskModel[_Answer], *, is_heavy: bool = False) -> "asyncio.Task[_Answer]":
        """Begin to ask for the present asker, or wait in line to; refuse at once if it can't be.

        Raises:
            Busy: over a limit.
            Resting: the model is left alone.
        """
        self._require_awake()
        admission = self._heavy if is_heavy else self._light
        seat = admission.seat(asker(), self._clock())
        task = asyncio.create_task(self._ask(seat, ask, admission))
        task.add_done_callback(lambda _: seat.leave())  # a task may be cancelled before it starts
        return task

    async def _ask(self, seat: Seat, ask: AskModel[_Answer], admission: Admission) -> _Answer:
        await seat.wait()
        started = self._clock()
        try:
            return await self._watched(ask)
        finally:
            admission.done(seat, self._clock() - started)

    async def _watched(self, ask: AskModel[_Answer]) -> _Answer:
        """Ask, and let the breaker know how it went."""
        self._require_awake()  # it may have been left alone while this one waited
        self._breaker, is_probe = self._breaker.asked()
        try:
            answer = await ask()
        except Unavailable as failure:
            now = self._clock()
            self._breaker = self._breaker.failed(now, str(failure), is_probe=is_probe)
            raise
        except asyncio.CancelledError:
            self._breaker = self._breaker.given_up(is_probe=is_probe)
            raise
        except BaseException:  # a refusal is an answer
            self._breaker = self._breaker.answered()
            raise
        self._breaker = self._breaker.answered()
        return answer

    def _require_awake(self) -> None:
        breaker = self._breaker
        if (wait_s := breaker.wait_s(self._clock())) > 0:
            raise Resting(breaker.last, breaker.failures, wait_s)
