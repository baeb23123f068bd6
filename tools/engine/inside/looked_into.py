"""What is read off transformers' own modules, by the question that it answers.

Apart from `inside`, because the libraries behind it take seconds: who asks only for scores doesn't
wait for them.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tools.engine.inside import (
    anatomy,
    attention,
    knocking,
    lens,
    merging,
    quantizing,
    templating,
    training,
    vectors,
)

LOOKED_INTO: Mapping[str, Callable[..., Any]] = {
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
