"""How a finished passage went: a mark a word, beside what the model itself would have got."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import fmean

from bot.domain.daily.game import DailyGuess
from bot.domain.lesson.evidence import Evidence

LIKELY_FROM, POSSIBLE_FROM = 0.1, 0.01


class Mark(Enum):
    """How likely the model held a guess. It tells nothing of the word that was guessed."""

    LIKELY = "likely"  # 1 in 10 or better
    POSSIBLE = "possible"  # 1 in 100 or better
    UNLIKELY = "unlikely"
    UNSCORED = "unscored"  # the model didn't answer


@dataclass(frozen=True, slots=True)
class DailyResult:
    """A finished passage in numbers. Bits are means over the guesses that were scored.

    Attributes:
        marks: One a word, in order.
        bits: How much the guesses surprised the model.
        model_bits: What its own first choices would have cost: nobody can do better.
        text_bits: What the passage's own words cost.
        firsts: How many guesses were its first choice.
    """

    marks: tuple[Mark, ...]
    bits: float
    model_bits: float
    text_bits: float
    firsts: int

    @property
    def scored(self) -> int:
        """How many guesses the model scored."""
        return sum(mark is not Mark.UNSCORED for mark in self.marks)


def mark_of(evidence: Evidence | None) -> Mark:
    """Return the mark of a guess by the probability that the model gave it."""
    if evidence is None:
        return Mark.UNSCORED
    if evidence.probability >= LIKELY_FROM:
        return Mark.LIKELY
    return Mark.POSSIBLE if evidence.probability >= POSSIBLE_FROM else Mark.UNLIKELY


def result_of(made: Sequence[DailyGuess]) -> DailyResult | None:
    """Return how it went; None: the model scored none of it."""
    scored = [(g.evidence, g.text_bits) for g in made if g.evidence and g.text_bits is not None]
    if not scored:
        return None
    return DailyResult(
        marks=tuple(mark_of(guess.evidence) for guess in made),
        bits=fmean(evidence.surprisal_bits for evidence, _ in scored),
        model_bits=fmean(-math.log2(evidence.top[0].probability) for evidence, _ in scored),
        text_bits=fmean(bits for _, bits in scored),
        firsts=sum(evidence.rank == 1 for evidence, _ in scored),
    )
