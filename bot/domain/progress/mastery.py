"""What a learner knows, and how well they know that they know it, over first runs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from bot.domain.lesson.attempt import Guess, judged
from bot.domain.lesson.confidence import brier

EDGES = (0.40, 0.60, 0.78, 0.92)  # between the five levels, whatever a blind guess is worth
WINDOW = 10  # guesses that a point of the Brier line sums up
TELLING = 3  # guesses that a sentence about a level needs


@dataclass(frozen=True, slots=True)
class LevelRecord:
    """Guesses at about one confidence: what was said on average, and the share that was right."""

    said: float
    right: float
    count: int


@dataclass(frozen=True, slots=True)
class Over:
    """How it went over time: (nth guess, value). Brier is of the last ten; bits of each token."""

    brier: tuple[tuple[int, float], ...] = ()
    bits: tuple[tuple[int, float], ...] = ()


def levels_said(guesses: Iterable[Guess]) -> tuple[LevelRecord, ...]:
    """Return the levels that were used, least sure first."""
    kept: dict[int, list[tuple[float, bool]]] = {}
    for said, is_right in judged(guesses):
        kept.setdefault(sum(said >= edge for edge in EDGES), []).append((said, is_right))
    return tuple(
        LevelRecord(fmean(s for s, _ in pairs), fmean(r for _, r in pairs), len(pairs))
        for _, pairs in sorted(kept.items())
    )


def most_telling(levels: Sequence[LevelRecord]) -> LevelRecord | None:
    """Return the level whose share right is furthest from what was said; None: too few guesses."""
    enough = [level for level in levels if level.count >= TELLING]
    return max(enough, key=lambda level: abs(level.said - level.right), default=None)


def over_time(guesses: Iterable[Guess]) -> Over:
    """Return the two lines, in the order in which the guesses were made."""
    made = sorted(guesses, key=lambda guess: guess.at)
    scores = [brier(said, is_right) for said, is_right in judged(made)]
    bits = [guess.evidence.surprisal_bits for guess in made if guess.evidence]
    return Over(
        brier=tuple(
            (nth, fmean(scores[max(0, nth - WINDOW) : nth])) for nth in range(1, len(scores) + 1)
        ),
        bits=tuple(enumerate(bits, start=1)),
    )
