"""What a learner can do inside a lesson. One frozen dataclass per intention.

Each names the attempt and the step of the card that was clicked, so that an old card is refused.
"""

from dataclasses import dataclass

from bot.domain.lesson.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Draft:
    """Pick or write an answer. Nothing is committed yet; another draft may follow."""

    attempt_id: int
    step: str
    answer: str


@dataclass(frozen=True, slots=True)
class CommitGuess:
    """Lock in the draft that the card showed, with a confidence."""

    attempt_id: int
    step: str
    level: int  # 0..4, see confidence.py
    mark: str  # which draft the learner saw; another one is refused


@dataclass(frozen=True, slots=True)
class LockIn:
    """Give an answer and how sure in one go; it is locked in."""

    attempt_id: int
    step: str
    answer: str
    level: int  # as in `CommitGuess`


@dataclass(frozen=True, slots=True)
class Explain:
    """Say in one line why, once the guess is locked in."""

    attempt_id: int
    step: str
    why: str


@dataclass(frozen=True, slots=True)
class Reveal:
    """Show the answer. `evidence` is what the live model said, where a step is scored by it."""

    attempt_id: int
    step: str
    evidence: Evidence | None = None
    is_without_model: bool = False


@dataclass(frozen=True, slots=True)
class Rate:
    """Say whether you had it, where only you can tell."""

    attempt_id: int
    step: str
    had_it: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """Tick or untick one criterion of your own teach-back."""

    attempt_id: int
    step: str
    criterion: str


@dataclass(frozen=True, slots=True)
class SayAgain:
    """Write a teach-back anew, after its rubric was seen; it is graded anew."""

    attempt_id: int
    step: str
    words: str


@dataclass(frozen=True, slots=True)
class AskHint:
    """Ask for the next hint."""

    attempt_id: int
    step: str


@dataclass(frozen=True, slots=True)
class Skip:
    """Leave a step without a guess."""

    attempt_id: int
    step: str


@dataclass(frozen=True, slots=True)
class Next:
    """Go on to the next step."""

    attempt_id: int
    step: str


@dataclass(frozen=True, slots=True)
class NextPast:
    """Go on from a card that holds the passage of the step after it, too."""

    attempt_id: int
    step: str
    passage: str  # the step that was read there


Command = (
    Draft
    | CommitGuess
    | LockIn
    | Explain
    | Reveal
    | Rate
    | Tick
    | SayAgain
    | AskHint
    | Skip
    | Next
    | NextPast
)
