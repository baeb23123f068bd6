"""What an engine that is a server can be asked about how it serves.

`ClusterEngine` answers; the shared engine passes it on, and makes nothing one: a request that is to
be timed must be sent.
"""

from dataclasses import dataclass
from typing import Protocol, cast

from tools.engine.base import Capability, Engine
from tools.engine.kv_pool import KvPool
from tools.engine.metrics import Metrics
from tools.errors import Missing

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
    """

    text: str
    prompt_tokens: int | None
    started_s: float
    first_token_s: float
    gaps_s: tuple[float, ...]

    @property
    def tokens(self) -> int:
        """How many came."""
        return 1 + len(self.gaps_s)

    @property
    def ended_s(self) -> float:
        """When the last token came, on the clock of `started_s`."""
        return self.started_s + self.first_token_s + sum(self.gaps_s)


@dataclass(frozen=True, slots=True)
class Served:
    """Who answers.

    Attributes:
        version: vLLM's; None where the server doesn't tell.
        context_tokens: Prompt and answer together; None where the server doesn't tell.
    """

    version: str | None
    context_tokens: int | None


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

    async def metrics(self) -> Metrics | None:
        """Return the server's counters now; None where it has none."""
        ...

    async def kv_pool(self) -> KvPool | None:
        """Return what the server's cache holds, by its own account; None where it doesn't tell."""
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
