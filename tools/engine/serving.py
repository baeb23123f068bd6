"""What an engine that is a server can be asked about how it serves.

`ClusterEngine` answers; the shared engine passes it on, and makes nothing one: a request that is to
be timed must be sent.
"""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol, cast

from tools.engine.base import Capability, Engine, Token
from tools.engine.kv_pool import KvPool
from tools.engine.metrics import Metrics
from tools.errors import Missing

MOST_IN_FLIGHT = 64
MOST_LOAD = 256  # requests of a load, all rounds together
MOST_LOAD_S = 150.0  # between the first arrival and the last, all rounds together
HOW_TO_SERVE = (
    "A model server can: set HUNCH_MODEL_URL and HUNCH_MODEL; `make cluster` starts one here."
)


@dataclass(frozen=True, slots=True)
class Timed:
    """One answer and when its tokens came.

    Attributes:
        text: What was generated.
        prompt_tokens: How many tokens were read; None where the server doesn't tell.
        started_s: When it was sent, on a clock that only differences of mean something.
        first_token_s: From sending to the first token.
        gaps_s: From each token to the next; those that came together share their gap.
        is_counted: The server told how many there are; else each piece it sent counts as one.
    """

    text: str
    prompt_tokens: int | None
    started_s: float
    first_token_s: float
    gaps_s: tuple[float, ...]
    is_counted: bool = True

    @property
    def tokens(self) -> int:
        """How many came."""
        return 1 + len(self.gaps_s)

    @property
    def ended_s(self) -> float:
        """When the last token came, on the clock of `started_s`."""
        return self.started_s + self.first_token_s + sum(self.gaps_s)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request of a load: when it arrives, in seconds from the start, and what it asks."""

    at_s: float
    prompt: str
    tokens: int


@dataclass(frozen=True, slots=True)
class LoadedAnswer:
    """What became of an arrival.

    Attributes:
        arrived_s: When it was to be sent, on a clock that only differences of mean something.
        timed: Its answer; None where it failed.
        failure: Why; empty where it didn't.
        is_held: It was sent later: as many as may be were in flight.
    """

    arrived_s: float
    timed: Timed | None
    failure: str = ""
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class LoadRound:
    """One load, whole: every arrival, and what the server counted meanwhile, where it counts."""

    answers: tuple[LoadedAnswer, ...]
    counted: Metrics | None
    most_in_flight: int = MOST_IN_FLIGHT


@dataclass(frozen=True, slots=True)
class BlockEvent:
    """A block that the server's KV cache keeps from now on, or has dropped.

    The events bear the tokens of everybody's prompts too. They are not taken down.

    Attributes:
        hash: The last 64 bits of its hash; None where all blocks were dropped.
        is_kept: Kept, and not dropped.
        parent: The hash that it is chained to; None for the first block of a text.
    """

    hash: int | None
    is_kept: bool
    parent: int | None = None


class WatchesBlocks(Protocol):
    """The server's KV events since the watch began."""

    async def settled(self) -> tuple[BlockEvent, ...]:
        """Return all of them, once none has come for a moment."""
        ...


@dataclass(frozen=True, slots=True)
class Served:
    """Who answers.

    Attributes:
        version: vLLM's; None where the server doesn't tell.
        context_tokens: Prompt and answer together; None where the server doesn't tell.
    """

    version: str | None
    context_tokens: int | None


@dataclass(frozen=True, slots=True)
class RoutedExperts:
    """Which experts took each token of a prompt, as the model that is served chose them.

    Attributes:
        tokens: Those that were read.
        experts: Numbers of experts, shape (layers, tokens, used); layers without any are left out.
    """

    tokens: tuple[Token, ...]
    experts: tuple[tuple[tuple[int, ...], ...], ...]


class Serving(Protocol):
    """The questions. Each may raise `EngineError`."""

    async def ready(self) -> None:
        """Look up what a request needs before it is sent, so that it is sent when it is asked."""
        ...

    async def stream_timed(self, prompt: str, tokens: int) -> Timed:
        """Generate exactly so many tokens, 1 to 256, and time each; the stream is closed if left.

        Raises:
            BadInput: the prompt and the answer are longer than the model's context.
        """
        ...

    async def routed_experts(self, prompt: str) -> RoutedExperts | None:
        """Return which experts took each token of a prompt; None where the server doesn't tell.

        Raises:
            Missing: it has no /tokenize, so nobody could say which tokens they are.
        """
        ...

    async def under_load(self, rounds: tuple[tuple[Arrival, ...], ...]) -> tuple[LoadRound, ...]:
        """Send each round's requests when they arrive, whatever has become of those before.

        At most `MOST_IN_FLIGHT` at a time, or as few as the operator lets through. A round begins
        when the one before is answered. What a request fails with is its answer.

        Raises:
            BadInput: more requests than `MOST_LOAD`, or a longer time than `MOST_LOAD_S`.
            EngineError: no request at all was answered, or all took too long.
        """
        ...

    async def metrics(self) -> Metrics | None:
        """Return the server's counters now; None where it has none."""
        ...

    async def kv_pool(self) -> KvPool | None:
        """Return what the server's cache holds, by its own account; None where it doesn't tell."""
        ...

    def block_watch(self) -> AbstractAsyncContextManager[WatchesBlocks] | None:
        """Return a watch on the server's KV events; None where no address of them is set."""
        ...

    async def served(self) -> Served:
        """Return who answers, asked afresh."""
        ...


def serving(engine: Engine) -> Serving:
    """Return the engine as one that serves.

    Raises:
        Missing: it is no server.
    """
    if Capability.STREAM not in engine.capabilities():
        raise Missing(f"{engine.model} ({engine.name}) is no server. {HOW_TO_SERVE}")
    return cast(Serving, engine)
