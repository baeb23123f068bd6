"""Who answers which question about the inside of a model; on the engine's thread.

An answer is a value, or a generator that gives the thread back between two slices of its work and
returns the value at its end.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tools.engine import merging
from tools.engine.causal_model import CausalModel

ANSWERS: Mapping[str, Callable[..., Any]] = {
    "merges": merging.merges,
}


def answer(model: CausalModel, question: str, arguments: tuple[Any, ...]) -> Any:
    """Return the answer to a question, or the generator that works it out."""
    return ANSWERS[question](model, *arguments)
