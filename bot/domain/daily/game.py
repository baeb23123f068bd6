"""The guess game: one passage a day, the same for everyone, guessed token by token."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.crowd import is_crowd
from bot.domain.errors import StaleClick
from bot.domain.lesson.evidence import Evidence
from bot.domain.lesson.written import TOKEN_CHARS, read_text
from curriculum.schema import GuessPassage


@dataclass(frozen=True, slots=True)
class DailyGuess:
    """What a learner said comes next at one place of a day's passage.

    Attributes:
        place: 0 for the first.
        passage: The passage's id.
        answer: As typed.
        at: When.
        evidence: What the model said of it; None: it hasn't been asked, or didn't answer.
        text_bits: How much the passage's own word surprised the model.
        is_left: Went on without the model.
    """

    place: int
    passage: str
    answer: str
    at: datetime
    evidence: Evidence | None = None
    text_bits: float | None = None
    is_left: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it still waits for the model."""
        return self.evidence is None and not self.is_left


@dataclass(frozen=True, slots=True)
class Crowd:
    """How a class did at one place: how many guessed, and the median of their bits."""

    count: int
    median_bits: float

    @property
    def is_shown(self) -> bool:
        """Whether it may be told; see `crowd`."""
        return is_crowd(self.count)


@dataclass(frozen=True, slots=True)
class Best:
    """A learner's best finished passage, in bits a token, and how many they finished."""

    bits: float
    finished: int


def passage_of(passages: Sequence[GuessPassage], day: date) -> GuessPassage:
    """Return the day's passage: each comes once before any comes again, in an order of its own."""
    cycle, nth = divmod(day.toordinal(), len(passages))
    return sorted(passages, key=lambda p: _lot(f"{cycle}:{p.id}"))[nth]


def read_guess(raw: str) -> str:
    """Return a guess as it is kept.

    Raises:
        UnusableAnswer: it is empty, too long, or holds what no database takes.
    """
    return read_text(raw, TOKEN_CHARS, keep_spaces=True)


def place_now(made: Sequence[DailyGuess], passage: GuessPassage) -> int:
    """Return the place to guess at: the one that still waits for the model, or the next."""
    waiting = next((g.place for g in made if g.is_open), None)
    return len(made) if waiting is None else waiting


def prompt_at(passage: GuessPassage, place: int) -> str:
    """Return the passage up to a place: what the model is asked to go on from."""
    return passage.begin + "".join(f" {word}" for word in passage.words[:place])


def checked(made: Sequence[DailyGuess], passage: GuessPassage, place: int) -> None:
    """Refuse a guess at any other place than the next.

    Raises:
        StaleClick: it was guessed already, or its turn hasn't come.
    """
    if place != len(made) or any(g.is_open for g in made) or place >= len(passage.words):
        raise StaleClick("You've guessed there already. Nothing changed.")


def scored(guess: DailyGuess, evidence: Evidence, text_bits: float) -> DailyGuess:
    """Return the guess with what the model said of it."""
    return replace(guess, evidence=evidence, text_bits=text_bits)


def is_said(passage: GuessPassage, guess: DailyGuess) -> bool:
    """Whether the passage goes on with the word that was guessed."""
    return passage.words[guess.place].casefold() == guess.answer.strip().casefold()


def _lot(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
