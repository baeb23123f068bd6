"""What is noted as blocking a loop, and what isn't."""

import asyncio
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

import pytest

from tests.blocking import blocking_calls

HERE = (str(Path(__file__).parent),)


def simple_queue() -> None:
    jobs: queue.SimpleQueue[int] = queue.SimpleQueue()
    jobs.put(1)
    jobs.get()


def bounded_queue() -> None:
    jobs: queue.Queue[int] = queue.Queue(1)
    jobs.put(1)
    jobs.get()


def event() -> None:
    threading.Event().wait(0.001)


def lock() -> None:
    held = threading.Lock()
    held.acquire()
    held.acquire(timeout=0.001)


def result() -> None:
    with suppress(TimeoutError):
        Future[int]().result(0.001)


def joined() -> None:
    go = threading.Event()
    thread = threading.Thread(target=go.wait)
    thread.start()
    thread.join(0.001)
    go.set()


def process() -> None:
    subprocess.run([sys.executable, "-c", ""], check=True)


def slept() -> None:
    time.sleep(0.001)


BLOCKS = {
    simple_queue: "SimpleQueue.get",
    bounded_queue: "Queue.put",
    event: "Condition.wait",
    lock: "Lock.acquire",
    result: "Future.result",
    joined: "Thread.join",
    process: "Popen.",
    slept: "time.sleep",
}


@pytest.mark.parametrize(
    ("block", "what"), BLOCKS.items(), ids=lambda one: getattr(one, "__name__", "")
)
async def test_what_waits_for_a_thread_or_the_clock_is_noted_on_a_loop(
    block: Callable[[], None], what: str
) -> None:
    with blocking_calls(HERE) as noted:
        block()
    assert any(one.startswith(what) and block.__name__ in one for one in noted), noted


@pytest.mark.parametrize("block", BLOCKS, ids=lambda one: one.__name__)
async def test_the_same_beside_the_loop_is_not_noted(block: Callable[[], None]) -> None:
    with blocking_calls(HERE) as noted:
        await asyncio.to_thread(block)
    assert noted == []


async def test_what_never_waits_is_not_noted() -> None:
    with blocking_calls(HERE) as noted:
        jobs: queue.SimpleQueue[int] = queue.SimpleQueue()
        jobs.put(1)
        jobs.get_nowait()
        with threading.Lock():
            threading.Event().set()
        threading.Thread(target=int).start()
        answer: Future[int] = Future()
        answer.set_result(1)
        answer.result()
        await asyncio.sleep(0)
    assert noted == []


async def test_only_what_our_lines_call_is_held_to_it(tmp_path: Path) -> None:
    with blocking_calls((str(tmp_path),)) as noted:
        slept()
    assert noted == []
