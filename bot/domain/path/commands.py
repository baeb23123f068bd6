"""What a learner can do on their way. Each names the moment of the card that was clicked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BeginPlacement:
    """Begin the placement, or begin it anew."""


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """Answer the placement's question. `turn` counts the answers before it."""

    turn: int
    said: str  # the option's key; "-" for somebody who doesn't know


@dataclass(frozen=True, slots=True)
class RedoAnswer:
    """Answer a step anew. `turn` counts how often it was redone before.

    What is arranged is answered letter by letter; nothing counts before it is whole.
    """

    lesson: int
    step: str
    turn: int
    answer: str


PathCommand = BeginPlacement | PlaceAnswer | RedoAnswer
