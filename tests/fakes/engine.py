"""An engine that counts what it is asked, and answers when it is let."""

import asyncio
import math
from collections.abc import Sequence
from datetime import UTC, datetime

from tools.engine.base import Candidate, Capability, Distribution, Prompt, Scored, Token
from tools.errors import ToolError

WHEN = datetime(2026, 1, 1, tzinfo=UTC)
SHARES = (0.5, 0.25, 0.125, 0.0625)


def distribution(
    k: int = 4,
    shares: Sequence[float] = SHARES,
    texts: Sequence[str] = (" floor", "\n", "\ufffd", "<|im_end|>"),
    read: Sequence[str] = ("The", " cat"),
) -> Distribution:
    """Return a distribution with round numbers."""
    top = tuple(
        Candidate(Token(100 + place, text), math.log(share))
        for place, (text, share) in enumerate(zip(texts, shares, strict=False))
    )
    return Distribution(
        prompt_tokens=tuple(Token(place, text) for place, text in enumerate(read)),
        top=top[:k],
        vocabulary=49_152,
        entropy_bits=2.0,
        is_entropy_exact=True,
        model="fake",
        engine="test",
        at=WHEN,
        elapsed_ms=61.0,
    )


class CountingEngine:
    """Answers every prompt alike; counts calls; may be held, or fail."""

    def __init__(self) -> None:
        self.name = "test"
        self.model = "fake"
        self.calls: list[tuple[Prompt, int]] = []
        self.cancelled = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.failure: ToolError | None = None
        self.is_started = self.is_closed = False

    def start(self) -> None:
        self.is_started = True

    def capabilities(self) -> frozenset[Capability]:
        return frozenset(Capability)

    async def next_token(self, prompt: Prompt, k: int) -> Distribution:
        self.calls.append((prompt, k))
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.failure:
            raise self.failure
        return distribution(k, read=("The", " cat", *(" floor" for _ in prompt.appended)))

    async def score(self, prompt: Prompt, continuation: str) -> tuple[Scored, ...]:
        self.calls.append((prompt, 0))
        await self.gate.wait()
        return (Scored(Token(1, continuation), -1.0, 2),)

    async def continuation(self, prompt: Prompt, text: str) -> tuple[Token, ...]:
        self.calls.append((prompt, 0))
        return (Token(1, text),)

    async def tokenize(self, text: str) -> tuple[Token, ...]:
        self.calls.append((Prompt(text), 0))
        return (Token(1, text),)

    async def check(self) -> str:
        return "fine"

    async def close(self) -> None:
        self.is_closed = True
