"""What a learner may see of a review. A card that asks has no field for its answer."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.lesson.scoring import answer_text, judge
from bot.domain.lesson.screens import Choice
from bot.domain.practice.review import Card, Reviewable, grades_for
from bot.domain.practice.scheduling import Grade, Scheduling, returns
from curriculum.schema import OPTION_KEYS, ChoiceStep, NumberStep, OrderStep, RecallStep, TextStep


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
    card: Card,
    step: Reviewable,
    place: CardPlace,
    now: datetime,
    by: Scheduling,
    before: GradedCard | None = None,
) -> ReviewScreen:
    """Return the screen of a card: its question, or its answer once that was looked at."""
    if card.said is None:
        return AskScreen(place, step.ask, getattr(step, "lead", None), _choices(step), before)
    is_pick = isinstance(step, ChoiceStep) and card.said in tuple(OPTION_KEYS[: len(step.options)])
    verdict = judge(step, card.said) if is_pick else None
    allowed = grades_for(card, step)
    return TellScreen(
        place=place,
        ask=step.ask,
        said=answer_text(step, card.said) if is_pick else None,
        is_right=verdict.is_right if verdict else None,
        answer=_answer(step),
        reply=verdict.reply if verdict else _reply(step),
        returns=tuple(pair for pair in returns(card.memory, now, by) if pair[0] in allowed),
        now=now,
    )


def _choices(step: Reviewable) -> tuple[Choice, ...]:
    if not isinstance(step, ChoiceStep):
        return ()
    return tuple(Choice(k, o.text) for k, o in zip(OPTION_KEYS, step.options, strict=False))


def _answer(step: Reviewable) -> str:
    match step:
        case ChoiceStep():
            return answer_text(step, step.answer)
        case NumberStep():
            return answer_text(step, f"{step.answer:.10g}")
        case OrderStep():
            return " → ".join(step.stages)
        case TextStep() | RecallStep():
            return step.answer


def _reply(step: Reviewable) -> str | None:
    if isinstance(step, ChoiceStep):
        return step.option(step.answer).reply
    return step.reply if isinstance(step, NumberStep | OrderStep) else None
