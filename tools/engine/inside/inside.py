"""Who answers which question about the inside of a model; on the engine's thread.

What is timed is the forward pass that answers learners, and what hands over scores is the model
as it answers them; all else looks into transformers' own.

An answer is a value, or a generator that gives the thread back between two slices of its work and
returns the value at its end.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tools.engine.inside import (
    anatomy,
    attention,
    checking,
    knocking,
    lens,
    masking,
    merging,
    quantizing,
    raw_scores,
    templating,
    timing,
    training,
    vectors,
)
from tools.engine.model.language_model import LanguageModel

_LOOKED_INTO: Mapping[str, Callable[..., Any]] = {
    "shape": anatomy.shape,
    "merges": merging.merges,
    "attention": attention.attention,
    "head_scores": attention.head_scores,
    "hardest": attention.hardest,
    "lens": lens.lens,
    "knocked_out": knocking.knocked_out,
    "templated": templating.templated,
    "journey": lens.journey,
    "embeddings": vectors.embeddings,
    "neighbours": vectors.neighbours,
    "plane": vectors.plane,
    "train": training.train,
    "quantized": quantizing.quantized,
}
_AS_IT_ANSWERS: Mapping[str, Callable[..., Any]] = {
    "raw_scores": raw_scores.raw_scores,
    "named": raw_scores.named,
    "masked": masking.masked,
}
_TIMED: Mapping[str, Callable[..., Any]] = {
    "cache_timing": timing.cache_timing,
    "decode_speed": timing.decode_speed,
    "memory_bandwidth": timing.memory_bandwidth,
    "pass_timing": checking.pass_timing,
}
ANSWERS = {**_LOOKED_INTO, **_AS_IT_ANSWERS, **_TIMED}


def answer(model: LanguageModel, question: str, arguments: tuple[Any, ...]) -> Any:
    """Return the answer to a question, or the generator that works it out."""
    if question in _TIMED:
        return ANSWERS[question](model.forward, *arguments)
    seen = model if question in _AS_IT_ANSWERS else model.opened()
    return ANSWERS[question](seen, *arguments)
