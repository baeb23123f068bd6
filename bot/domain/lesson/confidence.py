"""How sure a learner says they are: five levels, from chance to almost certain."""

from dataclasses import dataclass
from math import factorial
from typing import assert_never

from curriculum.schema import (
    ChoiceStep,
    ExhibitStep,
    NumberStep,
    OrderStep,
    ReadStep,
    RecallStep,
    Step,
    TeachbackStep,
    TextStep,
    TokenStep,
)

OPEN_CHANCE = 0.05  # a blind guess at an open question; Brier needs some number above 0
LIKELY, SURE, CERTAIN = 0.70, 0.85, 0.97


@dataclass(frozen=True, slots=True)
class Level:
    """One of the five."""

    label: str
    probability: float


def levels_for(step: Step) -> tuple[Level, ...]:
    """Return the five levels of a guessable step, least sure first; none for other steps."""
    chance = _chance(step)
    if chance is None:
        return ()
    return (
        Level("just guessing", chance),
        Level("maybe", (chance + LIKELY) / 2),
        Level("likely", LIKELY),
        Level("sure", SURE),
        Level("certain", CERTAIN),
    )


def brier(probability: float, is_right: bool) -> float:
    """Return the squared distance between what was said and what was so: 0 best, 1 worst.

    Source:
        Brier 1950, "Verification of forecasts expressed in terms of probability".
    """
    return (probability - is_right) ** 2


def _chance(step: Step) -> float | None:
    match step:
        case ChoiceStep():
            return 1 / len(step.options)
        case OrderStep():
            return 1 / factorial(len(step.stages))
        case NumberStep() | TokenStep() | TextStep():
            return OPEN_CHANCE
        case ReadStep() | ExhibitStep() | RecallStep() | TeachbackStep():
            return None
        case _:
            assert_never(step)
