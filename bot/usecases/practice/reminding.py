"""Reminders: wish for one, stop them, and find out who is to be reminded now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.classroom.screens import AssignmentScreen
from bot.domain.learner import Learner
from bot.domain.practice.plan import Plan, left_out, put_off, reminded, stopped
from bot.domain.practice.reminder import QUIET_FROM, QUIET_TO, Timing, reminder_at, timing
from bot.domain.practice.zones import zone_named
from bot.domain.progress.standing import LessonState, standings
from bot.domain.progress.streak import Streak
from bot.usecases.classroom.assigning import screen_of
from bot.usecases.clock import Clock
from bot.usecases.practice.desk import Desk, Rules, desk_of
from bot.usecases.practice.ports import OpenReviews, Reviews
from curriculum.schema import Course


@dataclass(frozen=True, slots=True)
class Wish:
    """What a learner typed; None keeps what they chose before."""

    hour: int
    zone: str | None = None
    quiet_from: int | None = None
    quiet_to: int | None = None


@dataclass(frozen=True, slots=True)
class Nudge:
    """What a reminder says: cards to review, and lessons set that are due before the next one."""

    due: int
    streak: Streak
    before: Plan  # the learner's, as it was when the reminder was due
    after: Plan  # as it is now that it was claimed
    lessons: tuple[AssignmentScreen, ...] = ()

    @property
    def learner_id(self) -> int:
        """Whom it is for."""
        return self.after.learner_id


@dataclass(frozen=True, slots=True)
class Remind:
    """Set a learner's reminder."""

    open_reviews: OpenReviews
    now: Clock

    async def __call__(self, wish: Wish, learner: Learner) -> Plan:
        """Return the plan as it stands then; wishing anew tries a closed inbox again.

        Raises:
            UnusableAnswer: there is no such time zone, or the hour lies in quiet hours.
        """
        now = self.now()
        async with self.open_reviews() as reviews:
            await reviews.enrol(learner, now)
            plan = await reviews.plan(learner.id) or Plan(learner.id)
            zone = zone_named(wish.zone) if wish.zone else plan.zone
            quiet = _quiet(wish, plan)
            reminder = reminder_at(wish.hour, quiet, zone, now, plan.reminded_at)
            plan = replace(plan, zone=zone, reminder=reminder, is_closed=False)
            await reviews.save_plan(plan)
            return plan


@dataclass(frozen=True, slots=True)
class StopReminders:
    """Stop reminding a learner."""

    open_reviews: OpenReviews

    async def __call__(self, learner_id: int, *, is_closed: bool = False) -> None:
        """Stop; `is_closed` notes that their inbox refused, so that it isn't tried again."""
        async with self.open_reviews() as reviews:
            plan = await reviews.plan(learner_id)
            if plan is not None:
                await reviews.save_plan(stopped(plan, is_closed=is_closed))


@dataclass(frozen=True, slots=True)
class ShowReminder:
    """Show what a learner wished for."""

    open_reviews: OpenReviews

    async def __call__(self, learner: Learner) -> Plan:
        """Return their plan."""
        async with self.open_reviews() as reviews:
            return await reviews.plan(learner.id) or Plan(learner.id)


@dataclass(frozen=True, slots=True)
class DueReminders:
    """Find who is to be reminded now, and claim each before it is sent."""

    course: Course
    open_reviews: OpenReviews
    now: Clock
    rules: Rules

    async def who(self) -> Sequence[int]:
        """Return whose moment has come, who waits longest first."""
        async with self.open_reviews() as reviews:
            return await reviews.due_learners(self.now())

    async def claim(self, learner_id: int) -> Nudge | None:
        """Return what to send to one of them; None: nothing, or another process does.

        It is marked as sent before it is returned: another process, or this one after a crash,
        never sends it again. Without a card to review, and without an unfinished lesson that is due
        before tomorrow's reminder, the day goes without.
        """
        now = self.now()
        async with self.open_reviews() as reviews:
            desk = await desk_of(reviews, self.course, learner_id, self.rules, now)
            plan = desk.plan
            if plan.reminder is None or timing(plan.reminder, plan.zone, now) is Timing.WAIT:
                return None
            after = reminded(plan, now)
            lessons = await self._unfinished(reviews, desk, after)
            is_wanted = bool(desk.queue or lessons)
            is_sent = is_wanted and timing(plan.reminder, plan.zone, now) is Timing.SEND
            after = after if is_sent else left_out(plan, now)
            if not await reviews.claim(plan, after) or not is_sent:
                return None
            return Nudge(desk.due, desk.streak, plan, after, lessons)

    async def put_off(self, nudge: Nudge) -> None:
        """Give back what couldn't be sent: it is due again soon, or left out where it is late."""
        async with self.open_reviews() as reviews:
            await reviews.claim(nudge.after, put_off(nudge.before, self.now()))

    async def _unfinished(
        self, reviews: Reviews, desk: Desk, after: Plan
    ) -> tuple[AssignmentScreen, ...]:
        """Return lessons set and not done that are due before the next reminder could say so."""
        assert after.reminder is not None  # it was just moved to its next moment
        until = after.reminder.next_at
        given = await reviews.set_for(desk.plan.learner_id, desk.now, until)
        if not given:
            return ()
        todo = {
            one.slug
            for one in standings(self.course, desk.attempts)
            if one.state in (LessonState.NEW, LessonState.BEGUN)
        }
        first = {one.lesson: one for one in reversed(given) if one.lesson in todo}
        return tuple(screen_of(self.course, one) for one in given if first.get(one.lesson) is one)


def _quiet(wish: Wish, plan: Plan) -> tuple[int, int]:
    old = plan.reminder
    first, end = (old.quiet_from, old.quiet_to) if old else (QUIET_FROM, QUIET_TO)
    return (
        first if wish.quiet_from is None else wish.quiet_from,
        end if wish.quiet_to is None else wish.quiet_to,
    )
