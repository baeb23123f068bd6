"""How sure a learner says they are: five levels, from chance to almost certain."""

from dataclasses import dataclass

from bot.domain.lesson.kinds.registry import kind_of
from curriculum.kinds.registry import Step

LIKELY, SURE, CERTAIN = 0.70, 0.85, 0.97
QUICK = (3, 1)  # sure and maybe: the levels that a quick check offers, by their place in the five


@dataclass(frozen=True, slots=True)
class Level:
    """One of the five."""

    label: str
    probability: float


def levels_for(step: Step) -> tuple[Level, ...]:
    """Return the five levels of a guessable step, least sure first; none for other steps."""
    chance = kind_of(step).chance(step)
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
