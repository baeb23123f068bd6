"""Prompts of eight tokens each that differ from the first token on, so that nothing is kept."""

import random
from collections.abc import Iterator

WORDS = (
    "pods",
    "nodes",
    "tokens",
    "weights",
    "layers",
    "heads",
    "slots",
    "pages",
    "blocks",
    "vectors",
    "scores",
    "guesses",
    "prompts",
    "answers",
    "servers",
    "streams",
    "batches",
    "threads",
    "kernels",
    "tensors",
    "models",
    "steps",
    "lines",
    "words",
    "rows",
    "doors",
    "rivers",
    "doors",
    "rivers",
)
LENGTH = 8


def prompts(seed: int) -> Iterator[str]:
    """Yield texts without end; each word is one token of the embedded model."""
    dice = random.Random(seed)
    while True:
        yield "".join(f" {dice.choice(WORDS)}" for _ in range(LENGTH))
