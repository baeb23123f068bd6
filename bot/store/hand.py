"""A thread that does one thing after another for an event loop.

Handing over costs half of what an executor's does, and that is paid for every guess.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class _Failed:
    error: Exception


class Hand:
    """Starts when it is first needed; ends when told to rest, or with the program."""

    def __init__(self, name: str) -> None:
        """Remember what it is called among the threads."""
        self._name = name
        self._jobs: SimpleQueue[Callable[[], None] | None] | None = None

    async def do(self, job: Callable[[], _Answer]) -> _Answer:
        """Return what a job gives, or raise what it raises."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[_Answer] = loop.create_future()

        def work() -> None:
            outcome = _outcome(job)
            with suppress(RuntimeError):  # the loop is gone, and with it who asked
                loop.call_soon_threadsafe(_settle, done, outcome)

        if self._jobs is None:
            self._jobs = SimpleQueue()
            Thread(target=_run, args=(self._jobs,), name=self._name, daemon=True).start()
        self._jobs.put(work)
        return await done

    def rest(self) -> None:
        """End the thread, once it has done what it was given."""
        if self._jobs is not None:
            self._jobs.put(None)
            self._jobs = None


def _outcome(job: Callable[[], _Answer]) -> _Answer | _Failed:
    try:
        return job()
    except Exception as error:  # noqa: BLE001 - raised where the job was given
        return _Failed(error)


def _settle(done: "asyncio.Future[_Answer]", outcome: _Answer | _Failed) -> None:
    if done.done():
        return  # nobody waits any more
    if isinstance(outcome, _Failed):
        done.set_exception(outcome.error)
    else:
        done.set_result(outcome)


def _run(jobs: "SimpleQueue[Callable[[], None] | None]") -> None:
    while job := jobs.get():
        job()
