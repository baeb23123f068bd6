"""Any engine, shared by many.

Equal requests in flight become one, recent answers are kept; what is left is limited, and a model
that doesn't answer is left alone.
"""

from collections import OrderedDict
from collections.abc import Hashable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any, TypeVar

from tools.engine.base import Capability, Distribution, Engine, Prompt, Scored, Token
from tools.engine.internals import HEAVY_QUESTIONS, KEPT_QUESTIONS, Looking, inside
from tools.engine.kv_pool import KvPool
from tools.engine.masking import Masked, Rule, masking
from tools.engine.metrics import Metrics
from tools.engine.prompts import clean_piece, clean_prompt, clean_text
from tools.engine.serving import (
    Arrival,
    LoadRound,
    RoutedExperts,
    Served,
    Timed,
    WatchesBlocks,
    serving,
)
from tools.engine.sharing.flights import Flights
from tools.engine.sharing.guard import AskModel, Guard
from tools.engine.templates import Conversation, Templated, templating
from tools.errors import BadInput

_Answer = TypeVar("_Answer")
MAX_SHOWN = 20
_LOOKS_KEPT = 8  # 200 kB each for 50,000 tokens


class SharedEngine(Looking):
    """Wraps an engine; itself one.

    Distributions are kept by model, text, appended tokens; one with more tokens serves a request
    for fewer. Failures are never kept. What is kept, or asked by another already, counts towards
    nobody's limit.
    """

    def __init__(self, engine: Engine, kept: int = 512, *, guard: Guard | None = None) -> None:
        """Wrap an engine.

        Args:
            engine: What answers.
            kept: The most distributions to keep.
            guard: Who may ask how much.
        """
        self._engine = engine
        self._kept: OrderedDict[Hashable, Distribution] = OrderedDict()
        self._looks: OrderedDict[Hashable, Any] = OrderedDict()
        self._room = kept
        self._flights = Flights()
        self._guard = guard or Guard()

    @property
    def name(self) -> str:
        """Where the wrapped engine runs."""
        return self._engine.name

    @property
    def model(self) -> str:
        """What the wrapped engine's model is called."""
        return self._engine.model

    @property
    def address(self) -> str | None:
        """Where others can ask the same model."""
        return self._engine.address

    def start(self) -> None:
        """Let the wrapped engine get ready."""
        self._engine.start()

    def capabilities(self) -> frozenset[Capability]:
        """What the wrapped engine can do."""
        return self._engine.capabilities()

    async def next_token(self, prompt: Prompt, k: int) -> Distribution:
        """Return the `k` likeliest next tokens, kept ones at once.

        Raises:
            BadInput: `k` is not 1..20, or the prompt is empty, too long or can't be sent.
            EngineError: as the wrapped engine.
        """
        if not 1 <= k <= MAX_SHOWN:
            raise BadInput(f"Ask for 1 to {MAX_SHOWN} tokens, not {k}.")
        prompt = replace(prompt, text=clean_prompt(prompt.text))
        key = (self.model, prompt.text, prompt.appended)
        kept = self._kept.get(key)
        if kept is not None and len(kept.top) >= k:
            self._kept.move_to_end(key)
            return replace(_first(kept, k), is_kept=True)
        found = await self._once(("next", key, k), lambda: self._engine.next_token(prompt, k))
        self._keep(key, found)
        return found

    async def score(self, prompt: Prompt, continuation: str) -> tuple[Scored, ...]:
        """Score each token of a continuation."""
        prompt = _with_guess(prompt, continuation)
        key = ("score", self.model, prompt, continuation)
        return await self._once(key, lambda: self._engine.score(prompt, continuation))

    async def continuation(self, prompt: Prompt, text: str) -> tuple[Token, ...]:
        """Return the tokens that text becomes behind a prompt."""
        prompt = _with_guess(prompt, text)
        key = ("continuation", self.model, prompt, text)
        return await self._once(key, lambda: self._engine.continuation(prompt, text))

    async def tokenize(self, text: str) -> tuple[Token, ...]:
        """Cut outside text into tokens."""
        clean = clean_piece(text)
        key = ("tokenize", self.model, clean)
        return await self._once(key, lambda: self._engine.tokenize(clean))

    async def templated(self, said: Conversation, k: int = 4) -> Templated:
        """Put a conversation into the chat template of the wrapped engine's model."""
        for one in said.messages:
            clean_prompt(one.content)
        key = ("templated", self.model, said, k)
        return await self._once(key, lambda: templating(self._engine).templated(said, k))

    async def masked(self, prompt: str, rule: Rule, steps: int) -> Masked:
        """Write some tokens under a rule on the wrapped engine; see `masking.Masking`."""
        clean = clean_prompt(prompt)
        key = ("masked", self.model, clean, rule, steps)
        return await self._once(key, lambda: masking(self._engine).masked(clean, rule, steps))

    async def look(self, question: str, *arguments: Hashable) -> Any:
        """Ask about the inside of the wrapped engine's model.

        Raises:
            Missing: the wrapped engine can't be looked into.
        """
        engine = inside(self._engine)
        key = ("look", self.model, question, arguments)
        if key in self._looks:
            return self._looks[key]
        is_heavy = question in HEAVY_QUESTIONS
        found = await self._once(key, lambda: engine.look(question, *arguments), is_heavy=is_heavy)
        if question in KEPT_QUESTIONS:
            self._looks[key] = found
            while len(self._looks) > _LOOKS_KEPT:
                self._looks.popitem(last=False)
        return found

    async def ready(self) -> None:
        """Let the wrapped engine look up what a timed request needs; raises as `stream_timed`."""
        await serving(self._engine).ready()

    async def stream_timed(self, prompt: str, tokens: int) -> Timed:
        """Generate and time tokens on the wrapped engine; each request is sent.

        Raises:
            Missing: the wrapped engine is no server.
        """
        engine = serving(self._engine)
        return await self._guard.begin(lambda: engine.stream_timed(prompt, tokens))

    async def routed_experts(self, prompt: str) -> RoutedExperts | None:
        """Return which experts took each token; equal questions in flight are one.

        Raises:
            Missing: the wrapped engine is no server.
        """
        engine, clean = serving(self._engine), clean_prompt(prompt)
        key = ("routed", self.model, clean)
        return await self._once(key, lambda: engine.routed_experts(clean))

    async def under_load(self, rounds: tuple[tuple[Arrival, ...], ...]) -> tuple[LoadRound, ...]:
        """Put a load on the wrapped engine's server: heavy, so one at a time and few a minute.

        Raises:
            Missing: the wrapped engine is no server.
        """
        engine = serving(self._engine)
        return await self._guard.begin(lambda: engine.under_load(rounds), is_heavy=True)

    async def metrics(self) -> Metrics | None:
        """Return the counters of the wrapped engine's server, read now."""
        return await serving(self._engine).metrics()

    async def kv_pool(self) -> KvPool | None:
        """Return what the cache of the wrapped engine's server holds."""
        return await serving(self._engine).kv_pool()

    def block_watch(self) -> AbstractAsyncContextManager[WatchesBlocks] | None:
        """Return a watch on the KV events of the wrapped engine's server, if it has one."""
        return serving(self._engine).block_watch()

    async def served(self) -> Served:
        """Return who answers behind the wrapped engine."""
        return await serving(self._engine).served()

    async def check(self) -> str:
        """Return one line on the model that answers."""
        return await self._engine.check()

    async def close(self) -> None:
        """Give up what is in flight and close the wrapped engine."""
        self._flights.cancel()
        await self._engine.close()

    async def _once(
        self, key: Hashable, ask: AskModel[_Answer], *, is_heavy: bool = False
    ) -> _Answer:
        """Await the one answer to `key`, asking if nobody has."""
        return await self._flights.join(key, lambda: self._guard.begin(ask, is_heavy=is_heavy))

    def _keep(self, key: Hashable, found: Distribution) -> None:
        kept = self._kept.get(key)
        if kept is None or len(kept.top) < len(found.top):
            self._kept[key] = found
        self._kept.move_to_end(key)
        while len(self._kept) > self._room:
            self._kept.popitem(last=False)


def _with_guess(prompt: Prompt, guess: str) -> Prompt:
    """Return a prompt that can be sent, with a guess that can be put behind it."""
    if len(clean_text(guess)) > 200:
        raise BadInput("That guess is longer than 200 characters. Type the next few words only.")
    return replace(prompt, text=clean_prompt(prompt.text))


def _first(distribution: Distribution, k: int) -> Distribution:
    """Return a distribution with only its first `k` tokens shown.

    Where entropy is a lower bound, the one from more tokens is the better one, so it stays.
    """
    return replace(distribution, top=distribution.top[:k])
