"""While people click, and when the bot ends, nothing holds up the event loop.

asyncio's debug mode logs what took long; what fails is a call that waits for a thread or the clock.
"""

import asyncio
import threading
from typing import Any

import pytest

from bot.ui.client import HunchBot
from curriculum.schema import Course
from tests.fakes.model import FakeEngine
from tests.journeys.player import Player
from tests.journeys.test_lesson_one import walk
from tools.engine.base import Distribution, Prompt
from tools.engine.worker import Worker

SLOW_S = 1.0  # of one callback, before the log tells of it: far more than any takes by itself


class OnAThread(FakeEngine):
    """Answers on a worker's thread, as the embedded engine does."""

    def __init__(self) -> None:
        super().__init__()
        self.worker = Worker("journeys")
        self.in_line = asyncio.Event()  # somebody waits for an answer
        self._go = threading.Event()

    async def next_token(self, prompt: Prompt, k: int) -> Distribution:
        found = await super().next_token(prompt, k)
        answer = self.worker.submit(lambda: found)
        self.in_line.set()
        return await asyncio.wrap_future(answer)

    def hold(self) -> None:
        """Keep the thread busy until the engine is closed."""
        self.worker.submit(self._go.wait)

    async def close(self) -> None:
        self.worker.close()
        self._go.set()
        await asyncio.to_thread(self.worker.join, 10)


@pytest.fixture
def engine(blocked: list[str]) -> OnAThread:
    return OnAThread()


@pytest.fixture(autouse=True)
async def debugged(simcord_env: Any) -> None:
    """Let asyncio look closely, and tell the log of what takes long."""
    loop = asyncio.get_running_loop()
    loop.set_debug(True)
    loop.slow_callback_duration = SLOW_S


async def test_a_lesson_holds_up_nobody(alice: Player, shipped: Course, blocked: list[str]) -> None:
    await walk(alice, shipped, is_right=True)
    assert blocked == []


async def test_an_instrument_a_question_and_a_review_hold_up_nobody(
    alice: Player, blocked: list[str]
) -> None:
    await alice.type("nexttoken", prompt="The cat sat on the")
    await alice.press("Sample")
    await alice.type("ask", question="What is a KV cache?")
    await alice.type("review")
    await alice.type("more progress")
    assert blocked == []


async def test_a_bot_that_ends_while_somebody_waits_for_the_model_holds_up_nobody(
    alice: Player, simcord_bot: HunchBot, engine: OnAThread, blocked: list[str]
) -> None:
    alice.guesses = True
    await alice.type("nexttoken", prompt="The cat sat on the")
    engine.hold()
    asking = asyncio.create_task(alice.press("Just show me"))
    await engine.in_line.wait()
    await simcord_bot.close()
    assert blocked == []
    await asking
    assert "I was restarted in the middle of this." in alice.told
