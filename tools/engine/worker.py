"""One thread with a queue: where the model runs, so that the event loop never waits for it.

A plain thread, not an executor: executors join their threads at exit, however long they take.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from tools.errors import Unavailable

_Result = TypeVar("_Result")
_SHUT_DOWN = "The model has been shut down. Start Hunch again."


class Worker:
    """Runs jobs in turn on a daemon thread; may be awaited from any event loop."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = (
            queue.SimpleQueue()
        )
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    async def run(self, job: Callable[[], _Result]) -> _Result:
        """Run a job on the thread and return what it returns, or raise what it raises.

        A caller that is cancelled while its job waits in the queue takes the job with it.
        """
        return await asyncio.wrap_future(self.submit(job))

    def submit(self, job: Callable[[], _Result]) -> Future[_Result]:
        """Put a job in the queue; the thread starts with the first.

        Raises:
            Unavailable: the worker has been closed.
        """
        future: Future[_Result] = Future()
        with self._lock:
            if self._is_closed:
                raise Unavailable(_SHUT_DOWN)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()
            self._jobs.put((job, future))
        return future

    def close(self) -> None:
        """Refuse new jobs and those that wait, and let the thread end after the present one."""
        with self._lock:
            self._is_closed = True
            waiting = self._taken_back()
            self._jobs.put(None)
        for future in waiting:  # outside of the lock: whoever is told may come back with a job
            if future.set_running_or_notify_cancel():
                future.set_exception(Unavailable(_SHUT_DOWN))

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread to end after `close`; tell whether it has."""
        if self._thread is not None:
            self._thread.join(timeout_s)
        return self._thread is None or not self._thread.is_alive()

    def _taken_back(self) -> list[Future[Any]]:
        """Take out what waits, without ever waiting for it: the thread takes jobs meanwhile."""
        taken: list[Future[Any]] = []
        with suppress(queue.Empty):
            while True:
                if waiting := self._jobs.get_nowait():
                    taken.append(waiting[1])
        return taken

    def _work(self) -> None:
        while (item := self._jobs.get()) is not None:
            job, future = item
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(job())
            except BaseException as raised:  # noqa: BLE001 - carried to whoever awaits the job
                future.set_exception(raised)
            del job, future, item  # or the last answer would be held until the next job
