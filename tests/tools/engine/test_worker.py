"""One thread with a queue, and how it ends."""

import asyncio
import threading

import pytest

from tests.blocking import blocking_calls
from tools.engine.worker import Worker
from tools.errors import Unavailable


async def test_closing_refuses_what_waits_without_waiting_for_the_thread() -> None:
    with blocking_calls() as blocked:
        worker, begun, go = Worker("closing"), threading.Event(), threading.Event()
        running = worker.submit(lambda: begun.set() or (go.wait() and "done"))
        assert await asyncio.to_thread(begun.wait, 10)
        waiting = [asyncio.create_task(worker.run(int)) for _ in range(3)]
        await asyncio.sleep(0)
        worker.close()
        told = await asyncio.gather(*waiting, return_exceptions=True)
    assert blocked == []
    assert [type(one) for one in told] == [Unavailable] * 3
    go.set()
    assert await asyncio.wrap_future(running) == "done"
    assert await asyncio.to_thread(worker.join, 10)


async def test_who_is_refused_at_closing_may_come_back_at_once_and_is_refused_again() -> None:
    worker, go = Worker("closing"), threading.Event()
    worker.submit(go.wait)
    waiting, again = worker.submit(int), []

    def come_back(_: object) -> None:
        with pytest.raises(Unavailable, match="shut down"):
            worker.submit(int)
        again.append("refused")

    waiting.add_done_callback(come_back)
    worker.close()
    go.set()
    assert again == ["refused"]
    assert await asyncio.to_thread(worker.join, 10)


async def test_a_second_closing_changes_nothing() -> None:
    worker = Worker("closing")
    assert await worker.run(lambda: 7) == 7
    worker.close()
    worker.close()
    assert await asyncio.to_thread(worker.join, 10)
