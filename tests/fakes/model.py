"""A model of nine tokens that knows one sentence, as an engine."""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from zlib import crc32

from tests.fakes.clock import NOW
from tools.engine.base import Candidate, Capability, Distribution, Prompt, Scored, Token
from tools.engine.prompts import clean_prompt
from tools.errors import ToolError

LIKELY = {
    " kube": 0.389,
    " scheduler": 0.184,
    " Kubernetes": 0.126,
    " control": 0.032,
    " cluster": 0.023,
    " controller": 0.019,
    " default": 0.015,
    " API": 0.012,
    " node": 0.011,
    " system": 0.010,
    " k": 0.009,
    " `": 0.008,
    "\n": 0.007,
    " orchestr": 0.006,
    " master": 0.005,
    " same": 0.005,
    " underlying": 0.004,
    " Pod": 0.004,
    " following": 0.003,
    " new": 0.003,
    " user": 0.002,
    " built": 0.002,
}
REST = 0.5  # of what follows the hyphen of a longer word
UNLIKELY = 1e-6  # of any token that isn't listed
VOCABULARY = 49_152


@dataclass
class FakeEngine:
    """A model that says the same to everyone. Implements `tools.engine.base.Engine`.

    Each token put behind a prompt moves the likely ones round by one place, so that a loop goes on.

    Attributes:
        likely: Token text to probability, most likely first.
        can: What it offers; it has no raw scores.
        failure: Raised by every call while it is set.
        calls: How often each method was called.
        asked: The prompts of `next_token`, in order.
        on_call: Called before each answer; may look around and raise.
    """

    likely: Mapping[str, float] = field(default_factory=lambda: dict(LIKELY))
    failure: ToolError | None = None
    calls: Counter[str] = field(default_factory=Counter)
    asked: list[Prompt] = field(default_factory=list)
    on_call: Callable[[], None] | None = None
    name: str = "embedded"
    model: str = "fake-135m"
    address: str | None = None
    can: frozenset[Capability] = frozenset(Capability) - {Capability.FULL_VOCABULARY}

    def start(self) -> None:
        self.calls["start"] += 1

    def capabilities(self) -> frozenset[Capability]:
        return self.can

    async def next_token(self, prompt: Prompt, k: int) -> Distribution:
        self._answer("next_token")
        self.asked.append(prompt)
        clean_prompt(prompt.text)
        ranked = self._ranked(prompt)
        entropy = -sum(p * math.log2(p) for _, p in ranked)
        return Distribution(
            prompt_tokens=_cut(prompt.text) + tuple(Token(i, f"<{i}>") for i in prompt.appended),
            top=tuple(Candidate(of_bytes(text), math.log(p)) for text, p in ranked[:k]),
            vocabulary=VOCABULARY,
            entropy_bits=entropy,
            is_entropy_exact=True,
            model=self.model,
            engine=self.name,
            at=NOW,
            elapsed_ms=1.0,
        )

    async def score(self, prompt: Prompt, continuation: str) -> tuple[Scored, ...]:
        self._answer("score")
        return self._scored(prompt, continuation)

    def _scored(self, prompt: Prompt, continuation: str) -> tuple[Scored, ...]:
        ranked = self._ranked(prompt)
        for rank, (text, probability) in enumerate(ranked, start=1):
            if text == continuation:
                return (Scored(of_bytes(text), math.log(probability), rank),)
        for rank, (text, probability) in enumerate(ranked, start=1):
            if continuation.startswith(text) and continuation[len(text) :].startswith("-"):
                rest = of_bytes(continuation[len(text) :])
                first = Scored(of_bytes(text), math.log(probability), rank)
                return (first, Scored(rest, math.log(REST), 1))
        first = _cut(continuation)[0]
        return (Scored(first, math.log(UNLIKELY), len(ranked) + 1),)

    async def continuation(self, prompt: Prompt, text: str) -> tuple[Token, ...]:
        self._answer("continuation")
        return tuple(one.token for one in self._scored(prompt, text))

    async def tokenize(self, text: str) -> tuple[Token, ...]:
        self._answer("tokenize")
        return _cut(text)

    async def kv_pool(self) -> None:
        self._answer("kv_pool")  # of a server that tells nothing of its cache

    async def check(self) -> str:
        self._answer("check")
        return f"{self.model} answers"

    async def close(self) -> None:
        self.calls["close"] += 1

    def _answer(self, method: str) -> None:
        self.calls[method] += 1
        if self.on_call:
            self.on_call()
        if self.failure:
            raise self.failure

    def _ranked(self, prompt: Prompt) -> list[tuple[str, float]]:
        texts, chances = list(self.likely), list(self.likely.values())
        turn = len(prompt.appended) % len(texts)
        return list(zip(texts[turn:] + texts[:turn], chances, strict=True))


def of_bytes(text: str) -> Token:
    """Return the token of a text; the same text has the same id everywhere."""
    return Token(crc32(text.encode("utf-8", "surrogatepass")) % VOCABULARY, text)


def _cut(text: str) -> tuple[Token, ...]:
    return tuple(of_bytes(piece) for piece in re.findall(r"\s?\S+|\s+", text))
