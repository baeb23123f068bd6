"""Class: seconds in which nothing seems to happen. What is measured is said until it is there."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Settings
from bot.ui.client import HunchBot
from bot.ui.edge.streaming import GAP_S
from tests.fakes.model import FakeEngine
from tests.journeys.bots import Build
from tests.journeys.player import Player, text_of
from tests.journeys.tutor.desk import HandBeat
from tools.engine.base import Distribution, Prompt
from tools.errors import Unavailable

SIGN = "⏳"


class Slow(FakeEngine):
    """Answers once it is let go."""

    env: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.is_asked = asyncio.Event(), asyncio.Event()
        self.gate.set()

    async def next_token(self, prompt: Prompt, k: int) -> Distribution:
        self.is_asked.set()
        if not self.gate.is_set():
            await self.env.external_wait(self.gate.wait(), reason="the model is slow")
        return await super().next_token(prompt, k)


@pytest.fixture
def engine() -> Slow:
    return Slow()


@pytest.fixture
def beat() -> HandBeat:
    return HandBeat()


@pytest.fixture
def new_bot(tmp_path: Path, engine: Slow, beat: HandBeat, build: Build) -> Callable[[], HunchBot]:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/hunch.sqlite")
    return lambda: build(settings, engine, beat=beat)


@pytest.fixture(autouse=True)
def slow(simcord_env: Any, engine: Slow, beat: HandBeat) -> None:
    """Let the model and the clock wait without holding up the simulated Discord."""
    engine.env = beat.env = simcord_env


def newest(alice: Player) -> str:
    """What stands last in the channel."""
    return text_of(max(alice.env.backend.messages[alice.channel.id].values(), key=lambda m: m.id))


async def to_run(alice: Player) -> None:
    """Go to the step that runs an instrument."""
    await alice.type("lesson")
    for label in ("Start", "A", "likely", "Next", "Next"):
        await alice.press(label)


async def test_a_command_says_what_is_measured_until_it_is_there(
    alice: Player, engine: Slow, beat: HandBeat
) -> None:
    await alice.type("nexttoken", prompt="What is asked before it is shown")
    engine.gate.clear()
    await alice.type("nexttoken", prompt="The dog sat on the")
    assert SIGN not in newest(alice)  # what comes soon needs no sign
    await beat.passes(GAP_S)
    assert "Measuring: **nexttoken**" in newest(alice)
    assert "ask for it once more" in newest(alice)
    engine.gate.set()
    await alice.env.settle()
    assert SIGN not in newest(alice)
    assert "live · fake-135m" in newest(alice)


async def test_a_card_keeps_its_buttons_while_it_is_measured(
    alice: Player, engine: Slow, beat: HandBeat
) -> None:
    await to_run(alice)
    before = alice.labels
    engine.gate.clear()
    await alice.press("Run it")
    await beat.passes(GAP_S)
    assert alice.labels == before
    run, sign = alice.text.index("[Run it]"), alice.text.index(SIGN)
    assert run < sign
    assert "press again" in alice.text
    engine.gate.set()
    await alice.env.settle()
    assert SIGN not in alice.text
    assert "live · fake-135m" in alice.text


async def test_what_fails_in_the_end_leaves_no_sign(
    alice: Player, engine: Slow, beat: HandBeat
) -> None:
    await alice.type("nexttoken", prompt="The dog sat on the")
    before = alice.text
    engine.gate.clear()
    await alice.press("Sample")
    await beat.passes(GAP_S)
    assert SIGN in alice.text
    engine.failure = Unavailable("The model server isn't answering just now.")
    engine.gate.set()
    await alice.env.settle()
    assert alice.text == f"> ⚠️ {engine.failure}\n{before}"
    engine.gate.clear()
    await alice.type("nexttoken", prompt="Another one")
    await beat.passes(GAP_S)
    assert SIGN in newest(alice)
    engine.gate.set()
    await alice.env.settle()
    assert newest(alice) == "The model server isn't answering just now."


async def test_a_stop_in_the_middle_leaves_a_card_that_works(
    alice: Player, engine: Slow, beat: HandBeat, new_bot: Callable[[], HunchBot]
) -> None:
    await to_run(alice)
    engine.gate.clear()
    await alice.press("Run it")
    await beat.passes(GAP_S)
    assert SIGN in alice.text
    await alice.env.restart_bot(new_bot())
    engine.gate.set()
    text = await alice.press("Run it")
    assert "live · fake-135m" in text
    assert SIGN not in text


async def test_two_presses_at_once_end_in_the_exhibit(
    alice: Player, engine: Slow, beat: HandBeat
) -> None:
    await to_run(alice)
    engine.gate.clear()
    await alice.press("Run it")
    await alice.press("Run it")
    await beat.passes(GAP_S)
    engine.gate.set()
    await alice.env.settle()
    await beat.passes(GAP_S)
    assert SIGN not in alice.text
    assert "live · fake-135m" in alice.text
