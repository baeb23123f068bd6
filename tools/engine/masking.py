"""What an engine can be asked about structured output: an answer under a mask, step by step.

The embedded engine masks its own scores; a server masks its own, and is asked what it would have
said. The shared engine passes the question on.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol, cast

from tools.engine.base import Candidate, Capability, Engine, Token, bytes_of
from tools.errors import Missing

MOST_STEPS = 32
SHOWN = 5  # allowed tokens of a step


class RuleKind(Enum):
    """How a rule is written; the values are vLLM's names in `structured_outputs`."""

    CHOICE = "choice"
    REGEX = "regex"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Rule:
    """What an answer has to be: one of some texts, a match of a regex, JSON of a schema."""

    kind: RuleKind
    text: str  # choices have commas between them

    @property
    def choices(self) -> tuple[str, ...]:
        """The texts to choose from, in the order given; of other kinds without meaning."""
        return tuple(dict.fromkeys(one.strip() for one in self.text.split(",")))


@dataclass(frozen=True, slots=True)
class AllowedToken:
    """A token that the mask lets through; probabilities 0..1, before the mask and after."""

    token: Token
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class MaskedStep:
    """One token of an answer.

    Attributes:
        token: What was taken: the likeliest of what is allowed.
        allowed: How many tokens are.
        is_counted: Whether those are all; else they are the fewest that it can be.
        cut: The probability of all that isn't allowed, 0..1.
        wanted: The likeliest of all tokens, allowed or not.
        top: The likeliest that are allowed, most likely first.
        is_end: The token ends the text.
    """

    token: Token
    allowed: int
    is_counted: bool
    cut: float
    wanted: Candidate
    top: tuple[AllowedToken, ...]
    is_end: bool

    @property
    def is_forced(self) -> bool:
        """Whether there was nothing to choose."""
        return self.is_counted and self.allowed == 1


@dataclass(frozen=True, slots=True)
class Masked:
    """An answer under a mask.

    Attributes:
        steps: Its tokens, the end of the text included where it came.
        free: What the model writes in as many steps without a mask.
        vocabulary: How many tokens there are; None where nobody tells.
        fits: Whether what is written is whole by the rule; False where it was cut off.
    """

    steps: tuple[MaskedStep, ...]
    free: tuple[Token, ...]
    vocabulary: int | None
    fits: bool

    @property
    def is_ended(self) -> bool:
        """Whether the text came to its end, and wasn't cut off."""
        return self.steps[-1].is_end


def written(steps: tuple[MaskedStep, ...]) -> bytes:
    """Return the bytes of an answer, without the token that ends it."""
    return b"".join(bytes_of(step.token) for step in steps if not step.is_end)


class Masking(Protocol):
    """The question."""

    async def masked(self, prompt: str, rule: Rule, steps: int) -> Masked:
        """Write at most `steps` tokens, 1 to `MOST_STEPS`, greedily, under a rule.

        Raises:
            BadInput: the rule can't be used, or the prompt is too long.
            Missing: a server that doesn't tell enough.
            EngineError: the engine gave no usable answer.
        """
        ...


def masking(engine: Engine) -> Masking:
    """Return the engine as one that masks.

    Raises:
        Missing: it can't.
    """
    if Capability.MASK not in engine.capabilities():
        raise Missing(
            f"{engine.model} ({engine.name}) takes no `structured_outputs` at /v1/completions, or "
            "names no token ids. vLLM does both; so does the embedded model."
        )
    return cast(Masking, engine)
