"""Cards to review: which are made, which come first, and what a review does to one.

A guess of a lesson is its card's first review: *Again* where it was wrong or the recall was
missed, *Hard* where it was right but no more than a maybe, *Good* where a recall was had. A step
that was right and likely makes no card; nor does what only a model or a rubric can judge.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeGuard

from bot.domain.errors import StaleClick
from bot.domain.lesson.attempt import Attempt, Guess, Phase
from bot.domain.lesson.confidence import LIKELY
from bot.domain.lesson.kinds.base import AnswerEntry, Flow
from bot.domain.lesson.kinds.registry import kind_of
from bot.domain.lesson.scoring import is_readable, judge
from bot.domain.practice.scheduling import Grade, Memory, Scheduling, retrievability, reviewed
from curriculum.kinds.recall import RecallStep
from curriculum.kinds.registry import Guessable, Step
from curriculum.schema import Lesson

_A_DAY = timedelta(days=1)
LOOKED = "-"  # stands for an answer that was said in the head

Reviewable = Guessable | RecallStep  # of these, the kinds that are reviewed


@dataclass(frozen=True, slots=True)
class Seed:
    """A card to be made. `weight` is what it is worth to know it: 1 and up."""

    lesson: str
    step: str
    weight: float
    memory: Memory


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """A step that comes back to one learner.

    Attributes:
        id: Of the card.
        learner_id: Whose it is.
        lesson: The slug of its lesson.
        step: The step's id.
        weight: What it is worth to know it.
        memory: What FSRS knows of it.
        reviews: How often it was reviewed, after the lesson.
        revision: Goes up with each change, so that a button of an older one is refused.
        said: The option picked, or that the learner looked; None: the answer is still hidden.
        is_aside: Set aside by the learner; doesn't return until they bring it back.
    """

    id: int
    learner_id: int
    lesson: str
    step: str
    weight: float
    memory: Memory
    reviews: int = 0
    revision: int = 0
    said: str | None = None
    is_aside: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """A grade given, and the card as it was before, so that it can be taken back."""

    id: int
    learner_id: int
    card_id: int
    grade: Grade
    at: datetime
    said: str
    before: Memory


@dataclass(frozen=True, slots=True)
class Quota:
    """The most cards a day, and how many of them may be met for the first time."""

    a_day: int = 30
    new_a_day: int = 10


def seeds_of(
    lesson: Lesson,
    attempt: Attempt,
    now: datetime,
    by: Scheduling,
    known: Container[tuple[str, str]] = (),
) -> tuple[Seed, ...]:
    """Return the cards that a first run makes: those of a run under way, as far as revealed.

    Args:
        lesson: What was run.
        attempt: The run.
        now: When a skipped recall is due; one that the lesson didn't ask is a day later.
        by: The learner's scheduling.
        known: Lesson and step of cards that are there already; they are left out.
    """
    if attempt.run != 1:
        return ()
    return tuple(_seeds(lesson, attempt, now, by, known))


def cards_made(lesson: Lesson, attempt: Attempt) -> int:
    """Return how many cards a run makes."""
    return sum(1 for _ in _kept(lesson, attempt)) if attempt.run == 1 else 0


def queue_of(
    cards: Sequence[ReviewCard],
    today: Mapping[int, int],
    quota: Quota,
    now: datetime,
    by: Scheduling,
) -> tuple[ReviewCard, ...]:
    """Return the cards to review now, the most valuable first, inside the day's quota.

    A card's value is its weight times the chance that it is forgotten by now. One whose answer
    was already looked at goes before all; one met today may return today without a new place.

    Args:
        cards: All of a learner's cards.
        today: How often each card was reviewed today, by its id.
        quota: What is left is counted from here.
        now: A card due later is left out.
        by: The learner's scheduling.
    """
    due = [c for c in cards if not c.is_aside and (c.said or c.memory.due <= now)]
    ranked = sorted(due, key=lambda c: (-value_of(c, now, by), c.memory.due, c.id))
    room = quota.a_day - len(today)
    new_room = quota.new_a_day - sum(c.reviews <= today.get(c.id, -1) for c in cards)
    chosen = []
    for card in ranked:
        if card.id not in today and card.said is None:
            if room <= 0 or (card.reviews == 0 and new_room <= 0):
                continue
            room -= 1
            new_room -= card.reviews == 0
        chosen.append(card)
    return tuple(sorted(chosen, key=lambda c: c.said is None))


def value_of(card: ReviewCard, now: datetime, by: Scheduling) -> float:
    """Return what reviewing a card now is worth: weight × (1 − probability of recall)."""
    return card.weight * (1 - retrievability(card.memory, now, by))


def looked(card: ReviewCard, said: str) -> ReviewCard:
    """Return the card with its answer open; what was picked first stays.

    Raises:
        StaleClick: it was open already.
    """
    if card.said is not None:
        raise StaleClick("You've looked at that one already. Say how it went.")
    return replace(card, said=said, revision=card.revision + 1)


def graded(
    card: ReviewCard, grade: Grade, step: Reviewable, now: datetime, by: Scheduling
) -> ReviewCard:
    """Return the card after a review.

    Raises:
        StaleClick: its answer wasn't looked at, or was picked wrong and is called known.
    """
    if card.said is None or grade not in grades_for(card, step):
        raise StaleClick
    return replace(
        card,
        memory=reviewed(card.memory, grade, now, by),
        reviews=card.reviews + 1,
        revision=card.revision + 1,
        said=None,
    )


def grades_for(card: ReviewCard, step: Reviewable) -> tuple[Grade, ...]:
    """Return the grades that may be given: a wrong pick can only come again."""
    is_pick = kind_of(step).entry is AnswerEntry.PICKED and card.said is not None
    said = picked(step, card.said)
    is_wrong = is_pick and (said is None or not judge(step, said).is_right)
    return (Grade.AGAIN,) if is_wrong else tuple(Grade)


def is_reviewed(step: Step) -> TypeGuard[Reviewable]:
    """Whether a step returns as a card."""
    return kind_of(step).is_reviewed


def picked(step: Reviewable, said: str | None) -> str | None:
    """Return what was picked on a card, if its step is answered by a pick and still has that."""
    is_pick = said is not None and kind_of(step).entry is AnswerEntry.PICKED
    return said if is_pick and is_readable(step, said or "") else None


def taken_back(card: ReviewCard, review: Review) -> ReviewCard:
    """Return the card as it was before its last review, its answer hidden."""
    return replace(
        card,
        memory=review.before,
        reviews=card.reviews - 1,
        revision=card.revision + 1,
        said=None,
    )


def put_aside(card: ReviewCard, *, is_aside: bool) -> ReviewCard:
    """Return the card set aside, or brought back."""
    return replace(card, is_aside=is_aside, said=None, revision=card.revision + 1)


def _seeds(
    lesson: Lesson,
    attempt: Attempt,
    now: datetime,
    by: Scheduling,
    known: Container[tuple[str, str]],
) -> Iterator[Seed]:
    unasked = {step.id for step in lesson.recall[1:]}
    for step, guess, grade in _kept(lesson, attempt):
        if (lesson.slug, step) in known:
            continue
        if guess is None or grade is None:
            due = now + _A_DAY if step in unasked else now
            yield Seed(lesson.slug, step, 1.0, Memory(due=due))
        else:
            memory = reviewed(Memory(due=guess.at), grade, guess.at, by)
            yield Seed(lesson.slug, step, _weight(guess), memory)


def _kept(lesson: Lesson, attempt: Attempt) -> Iterator[tuple[str, Guess | None, Grade | None]]:
    """Yield the steps that become cards; without a guess where a recall was skipped."""
    for step in lesson.sequence:
        guess = attempt.guess_at(step.id)
        if guess is None:
            if kind_of(step).flow is Flow.RECALL and attempt.phase is Phase.FINISHED:
                yield step.id, None, None
            continue
        is_hidden = attempt.step == step.id and attempt.phase is Phase.LOCKED
        grade = _first_grade(step, guess)
        if grade is not None and not is_hidden:
            yield step.id, guess, grade


def _first_grade(step: Step, guess: Guess) -> Grade | None:
    if not is_reviewed(step) or guess.is_right is None:
        return None
    if not guess.is_right:
        return Grade.AGAIN
    if kind_of(step).flow is Flow.RECALL:
        return Grade.GOOD
    is_lucky = guess.confidence is not None and guess.confidence < LIKELY
    return Grade.HARD if is_lucky else None


def _weight(guess: Guess) -> float:
    """Surest errors are worth most, as in the recap."""
    return 1 + (guess.confidence or 0) if guess.is_right is False else 1.0
