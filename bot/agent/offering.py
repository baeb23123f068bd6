"""The few tools that a chat model is offered for one question."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.agent.tooling import declarations
from bot.domain.tutor.passages import Passage


def offered(question: str, passages: Sequence[Passage]) -> Sequence[Mapping[str, Any]]:
    """Return the declarations to offer with a question and the passages found for it."""
    return declarations()
