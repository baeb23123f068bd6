"""Any engine, shared by many: equal requests in flight become one, recent answers are kept."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import replace
from typing import Any, TypeVar

from tools.engine.base import Capability, Distribution, Engine, Prompt, Scored, Token
from tools.engine.internals import Looking, inside
from tools.engine.metrics import Metrics
from tools.engine.prompts import clean_prompt, clean_text
from tools.engine.serving import Served, Timed, serving
from tools.errors import BadInput, Unavailable

Answer = TypeVar("Answer")
MAX_SHOWN = 20


class SharedEngine(Looking):
    """Wraps an engine; itself one.

    Distributions are kept by model, text, appended tokens; one with more tokens serves a request
    for fewer. Failures are never kept. A caller that gives up doesn't take the others' answer with
    it; when all have given up, the work is cancelled.
    """

    def __init__(self, engine: Engine, kept: int = 512) -> None:
        """Wrap `engine`, keeping at most `kept` distributions."""
        self._engine = engine
        self._kept: OrderedDict[Hashable, Distribution] = OrderedDict()
        self._room = kept
        self._in_flight: dict[Hashable, tuple[asyncio.Task[Any], list[int]]] = {}

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
        prompt = replace(prompt, text=clean_prompt(prompt.text))
        if len(clean_text(continuation)) > 200:
            raise BadInput(
                "That guess is longer than 200 characters. Type the next few words only."
            )
        key = ("score", self.model, prompt, continuation)
        return await self._once(key, lambda: self._engine.score(prompt, continuation))

    async def tokenize(self, text: str) -> tuple[Token, ...]:
        """Cut outside text into tokens."""
        clean = clean_prompt(text)
        key = ("tokenize", self.model, clean)
        return await self._once(key, lambda: self._engine.tokenize(clean))

    async def look(self, question: str, *arguments: Hashable) -> Any:
        """Ask about the inside of the wrapped engine's model.

        Raises:
            Missing: the wrapped engine can't be looked into.
        """
        engine = inside(self._engine)
        key = ("look", self.model, question, arguments)
        return await self._once(key, lambda: engine.look(question, *arguments))

    async def stream_timed(self, prompt: str, tokens: int) -> Timed:
        """Generate and time tokens on the wrapped engine; each request is sent.

        Raises:
            Missing: the wrapped engine is no server.
        """
        return await serving(self._engine).stream_timed(prompt, tokens)

    async def metrics(self) -> Metrics | None:
        """Return the counters of the wrapped engine's server, read now."""
        return await serving(self._engine).metrics()

    async def served(self) -> Served:
        """Return who answers behind the wrapped engine."""
        return await serving(self._engine).served()

    async def check(self) -> str:
        """Return one line on the model that answers."""
        return await self._engine.check()

    async def close(self) -> None:
        """Give up what is in flight and close the wrapped engine."""
        for task, _ in tuple(self._in_flight.values()):
            task.cancel()
        await self._engine.close()

    async def _once(self, key: Hashable, ask: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
        """Await the one task that answers `key`, starting it if nobody has."""
        key = (asyncio.get_running_loop(), key)  # a task can be awaited on its own loop only
        if key not in self._in_flight:
            task: asyncio.Task[Answer] = asyncio.create_task(ask())
            self._in_flight[key] = (task, [0])
            task.add_done_callback(lambda done: self._forget(key, done))
        shared, waiting = self._in_flight[key]
        waiting[0] += 1
        try:
            answer: Answer = await asyncio.shield(shared)
        except asyncio.CancelledError:
            if not shared.cancelled() or _is_being_cancelled():
                raise
            raise Unavailable("The model has been shut down. Try again in a moment.") from None
        finally:
            waiting[0] -= 1
            if waiting[0] == 0 and not shared.done():
                self._in_flight.pop(key, None)  # who comes now starts afresh
                shared.cancel()
        return answer

    def _forget(self, key: Hashable, done: "asyncio.Task[Any]") -> None:
        in_flight = self._in_flight.get(key)
        if in_flight is not None and in_flight[0] is done:
            del self._in_flight[key]
        if not done.cancelled():
            done.exception()  # seen, even if every caller has left meanwhile

    def _keep(self, key: Hashable, found: Distribution) -> None:
        kept = self._kept.get(key)
        if kept is None or len(kept.top) < len(found.top):
            self._kept[key] = found
        self._kept.move_to_end(key)
        while len(self._kept) > self._room:
            self._kept.popitem(last=False)


def _is_being_cancelled() -> bool:
    """Tell whether it is the caller that gives up, and not the work it awaits."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _first(distribution: Distribution, k: int) -> Distribution:
    """Return a distribution with only its first `k` tokens shown.

    Where entropy is a lower bound, the one from more tokens is the better one, so it stays.
    """
    return replace(distribution, top=distribution.top[:k])
