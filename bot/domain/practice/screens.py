"""What a learner may see of a review. A card that asks has no field for its answer."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.lesson.kinds.base import AnswerEntry, Choice
from bot.domain.lesson.kinds.own_order import in_own_order
from bot.domain.lesson.kinds.registry import kind_of
from bot.domain.lesson.scoring import answer_text, judge
from bot.domain.practice.review import Reviewable, ReviewCard, grades_for, picked
from bot.domain.practice.scheduling import Grade, Scheduling, returns


@dataclass(frozen=True, slots=True)
class CardPlace:
    """Which card is shown, as it stood then, and how many are left today with it."""

    card_id: int
    revision: int
    lesson: int
    left: int


@dataclass(frozen=True, slots=True)
class GradedCard:
    """What became of the card before: it can be taken back."""

    review_id: int
    grade: Grade
    at: datetime
    due: datetime


@dataclass(frozen=True, slots=True)
class AskScreen:
    """A card whose answer is hidden. `choices` is empty where it is said in the head."""

    place: CardPlace
    ask: str
    lead: str | None
    choices: tuple[Choice, ...]
    before: GradedCard | None = None


@dataclass(frozen=True, slots=True)
class TellScreen:
    """The answer, and when the card returns for each grade that may be given."""

    place: CardPlace
    ask: str
    said: str | None  # the option picked, as it reads
    is_right: bool | None
    answer: str
    reply: str | None  # to the option picked
    returns: tuple[tuple[Grade, datetime], ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class RestScreen:
    """Nothing to review now, and when there is.

    Attributes:
        now: The moment this was so.
        next_due: When the next card returns; None: there is none.
        cards: How many the learner has.
        held_back: Due, but over today's most.
        aside: Set aside by the learner.
        before: What became of the card before.
    """

    now: datetime
    next_due: datetime | None
    cards: int
    held_back: int
    aside: int
    before: GradedCard | None = None


ReviewScreen = AskScreen | TellScreen | RestScreen


def card_screen(
    card: ReviewCard,
    step: Reviewable,
    place: CardPlace,
    now: datetime,
    by: Scheduling,
    before: GradedCard | None = None,
) -> ReviewScreen:
    """Return the screen of a card: its question, or its answer once that was looked at."""
    step = in_own_order(step, f"{card.learner_id}:{card.lesson}")
    kind = kind_of(step)
    if card.said is None:
        is_picked = kind.entry is AnswerEntry.PICKED
        choices = kind.choices(step) if is_picked else ()  # others are answered in the head
        return AskScreen(place, step.ask, getattr(step, "lead", None), choices, before)
    said = picked(step, card.said)
    verdict = judge(step, said) if said is not None else None
    allowed = grades_for(card, step)
    return TellScreen(
        place=place,
        ask=step.ask,
        said=answer_text(step, said) if said is not None else None,
        is_right=verdict.is_right if verdict else None,
        answer=kind.answer(step) or "",
        reply=verdict.reply if verdict else kind.explained(step),
        returns=tuple(pair for pair in returns(card.memory, now, by) if pair[0] in allowed),
        now=now,
    )
