"""What each learner should have to review at any moment, replayed with the FSRS library itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import fsrs

from curriculum.kinds.choice import ChoiceStep
from curriculum.kinds.match import MatchStep
from curriculum.kinds.number import NumberStep
from curriculum.kinds.order import OrderStep
from curriculum.kinds.recall import RecallStep
from curriculum.kinds.text import TextStep
from tests.semester.ledger import Rows
from tests.semester.raw import rows
from tests.semester.recount import Recount

LIKELY = 0.70  # a right guess made with less confidence is a card too
Where = tuple[int, str, str]  # learner, lesson, step


@dataclass(frozen=True, slots=True)
class Event:
    """A card's first moment, or a review of it."""

    at: datetime
    rating: fsrs.Rating | None  # None: a recall that was skipped is due at once


class Memories:
    """All cards of all learners who are still here."""

    def __init__(self, counts: Recount) -> None:
        self._counts = counts
        self._scheduler = fsrs.Scheduler(desired_retention=0.9, enable_fuzzing=False)
        self.cards = {_where(row): row for row in rows(counts.database, "card")}
        by_id = {row["id"]: where for where, row in self.cards.items()}
        self._reviews: dict[Where, Rows] = {}
        for review in rows(counts.database, "review"):
            self._reviews.setdefault(by_id[review["card_id"]], []).append(review)
        self._begun = dict(self._first())

    def due(self, learner: int, now: datetime) -> int:
        """Return how many cards a learner could review at a moment."""
        mine = [where for where, (known, _) in self._begun.items() if where[0] == learner]
        known = [where for where in mine if self._begun[where][0] <= now]
        return sum(self.at(where, now).due <= now and not self._is_aside(where) for where in known)

    def at(self, where: Where, now: datetime) -> fsrs.Card:
        """Return a card as it should be at a moment."""
        _, first = self._begun[where]
        card = fsrs.Card(card_id=1, due=first.at)
        events = [first, *(Event(r["at"], r["grade"]) for r in self._reviews.get(where, []))]
        for event in events:
            if event.rating is not None and event.at <= now:
                rating = fsrs.Rating(event.rating)
                card, _ = self._scheduler.review_card(card, rating, event.at)
        return card

    @property
    def wheres(self) -> set[Where]:
        """All cards that should be there."""
        return {*self._begun}

    def _is_aside(self, where: Where) -> bool:
        return where in self.cards and self.cards[where]["is_aside"]

    def _first(self) -> Any:
        """Yield each card with when it was there to be made, and its first moment."""
        counts, here = self._counts, {r["id"] for r in rows(self._counts.database, "attempt")}
        guessed = {(g["attempt_id"], g["step"]): g for g in counts.guesses}
        for attempt in counts.attempts.values():
            if attempt["run"] != 1 or attempt["id"] not in here:
                continue
            for step in counts.course.lesson(attempt["lesson"]).sequence:
                where = (attempt["learner_id"], attempt["lesson"], step.id)
                guess = guessed.get((attempt["id"], step.id))
                if guess is not None:
                    known = counts.ledger.known.get((attempt["id"], step.id))
                    rating = _first_rating(step, guess)
                    if known is not None and rating is not None:
                        yield where, (known, Event(guess["at"], rating))
                elif isinstance(step, RecallStep) and attempt["phase"] == "finished":
                    end = counts.ledger.finished[attempt["id"]]
                    yield where, (end, Event(end, None))


def _first_rating(step: Any, guess: dict[str, Any]) -> fsrs.Rating | None:
    kept = ChoiceStep | NumberStep | OrderStep | MatchStep | TextStep | RecallStep
    is_kept = isinstance(step, kept)
    if not is_kept or guess["is_right"] is None:
        return None
    if not guess["is_right"]:
        return fsrs.Rating.Again
    if isinstance(step, RecallStep):
        return fsrs.Rating.Good
    return fsrs.Rating.Hard if guess["confidence"] < LIKELY else None


def _where(row: dict[str, Any]) -> Where:
    return row["learner_id"], row["lesson"], row["step"]
