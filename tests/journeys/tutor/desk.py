"""A tutor that says what a test tells it to, and a clock that a test moves by hand."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

from bot.domain.mode import Mode
from bot.domain.tutor.talk import Brief, Event, Outcome, Question, Reply


@dataclass
class ScriptedTutor:
    """Implements `Tutor`. Waits for its next word, as for a slow model.

    Attributes:
        env: The simulated Discord, which is told that the wait is none of its business.
        asked: What it was asked, by whom.
        closed: How many answers were left, in whatever way.
    """

    env: Any = None
    asked: list[tuple[Question, Brief]] = field(default_factory=list)
    closed: int = 0
    _words: asyncio.Queue[Event | Exception] = field(default_factory=asyncio.Queue)

    async def answer(self, question: Question, brief: Brief) -> AsyncGenerator[Event]:
        self.asked.append((question, brief))
        try:
            while True:
                word = await self.env.external_wait(self._words.get(), reason="the tutor writes")
                if isinstance(word, Exception):
                    raise word
                yield word
                if isinstance(word, Reply):
                    return
        finally:
            self.closed += 1

    def will(self, *words: Event | Exception) -> None:
        """Say this, now or when the next question comes."""
        for word in words:
            self._words.put_nowait(word)

    async def says(self, *words: Event | Exception) -> None:
        """Say this, and let the bot take it up."""
        self.will(*words)
        await self.env.settle()

    @property
    def questions(self) -> list[str]:
        return [question.text for question, _ in self.asked]


@dataclass
class HandBeat:
    """Implements `bot.ui.edge.streaming.Beat`: time passes when a test says so."""

    env: Any = None
    time: float = 100.0
    _sleepers: list[tuple[float, "asyncio.Future[None]"]] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        waking: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.time + seconds, waking))
        await self.env.external_wait(waking, reason="the gap between two edits")

    async def passes(self, seconds: float) -> None:
        """Let time pass, and what waited for it go on."""
        self.time += seconds
        for due, waking in self._sleepers:
            if due <= self.time + 1e-9 and not waking.done():
                waking.set_result(None)
        await self.env.settle()


def reply(text: str = "Because prefill comes first.", **parts: Any) -> Reply:
    """Return a whole answer."""
    return Reply(
        text,
        parts.pop("outcome", Outcome.ANSWERED),
        parts.pop("mode", Mode.MODEL),
        **parts,
    )
