"""Equal requests in flight become one."""

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from tools.errors import Unavailable

_Answer = TypeVar("_Answer")


@dataclass(slots=True)
class _Flight:
    task: "asyncio.Task[Any]"
    waiting: int = 0


class Flights:
    """What is being asked now, by what was asked.

    A caller that gives up doesn't take the others' answer with it; when all have given up, the work
    is cancelled.
    """

    def __init__(self) -> None:
        """Nothing is being asked."""
        self._in_flight: dict[Hashable, _Flight] = {}

    async def join(self, key: Hashable, begin: Callable[[], "asyncio.Task[_Answer]"]) -> _Answer:
        """Await the one task that answers `key`; `begin` it if nobody has.

        Raises:
            Unavailable: it was cancelled from outside; and what the task or `begin` raises.
        """
        key = (asyncio.get_running_loop(), key)  # a task can be awaited on its own loop only
        flight = self._in_flight.get(key) or self._started(key, begin())
        flight.waiting += 1
        try:
            answer: _Answer = await asyncio.shield(flight.task)
        except asyncio.CancelledError:
            if not flight.task.cancelled() or _is_being_cancelled():
                raise
            raise Unavailable("The model has been shut down. Try again in a moment.") from None
        finally:
            flight.waiting -= 1
            if flight.waiting == 0 and not flight.task.done():
                self._in_flight.pop(key, None)  # who comes now starts afresh
                flight.task.cancel()
        return answer

    def cancel(self) -> None:
        """Give up all that is in flight."""
        for flight in tuple(self._in_flight.values()):
            flight.task.cancel()

    def _started(self, key: Hashable, task: "asyncio.Task[Any]") -> _Flight:
        flight = self._in_flight[key] = _Flight(task)
        task.add_done_callback(lambda done: self._forget(key, done))
        return flight

    def _forget(self, key: Hashable, done: "asyncio.Task[Any]") -> None:
        flight = self._in_flight.get(key)
        if flight is not None and flight.task is done:
            del self._in_flight[key]
        if not done.cancelled():
            done.exception()  # seen, even if every caller has left meanwhile


def _is_being_cancelled() -> bool:
    """Tell whether it is the caller that gives up, and not the work it awaits."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
