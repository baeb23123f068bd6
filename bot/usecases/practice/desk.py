"""A learner's desk: their plan, their cards, what is due, made ready to look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.domain.lesson.attempt import Attempt
from bot.domain.practice.plan import Plan
from bot.domain.practice.review import (
    Quota,
    Reviewable,
    ReviewCard,
    is_reviewed,
    queue_of,
    seeds_of,
)
from bot.domain.practice.scheduling import RETENTION, Scheduling
from bot.domain.practice.zones import local_day, midnight
from bot.domain.progress.streak import Streak, streak_of
from bot.usecases.practice.ports import Reviews
from curriculum.schema import Course


@dataclass(frozen=True, slots=True)
class Rules:
    """What an operator sets for everyone."""

    quota: Quota = field(default_factory=Quota)
    retention: float = RETENTION


@dataclass(frozen=True, slots=True)
class Desk:
    """What there is to practise.

    Attributes:
        attempts: Every run of every lesson.
        plan: How they practise.
        by: What their cards are scheduled by.
        cards: Those whose steps are still in the course.
        queue: What is to be reviewed now, in order.
        held_back: How many are due, but over today's most.
        next_due: When the next card can be reviewed, if none can be now; None: there is none.
        streak: Days in a row.
        now: When this was so.
    """

    attempts: Sequence[Attempt]
    plan: Plan
    by: Scheduling
    cards: tuple[ReviewCard, ...]
    queue: tuple[ReviewCard, ...]
    held_back: int
    next_due: datetime | None
    streak: Streak
    now: datetime

    @property
    def due(self) -> int:
        """How many reviews there are now: what every card says that counts them."""
        return len(self.queue)


async def desk_of(
    reviews: Reviews,
    course: Course,
    learner_id: int,
    rules: Rules,
    now: datetime,
    *,
    is_plan_held: bool = False,
) -> Desk:
    """Make a learner's desk ready; cards that their lessons ask for are made on the way.

    Whoever is going to write the plan back has it held.
    """
    attempts = await reviews.attempts_of(learner_id)
    stored = await reviews.plan(learner_id, is_held=is_plan_held)
    plan = stored or Plan(learner_id)
    by = Scheduling(plan.weights, rules.retention)
    there = await reviews.cards_of(learner_id)
    if await _make_cards(reviews, course, attempts, there, plan, stored is None, by, now):
        there = await reviews.cards_of(learner_id)
    today = local_day(now, plan.zone)
    done = await _done_since(reviews, learner_id, there, midnight(today, plan.zone))
    cards = tuple(card for card in there if step_of_card(course, card) is not None)
    queue = queue_of(cards, done, _quota(plan, rules), now, by)
    due = [card for card in cards if not card.is_aside and card.memory.due <= now]
    held_back = len({card.id for card in due} - {card.id for card in queue})
    days = await reviews.days_of(learner_id)
    guessed = {local_day(guess.at, plan.zone) for run in attempts for guess in run.guesses}
    return Desk(
        attempts=attempts,
        plan=plan,
        by=by,
        cards=cards,
        queue=queue,
        held_back=held_back,
        next_due=_next_due(cards, queue, held_back, today, plan, now),
        streak=streak_of(guessed | days, today),
        now=now,
    )


async def _done_since(
    reviews: Reviews, learner_id: int, cards: Sequence[ReviewCard], began: datetime
) -> Mapping[int, int]:
    """Return how often each card was reviewed since then; asked only where one was."""
    is_any_done = any(card.memory.last and card.memory.last >= began for card in cards)
    return await reviews.reviewed_since(learner_id, began) if is_any_done else {}


def step_of_card(course: Course, card: ReviewCard) -> Reviewable | None:
    """Return what a card asks, if the course still has it."""
    lessons = (lesson for lesson in course.lessons if lesson.slug == card.lesson)
    steps = (step for lesson in lessons for step in lesson.sequence if step.id == card.step)
    found = next(steps, None)
    return found if found is not None and is_reviewed(found) else None


async def _make_cards(
    reviews: Reviews,
    course: Course,
    attempts: Sequence[Attempt],
    there: Sequence[ReviewCard],
    plan: Plan,
    is_new: bool,
    by: Scheduling,
    now: datetime,
) -> bool:
    lessons = {lesson.slug: lesson for lesson in course.lessons}
    known = {(card.lesson, card.step) for card in there}
    wanted = [
        seed
        for run in attempts
        if run.lesson in lessons
        for seed in seeds_of(lessons[run.lesson], run, now, by, known)
    ]
    if wanted:
        if is_new:
            await reviews.begin_plan(plan)  # so that its FSRS parameters stay what they were
        await reviews.add_cards(plan.learner_id, wanted)
    return bool(wanted)


def _quota(plan: Plan, rules: Rules) -> Quota:
    if plan.a_day is None:
        return rules.quota
    return Quota(plan.a_day, min(rules.quota.new_a_day, plan.a_day))


def _next_due(
    cards: Sequence[ReviewCard],
    queue: Sequence[ReviewCard],
    held_back: int,
    today: date,
    plan: Plan,
    now: datetime,
) -> datetime | None:
    if queue:
        return None
    coming = [card.memory.due for card in cards if not card.is_aside and card.memory.due > now]
    if held_back:
        coming.append(midnight(today + timedelta(days=1), plan.zone))
    return min(coming, default=None)
