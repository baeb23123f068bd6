"""Requests that wait for the same thread are answered together; a lone one doesn't wait."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from tools.engine.worker import Worker
from tools.errors import Unavailable

_Request = TypeVar("_Request")
_Answer = TypeVar("_Answer")


@dataclass(slots=True)
class Together(Generic[_Request, _Answer]):
    """Hands the worker all that waits, whenever it has its turn.

    Attributes:
        worker: Where it is answered.
        answer: Answers several; one that can't be answered gets an exception in its place.
        most: How many at a time.
    """

    worker: Worker
    answer: Callable[[Sequence[_Request]], Sequence[_Answer | Exception]]
    most: int = 16
    _waiting: deque[tuple[_Request, "Future[_Answer]"]] = field(default_factory=deque)

    def submit(self, request: _Request) -> "Future[_Answer]":
        """Put a request in line; cancelling the future takes it out.

        Raises:
            Unavailable: the worker has been closed.
        """
        future: Future[_Answer] = Future()
        self._waiting.append((request, future))
        try:
            turn = self.worker.submit(self._serve)
        except Unavailable as closed:
            self._tell(closed)
            raise
        turn.add_done_callback(lambda done: self._tell(done.exception()))
        return future

    def _serve(self) -> None:
        """Answer those who wait now, up to `most`; on the worker's thread.

        Each request has brought a turn, so nobody is left over.
        """
        taken: list[tuple[_Request, Future[_Answer]]] = []
        while self._waiting and len(taken) < self.most:
            request, future = self._waiting.popleft()
            if future.set_running_or_notify_cancel():
                taken.append((request, future))
        if not taken:
            return
        found: Sequence[_Answer | BaseException]
        try:
            found = self.answer([request for request, _ in taken])
        except BaseException as raised:  # noqa: BLE001 - carried to all who await it
            found = [raised] * len(taken)
        for (_, future), one in zip(taken, found, strict=True):
            if isinstance(one, BaseException):
                future.set_exception(one)
            else:
                future.set_result(one)

    def _tell(self, ended: BaseException | None) -> None:
        """Tell those who wait that the worker was closed before their turn."""
        while ended is not None and self._waiting:
            _, future = self._waiting.popleft()
            if future.set_running_or_notify_cancel():
                future.set_exception(ended)
