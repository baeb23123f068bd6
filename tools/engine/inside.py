"""Who answers which question about the inside of a model; on the engine's thread.

An answer is a value, or a generator that gives the thread back between two slices of its work and
returns the value at its end.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tools.engine import (
    anatomy,
    attention,
    lens,
    merging,
    quantizing,
    timing,
    training,
    vectors,
)
from tools.engine.causal_model import CausalModel

ANSWERS: Mapping[str, Callable[..., Any]] = {
    "shape": anatomy.shape,
    "merges": merging.merges,
    "attention": attention.attention,
    "head_scores": attention.head_scores,
    "hardest": attention.hardest,
    "lens": lens.lens,
    "journey": lens.journey,
    "embeddings": vectors.embeddings,
    "neighbours": vectors.neighbours,
    "plane": vectors.plane,
    "train": training.train,
    "quantized": quantizing.quantized,
    "cache_timing": timing.cache_timing,
    "decode_speed": timing.decode_speed,
    "memory_bandwidth": timing.memory_bandwidth,
}


def answer(model: CausalModel, question: str, arguments: tuple[Any, ...]) -> Any:
    """Return the answer to a question, or the generator that works it out."""
    return ANSWERS[question](model, *arguments)
