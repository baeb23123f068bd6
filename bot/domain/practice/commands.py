"""What a learner can do with their cards. Each names the card as it was shown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LookUp:
    """Open a card's answer: with the option picked, or after saying it in the head."""

    card_id: int
    revision: int
    said: str


@dataclass(frozen=True, slots=True)
class GradeCard:
    """Say how well a card was known: 1 again, 2 hard, 3 good, 4 easy."""

    card_id: int
    revision: int
    grade: int


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Take back the last grade."""

    review_id: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """Leave a card out until it is brought back."""

    card_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class BringBack:
    """Bring back all cards that were set aside."""


ReviewCommand = LookUp | GradeCard | TakeBack | SetAside | BringBack
