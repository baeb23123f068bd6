"""Review cards: look, say how it went, take it back, set aside; keep the cards of a lesson."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import assert_never

from bot.domain.errors import NotYours, StaleClick
from bot.domain.learner import Learner
from bot.domain.lesson.commands import Command
from bot.domain.lesson.screens import RecapScreen
from bot.domain.practice.commands import (
    BringBack,
    GradeCard,
    LookUp,
    ReviewCommand,
    SetAside,
    TakeBack,
)
from bot.domain.practice.review import (
    LOOKED,
    Review,
    Reviewable,
    ReviewCard,
    graded,
    looked,
    picked,
    put_aside,
    taken_back,
)
from bot.domain.practice.scheduling import Grade, Scheduling
from bot.domain.practice.screens import CardPlace, GradedCard, RestScreen, ReviewScreen, card_screen
from bot.domain.practice.zones import local_day
from bot.domain.progress.standing import home_of
from bot.usecases.clock import Clock
from bot.usecases.lesson.turns import LessonShown
from bot.usecases.practice.desk import Desk, Rules, desk_of, step_of_card
from bot.usecases.practice.ports import OpenReviews, Reviews
from curriculum.schema import Course

_GONE = "That card has changed since. Here is what's next."


@dataclass(frozen=True, slots=True)
class ShowReview:
    """Show the card to review next, or when there is one."""

    course: Course
    open_reviews: OpenReviews
    now: Clock
    rules: Rules

    async def __call__(self, learner: Learner, a_day: int | None = None) -> ReviewScreen:
        """Return the screen; `a_day` sets the learner's own most cards a day from now on."""
        now = self.now()
        async with self.open_reviews() as reviews:
            await reviews.enrol(learner, now)
            is_changed = a_day is not None
            desk = await desk_of(
                reviews, self.course, learner.id, self.rules, now, is_plan_held=is_changed
            )
            if a_day is not None:
                await reviews.save_plan(replace(desk.plan, a_day=a_day))
                desk = await desk_of(reviews, self.course, learner.id, self.rules, now)
            return _screen(desk, self.course)


@dataclass(frozen=True, slots=True)
class TakeReview:
    """Do one thing to a card, and say what to show next."""

    course: Course
    open_reviews: OpenReviews
    now: Clock
    rules: Rules

    async def __call__(self, command: ReviewCommand, learner: Learner) -> ReviewScreen:
        """Run one command for one learner.

        Raises:
            NotYours: the card belongs to another learner.
            StaleClick: the card isn't any more as it was shown.
        """
        now = self.now()
        async with self.open_reviews() as reviews:
            before, focus = await self._run(reviews, command, learner)
            desk = await desk_of(reviews, self.course, learner.id, self.rules, now)
            return _screen(desk, self.course, before, focus)

    async def _run(
        self, reviews: Reviews, command: ReviewCommand, learner: Learner
    ) -> tuple[GradedCard | None, int | None]:
        """Return what was graded, and which card stays on the table."""
        match command:
            case LookUp(said=said):
                card, step = await self._held(reviews, command, learner)
                await _save(reviews, looked(card, _said(step, said)))
                return None, card.id
            case GradeCard():
                return await self._grade(reviews, command, learner), None
            case TakeBack(review_id=review_id):
                return None, await _take_back(reviews, review_id, learner)
            case SetAside():
                card, _ = await self._held(reviews, command, learner)
                await _save(reviews, put_aside(card, is_aside=True))
                return None, None
            case BringBack():
                for card in await reviews.cards_of(learner.id):
                    if card.is_aside:
                        await _save(reviews, put_aside(card, is_aside=False))
                return None, None
            case _:
                assert_never(command)

    async def _grade(self, reviews: Reviews, command: GradeCard, learner: Learner) -> GradedCard:
        card, step = await self._held(reviews, command, learner)
        now, grade = self.now(), _grade_of(command.grade)
        plan = await reviews.plan(learner.id)
        assert plan is not None  # it was stored with the first card
        by = Scheduling(plan.weights, self.rules.retention)
        after = graded(card, grade, step, now, by)
        await _save(reviews, after)
        said = card.said or LOOKED
        review = Review(0, learner.id, card.id, grade, now, said, card.memory)
        number = await reviews.log(review)
        await reviews.practise(learner.id, local_day(now, plan.zone))
        return GradedCard(number, grade, now, after.memory.due)

    async def _held(
        self, reviews: Reviews, command: LookUp | GradeCard | SetAside, learner: Learner
    ) -> tuple[ReviewCard, Reviewable]:
        card = await _mine(reviews, command.card_id, learner)
        step = step_of_card(self.course, card)
        if step is None or card.revision != command.revision or card.is_aside:
            raise StaleClick(_GONE)
        return card, step


@dataclass(frozen=True, slots=True)
class KeepCards:
    """Take a lesson's turn; at its end make the cards, and count the learner's rank anew."""

    take_turn: Callable[[Command, Learner], Awaitable[LessonShown]]
    course: Course
    open_reviews: OpenReviews
    now: Clock
    rules: Rules

    async def __call__(self, command: Command, learner: Learner) -> LessonShown:
        """Run one command, as the turn does, and raise what it raises."""
        shown = await self.take_turn(command, learner)
        if isinstance(shown.screen, RecapScreen):
            async with self.open_reviews() as reviews:
                desk = await desk_of(reviews, self.course, learner.id, self.rules, self.now())
                await count_rank(reviews, self.course, desk, learner)
        return shown


async def count_rank(reviews: Reviews, course: Course, desk: Desk, learner: Learner) -> int:
    """Return a learner's points; keep them in their class's ranks, if they show their rank."""
    points = sum(lesson.right for lesson in home_of(course, desk.attempts).lessons)
    if desk.plan.is_ranked and learner.cohort_id:
        await reviews.put_rank(learner.id, learner.cohort_id, points)
    return points


async def _take_back(reviews: Reviews, review_id: int, learner: Learner) -> int:
    review = await reviews.last_review(learner.id)
    if review is None or review.id != review_id:
        raise StaleClick("Only your last grade can be taken back, and once.")
    card = await _mine(reviews, review.card_id, learner)
    await _save(reviews, taken_back(card, review))
    await reviews.unlog(review.id)
    return card.id


async def _mine(reviews: Reviews, card_id: int, learner: Learner) -> ReviewCard:
    card = await reviews.card(card_id)
    if card is None:
        raise StaleClick(_GONE)
    if card.learner_id != learner.id:
        raise NotYours("This card is somebody else's. Type `/review` for your own.")
    return card


async def _save(reviews: Reviews, card: ReviewCard) -> None:
    if not await reviews.save_card(card):
        raise StaleClick(_GONE)


def _said(step: Reviewable, said: str) -> str:
    if said == LOOKED:
        return said
    if picked(step, said) is None:
        raise StaleClick
    return said


def _grade_of(number: int) -> Grade:
    try:
        return Grade(number)
    except ValueError:
        raise StaleClick from None


def _screen(
    desk: Desk, course: Course, before: GradedCard | None = None, focus: int | None = None
) -> ReviewScreen:
    card = next((c for c in desk.queue if c.id == focus), next(iter(desk.queue), None))
    step = step_of_card(course, card) if card else None
    if card is None or step is None:
        aside = sum(c.is_aside for c in desk.cards)
        return RestScreen(desk.now, desk.next_due, len(desk.cards), desk.held_back, aside, before)
    number = next(one.number for one in course.lessons if one.slug == card.lesson)
    place = CardPlace(card.id, card.revision, number, desk.due)
    return card_screen(card, step, place, desk.now, desk.by, before)
