"""What every engine offers, and what it hands back. No model library is imported here."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol

from tools.exhibit.visible import text_of, visible


class Capability(Enum):
    """What an instrument may ask of an engine."""

    NEXT_TOKEN = "next_token"
    SCORE = "score"
    TOKENIZE = "tokenize"
    FULL_VOCABULARY = "full_vocabulary"  # raw scores of all: see internals.Looking.raw_scores
    INTERNALS = "internals"  # weights, attention, hidden states: see internals.py
    MASK = "mask"  # structured output, step by step: see masking.py
    STREAM = "stream"  # tokens timed as they come from a server: see serving.py
    METRICS = "metrics"  # the counters of a server


OF_A_SERVER = frozenset({Capability.STREAM, Capability.METRICS})


@dataclass(frozen=True, slots=True)
class Prompt:
    """Text as a person typed it, and the tokens the loop has put behind it since."""

    text: str
    appended: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """One entry of the vocabulary.

    Attributes:
        id: Its number.
        text: As it can be told to anybody; U+FFFD stands for what is no whole character.
        raw: Its bytes, where they are known and `text` doesn't tell them.
        is_as_written: Nobody but the server says that this is its text: a space may be missing.
    """

    id: int
    text: str
    raw: bytes | None = field(default=None, compare=False)
    is_as_written: bool = field(default=False, compare=False)

    @property
    def spelt(self) -> str:
        """Its text; bytes that are no whole character are lone surrogates in it."""
        return text_of(bytes_of(self))

    @property
    def label(self) -> str:
        """As it can be seen: ␣ for a space, ‹e7 8c› for bytes that are no whole character."""
        return visible(self.spelt)


def joined_label(tokens: Iterable[Token]) -> str:
    """Return tokens in a row as they can be seen: two halves of a character are whole again."""
    return visible(text_of(b"".join(map(bytes_of, tokens))))


def bytes_of(token: Token) -> bytes:
    """Return a token's bytes; three of U+FFFD for each half that nobody knows."""
    return token.text.encode("utf-8", "surrogatepass") if token.raw is None else token.raw


def of_bytes(number: int, raw: bytes) -> Token:
    """Return the token of an id that stands for these bytes."""
    text = raw.decode("utf-8", errors="replace")
    return Token(number, text, None if text.encode() == raw else raw)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A token that could come next. `logprob` is a natural logarithm, 0 or below."""

    token: Token
    logprob: float

    @property
    def probability(self) -> float:
        """Between 0 and 1."""
        return math.exp(self.logprob)


@dataclass(frozen=True, slots=True)
class Distribution:
    """The likeliest next tokens, and what the rest share."""

    prompt_tokens: tuple[Token, ...]
    top: tuple[Candidate, ...]  # most likely first
    vocabulary: int | None  # entries in all, when the engine knows
    entropy_bits: float  # where it isn't exact, the least that it can be
    is_entropy_exact: bool
    model: str
    engine: str
    at: datetime
    elapsed_ms: float
    is_kept: bool = False
    entropy_most_bits: float | None = None  # the most that it can be, where it isn't exact
    never: int = 0  # tokens that a server named too, and that can't come; not in `top`

    @property
    def other_probability(self) -> float:
        """The mass of all tokens that are not in `top`; between 0 and 1."""
        return max(0.0, 1.0 - sum(c.probability for c in self.top))


@dataclass(frozen=True, slots=True)
class Scored:
    """One token of a continuation, as the model saw it coming."""

    token: Token
    logprob: float
    rank: int  # 1 is the model's first choice

    @property
    def surprisal_bits(self) -> float:
        """How unexpected it was, in bits; 0 or more."""
        return -self.logprob / math.log(2)


class Engine(Protocol):
    """Something that runs a model. Every method may raise `EngineError` or `BadInput`."""

    @property
    def name(self) -> str:
        """Where it runs: "embedded", "local" or "cluster"."""
        ...

    @property
    def model(self) -> str:
        """What its model is called."""
        ...

    @property
    def address(self) -> str | None:
        """Where others can ask the same model, up to /v1; None: it is in this process."""
        ...

    def start(self) -> None:
        """Get ready in the background; return at once."""
        ...

    def capabilities(self) -> frozenset[Capability]:
        """What this engine can do."""
        ...

    async def next_token(self, prompt: Prompt, k: int) -> Distribution:
        """Return the `k` likeliest next tokens, 1 ≤ k ≤ 20."""
        ...

    async def continuation(self, prompt: Prompt, text: str) -> tuple[Token, ...]:
        """Return the tokens that text becomes behind a prompt; at least one.

        Raises:
            Missing: nobody can say which they are.
        """
        ...

    async def score(self, prompt: Prompt, continuation: str) -> tuple[Scored, ...]:
        """Score each token of a continuation, as `continuation` cuts it."""
        ...

    async def tokenize(self, text: str) -> tuple[Token, ...]:
        """Cut outside text into tokens; control tokens in it are broken up, never obeyed."""
        ...

    async def check(self) -> str:
        """Return one line on the model that answers, for `doctor`."""
        ...

    async def close(self) -> None:
        """Let go of what it holds."""
        ...
