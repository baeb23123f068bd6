"""What an engine can be asked about its chat template: what is really sent for a conversation.

The embedded engine renders its model's own template, a server its own; the shared engine passes the
question on.
"""

from dataclasses import dataclass
from typing import Protocol, cast

from tools.engine.base import Candidate, Capability, Engine, Token
from tools.errors import Missing


@dataclass(frozen=True, slots=True)
class RoleMessage:
    """One message of a conversation. `role` is "system", "user" or "assistant"."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a client sends to /v1/chat/completions: messages, and tools as JSON, one each."""

    messages: tuple[RoleMessage, ...]
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Templated:
    """A conversation as the model reads it, up to where its answer begins.

    Attributes:
        tokens: All that is read.
        is_special: Whether each is a control token, obeyed and not read as text; shape (tokens,).
        opening: How many of the last open the answer.
        tools: How many the tools take; 0 where the template has no place for them.
        top: The likeliest first tokens of the answer, most likely first.
    """

    tokens: tuple[Token, ...]
    is_special: tuple[bool, ...]
    opening: int
    tools: int
    top: tuple[Candidate, ...]


class Templating(Protocol):
    """The question."""

    async def templated(self, said: Conversation, k: int = 4) -> Templated:
        """Put a conversation into the chat template, and read it.

        Control tokens in what was said are broken up, never obeyed.

        Raises:
            Missing: the model has no template, or the server tells nothing of it.
            BadInput: the template takes no such conversation, or it is too long.
        """
        ...


def templating(engine: Engine) -> Templating:
    """Return the engine as one that has a chat template.

    Raises:
        Missing: it can't cut texts into tokens.
    """
    if Capability.TOKENIZE not in engine.capabilities():
        raise Missing(
            f"{engine.model} ({engine.name}) shows no tokens: it has no /tokenize. vLLM has; so "
            "has the embedded model."
        )
    return cast(Templating, engine)
