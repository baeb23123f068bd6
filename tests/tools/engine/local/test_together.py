import threading
from collections.abc import Iterator, Sequence

import pytest

from tools.engine.local.together import Together
from tools.engine.worker import Worker
from tools.errors import BadInput, Unavailable


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker("together")
    yield worker
    worker.close()
    assert worker.join(10)


class Squares:
    """Squares numbers; can't square 13, and breaks on 99."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    def __call__(self, numbers: Sequence[int]) -> list[int | Exception]:
        self.batches.append(list(numbers))
        if 99 in numbers:
            raise Unavailable("broken")
        return [BadInput("unlucky") if n == 13 else n * n for n in numbers]


@pytest.fixture
def squares() -> Squares:
    return Squares()


def held(worker: Worker) -> threading.Event:
    """Keep the worker busy until the event is set."""
    go = threading.Event()
    worker.submit(go.wait)
    return go


def test_a_lone_request_does_not_wait(worker: Worker, squares: Squares) -> None:
    together = Together(worker, squares)
    assert together.submit(3).result(5) == 9
    assert squares.batches == [[3]]


def test_those_who_wait_are_answered_at_once_up_to_a_bound(
    worker: Worker, squares: Squares
) -> None:
    together, go = Together(worker, squares, most=4), held(worker)
    asked = [together.submit(number) for number in range(10)]
    go.set()
    assert [one.result(5) for one in asked] == [n * n for n in range(10)]
    assert squares.batches == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


def test_one_that_fails_fails_alone(worker: Worker, squares: Squares) -> None:
    together, go = Together(worker, squares), held(worker)
    good, bad = together.submit(2), together.submit(13)
    go.set()
    assert good.result(5) == 4
    with pytest.raises(BadInput):
        bad.result(5)


def test_a_failure_of_all_is_told_to_all_and_to_nobody_after(
    worker: Worker, squares: Squares
) -> None:
    together, go = Together(worker, squares), held(worker)
    asked = [together.submit(99), together.submit(1)]
    go.set()
    for one in asked:
        with pytest.raises(Unavailable, match="broken"):
            one.result(5)
    assert together.submit(4).result(5) == 16


def test_who_has_left_is_not_answered(worker: Worker, squares: Squares) -> None:
    together, go = Together(worker, squares), held(worker)
    left, stays = together.submit(5), together.submit(6)
    assert left.cancel()
    go.set()
    assert stays.result(5) == 36
    assert squares.batches == [[6]]


def test_closing_tells_those_who_wait_and_those_who_come(squares: Squares) -> None:
    worker = Worker("closing")
    together, go = Together(worker, squares), held(worker)
    waiting = together.submit(7)
    worker.close()
    go.set()
    with pytest.raises(Unavailable, match="shut down"):
        waiting.result(5)
    with pytest.raises(Unavailable, match="shut down"):
        together.submit(8)
    assert worker.join(10)
