"""Who answers which question about the inside of a model; on the engine's thread.

What is timed is the forward pass that answers learners, and what hands over scores is the model
as it answers them; all else looks into transformers' own.

An answer is a value, or a generator that gives the thread back between two slices of its work and
returns the value at its end.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tools.engine.inside import masking, raw_scores, timing
from tools.engine.model.language_model import LanguageModel

AS_IT_ANSWERS: Mapping[str, Callable[..., Any]] = {
    "raw_scores": raw_scores.raw_scores,
    "named": raw_scores.named,
    "masked": masking.masked,
}
TIMED: Mapping[str, Callable[..., Any]] = {
    "cache_timing": timing.cache_timing,
    "decode_speed": timing.decode_speed,
    "memory_bandwidth": timing.memory_bandwidth,
    "pass_timing": timing.pass_timing,
}


def answer(model: LanguageModel, question: str, arguments: tuple[Any, ...]) -> Any:
    """Return the answer to a question, or the generator that works it out."""
    if question in TIMED:
        return TIMED[question](model.forward, *arguments)
    if question in AS_IT_ANSWERS:
        return AS_IT_ANSWERS[question](model, *arguments)
    from tools.engine.inside.looked_into import LOOKED_INTO

    return LOOKED_INTO[question](model.opened(), *arguments)
