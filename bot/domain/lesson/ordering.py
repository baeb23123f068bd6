"""The stages of an order step, mixed up for showing. Letters name places as shown, not answers."""

import hashlib
import random

from curriculum.schema import OPTION_KEYS, OrderStep


def shown(step: OrderStep) -> tuple[str, ...]:
    """Return the stages as every learner sees them: mixed the same way each time."""
    return tuple(step.stages[index] for index in _shuffle(step))


def stages_of(step: OrderStep, answer: str) -> tuple[str, ...]:
    """Return the stages that the letters of an answer name, in the answer's order."""
    mixed = shown(step)
    return tuple(mixed[OPTION_KEYS.index(key)] for key in answer)


def is_in_order(step: OrderStep, answer: str) -> bool:
    """Whether the letters name the stages in the right order."""
    return stages_of(step, answer) == step.stages


def _shuffle(step: OrderStep) -> list[int]:
    seed = hashlib.sha256(step.id.encode()).digest()
    right = list(range(len(step.stages)))
    mixed = right[:]
    random.Random(seed).shuffle(mixed)
    return mixed if mixed != right else mixed[::-1]  # never show the answer as the question
