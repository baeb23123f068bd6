"""One learner's way through one lesson, and the guesses made on it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.domain.learner import NO_COHORT
from bot.domain.lesson.evidence import Evidence


class Phase(Enum):
    """Where in a step the learner stands."""

    ASKING = "asking"
    LOCKED = "locked"
    REVEALED = "revealed"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Guess:
    """What was locked in. Answer and confidence stay as they are; the rest is learnt afterwards.

    Only a teach-back, which nobody scores, may be said anew.
    """

    step: str
    answer: str
    confidence: float | None  # probability, 0..1; None where a step asks for none
    hints: int
    at: datetime
    is_right: bool | None = None  # None: not known yet, or nobody can tell
    why: str | None = None
    ticked: tuple[str, ...] = ()  # criteria the learner finds in their own teach-back
    evidence: Evidence | None = None
    had_seen_answer: bool = False  # a class round had revealed it to them: it is no first try
    version: int | None = None  # of the lesson that it answered; None: from before it was kept


def judged(guesses: Iterable[Guess]) -> list[tuple[float, bool]]:
    """Return what was said and what was so, of guesses that have both and were guesses."""
    return [
        (guess.confidence, guess.is_right)
        for guess in guesses
        if guess.confidence is not None and guess.is_right is not None and not guess.had_seen_answer
    ]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A position in a lesson. `run` counts from 1; a restart is a new run."""

    id: int
    learner_id: int
    lesson: str
    run: int
    step: str
    phase: Phase = Phase.ASKING
    draft: str | None = None
    hints: int = 0
    guesses: tuple[Guess, ...] = ()
    cohort_id: int = NO_COHORT  # the class it was begun in: all its votes are counted there
    has_seen_answer: bool = False  # of the present step, in a class round that they voted in

    @property
    def guess(self) -> Guess | None:
        """The guess at the present step, if one was made."""
        return self.guess_at(self.step)

    def guess_at(self, step: str) -> Guess | None:
        """The guess at a step, if one was made."""
        return next((g for g in self.guesses if g.step == step), None)


def mark_of(draft: str) -> str:
    """Return a short mark that tells one draft from another, for a button's id."""
    return hashlib.sha256(draft.encode()).hexdigest()[:8]
