"""Calls that hold up an event loop, caught by what they are and not by how long they took.

A machine that is busy makes every callback slow, so a bound on time fails for no fault of ours.
What waits for another thread, or for the clock, is wrong on a loop's thread however short it was:
it is noted, with the line of ours that it came from.
"""

import asyncio
import concurrent.futures
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
OURS = tuple(str(ROOT / floor) for floor in ("bot", "tools", "curriculum", "migrations"))

Note = Callable[[str], None]


@contextmanager
def blocking_calls(ours: tuple[str, ...] = OURS) -> Iterator[list[str]]:
    """Give a list that fills, while the block runs, with each blocking call on a loop's thread.

    Simple queues and locks are watched that our code makes in the block. A lock is noted where it
    had to be waited for: to take a free one holds nobody up.

    Args:
        ours: The folders whose code is held to it, and what it calls.
    """
    noted: list[str] = []

    def note(what: str) -> None:
        if asyncio._get_running_loop() is not None and (line := _line_of(ours)):
            noted.append(f"{what} at {line}")

    with pytest.MonkeyPatch.context() as patched:
        for owner, name, what, waits in _WAITS:
            patched.setattr(owner, name, _watched(getattr(owner, name), what, waits, note))
        patched.setattr(queue, "SimpleQueue", _simple_queue(note))
        patched.setattr(threading, "Lock", _lock(note, ours))
        yield noted


def _may_wait(_: object, block: bool = True, timeout: float | None = None) -> bool:
    return block and timeout != 0


def _put_may_wait(of: Any, item: object, *how: Any, **named: Any) -> bool:
    return of.maxsize > 0 and _may_wait(of, *how, **named)


def _wait_may_wait(_: object, timeout: float | None = None) -> bool:
    return timeout != 0


def _always(*_: Any, **__: Any) -> bool:
    return True


def _is_unanswered(of: Any, timeout: float | None = None) -> bool:
    return timeout != 0 and not of.done()


_WAITS: tuple[tuple[Any, str, str, Callable[..., bool]], ...] = (
    (time, "sleep", "time.sleep", _always),
    (queue.Queue, "get", "Queue.get", _may_wait),
    (queue.Queue, "put", "Queue.put", _put_may_wait),
    (
        threading.Condition,
        "wait",
        "Condition.wait",
        _wait_may_wait,
    ),  # and so Event, Semaphore, Barrier
    (threading.Thread, "join", "Thread.join", lambda of, *_, **__: of.is_alive()),
    (concurrent.futures.Future, "result", "Future.result", _is_unanswered),
    (concurrent.futures.Future, "exception", "Future.exception", _is_unanswered),
    (subprocess.Popen, "wait", "Popen.wait", _always),
    (subprocess.Popen, "communicate", "Popen.communicate", _always),
)


def _watched(real: Any, what: str, waits: Callable[..., bool], note: Note) -> Any:
    def watched(*args: Any, **kwargs: Any) -> Any:
        if waits(*args, **kwargs):
            note(what)
        return real(*args, **kwargs)

    return watched


def _simple_queue(note: Note) -> type:
    class SimpleQueue(queue.SimpleQueue[Any]):
        def get(self, block: bool = True, timeout: float | None = None) -> Any:
            if _may_wait(self, block, timeout):
                note("SimpleQueue.get")
            return super().get(block, timeout)

    return SimpleQueue


def _lock(note: Note, ours: tuple[str, ...]) -> Callable[[], Any]:
    real = threading.Lock

    class Lock:
        def __init__(self) -> None:
            self._lock = real()
            self.release, self.locked = self._lock.release, self._lock.locked

        def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
            if self._lock.acquire(False):
                return True
            if blocking:
                note("Lock.acquire")
            return self._lock.acquire(blocking, timeout)

        def __enter__(self) -> bool:
            return self.acquire()

        def __exit__(self, *_: object) -> None:
            self.release()

    def make() -> Any:
        return Lock() if sys._getframe(1).f_code.co_filename.startswith(ours) else real()

    return make


def _line_of(ours: tuple[str, ...]) -> str:
    """Return the nearest line of ours above; nothing where there is none."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        code = frame.f_code
        if code is threading.Thread.start.__code__:
            return ""  # it waits until the new thread has begun, and nobody starts one otherwise
        if code.co_filename != __file__ and code.co_filename.startswith(ours):
            return f"{code.co_filename}:{frame.f_lineno} ({code.co_name})"
        frame = frame.f_back
    return ""
