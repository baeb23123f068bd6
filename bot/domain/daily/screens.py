"""What a learner may see of the guess game: nothing of a word before it is guessed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.daily.game import Best, Crowd, DailyGuess, is_said, place_now, prompt_at
from bot.domain.daily.result import DailyResult, result_of
from bot.domain.lesson.evidence import Evidence
from curriculum.schema import GuessPassage

_SAME = 1e-9  # bits: the database and Python add up in different orders


@dataclass(frozen=True, slots=True)
class Told:
    """A guess with what came of it.

    Attributes:
        said: As typed.
        word: How the passage goes on.
        is_said: Whether that is what was said.
        evidence: What the model said of it; None: the learner went on without.
        text_bits: How much the passage's own word surprised the model.
        crowd: The class at the same place; None where they are too few to tell.
    """

    said: str
    word: str
    is_said: bool
    evidence: Evidence | None
    text_bits: float | None
    crowd: Crowd | None


@dataclass(frozen=True, slots=True)
class Record:
    """What a learner has behind them in this game, today's passage included.

    Attributes:
        row: Days in a row on which a passage was finished; see `progress.streak`.
        best: Their best of the passages that were scored as a whole.
    """

    row: int
    best: Best | None


@dataclass(frozen=True, slots=True)
class DailyScreen:
    """The day's passage as far as it was guessed.

    Attributes:
        day: In UTC.
        text: The passage up to the next guess.
        place: The word to guess, from 0.
        total: How many there are.
        waiting: What was guessed here and waits for the model.
        told: The guesses that were answered, in order.
        result: How it went; only at the end, and where the model scored any of it.
        record: Days in a row and the best so far; only at the end.
        note: What went wrong.
    """

    day: date
    text: str
    place: int
    total: int
    waiting: str | None
    told: tuple[Told, ...]
    result: DailyResult | None
    record: Record | None
    note: str | None

    @property
    def is_done(self) -> bool:
        """Whether every word was guessed."""
        return self.place == self.total

    @property
    def is_best(self) -> bool:
        """Whether this passage is the best of several."""
        best = self.record and self.record.best
        if not (best and self.result and best.finished > 1):
            return False
        return self.result.scored == self.total and self.result.bits <= best.bits + _SAME


def daily_screen(
    passage: GuessPassage,
    day: date,
    made: Sequence[DailyGuess],
    crowds: Mapping[int, Crowd | None],
    record: Record | None,
    note: str | None = None,
) -> DailyScreen:
    """Return the screen of a learner's guesses, in order of their places."""
    place = place_now(made, passage)
    waiting = next((g.answer for g in made if g.is_open), None)
    return DailyScreen(
        day=day,
        text=prompt_at(passage, place),
        place=place,
        total=len(passage.words),
        waiting=waiting,
        told=tuple(_told(passage, g, crowds.get(g.place)) for g in made if not g.is_open),
        result=result_of(made) if place == len(passage.words) else None,
        record=record,
        note=note,
    )


def _told(passage: GuessPassage, guess: DailyGuess, crowd: Crowd | None) -> Told:
    return Told(
        said=guess.answer,
        word=passage.words[guess.place],
        is_said=is_said(passage, guess),
        evidence=guess.evidence,
        text_bits=guess.text_bits,
        crowd=crowd if crowd and crowd.is_shown else None,
    )
