"""What a learner sees on their way. A card that asks has no field for its answer."""

from dataclasses import dataclass

from bot.domain.lesson.kinds.base import AnswerPiece, Choice
from curriculum.kinds.registry import KindName


@dataclass(frozen=True, slots=True)
class PlacementOffer:
    """What the placement is, before its first question."""

    questions: int
    minutes: int


@dataclass(frozen=True, slots=True)
class PlacementQuestion:
    """A question of the placement. `turn` counts from 0."""

    turn: int
    questions: int
    ask: str
    lead: str | None
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class PlacementResult:
    """Where to begin, and how much that is worth.

    Attributes:
        right: Questions answered right.
        asked: Questions answered.
        sure: The probability that all lessons before the start are known.
        start: Number, title and slug of the lesson to begin with; None: all seem to be known.
    """

    right: int
    asked: int
    sure: float
    start: tuple[int, str, str] | None


PlacementScreen = PlacementOffer | PlacementQuestion | PlacementResult


@dataclass(frozen=True, slots=True)
class RedoPlace:
    """Which step is redone, for the how-manieth time, and how many are left with it."""

    lesson: int
    step: str
    turn: int
    left: int


@dataclass(frozen=True, slots=True)
class RedoQuestion:
    """A step asked anew. `draft` holds the letters placed so far, where they are arranged."""

    place: RedoPlace
    kind: KindName
    ask: str
    lead: str | None
    choices: tuple[Choice, ...]
    slots: tuple[str, ...]
    draft: str = ""
    draft_text: str | None = None
    is_varied: bool = False  # its numbers are others than in the lesson


@dataclass(frozen=True, slots=True)
class RedoTold:
    """What came of it; `left` of its place counts what is left after it."""

    place: RedoPlace
    ask: str
    said: str
    letter: str | None
    is_right: bool
    answer: str
    reply: str
    pieces: tuple[AnswerPiece, ...]
    how_read: str | None = None  # what was typed, where it might have been meant otherwise


@dataclass(frozen=True, slots=True)
class RedoRest:
    """Nothing to redo; `has_guessed` says whether there ever could have been."""

    has_guessed: bool


RedoScreen = RedoQuestion | RedoTold | RedoRest
