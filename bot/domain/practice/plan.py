"""How a learner practises: their time zone, their daily most, their reminder, their rank."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.practice.reminder import Reminder, again_at, next_moment
from bot.domain.practice.scheduling import Scheduling
from bot.domain.practice.zones import UTC_NAME


@dataclass(frozen=True, slots=True)
class Plan:
    """What a learner chose, and how their cards are scheduled.

    Attributes:
        learner_id: Whose it is.
        weights: Their FSRS parameters, stored when their first card is made.
        zone: Their time zone, an IANA name.
        a_day: The most cards a day; None: as the bot is set.
        is_ranked: Whether they show their rank, and are counted in the ranks of others.
        reminder: When to remind them; None: don't.
        reminded_at: When they were reminded last.
        is_closed: Whether their inbox refused that.
    """

    learner_id: int
    weights: tuple[float, ...] = Scheduling().weights
    zone: str = UTC_NAME
    a_day: int | None = None
    is_ranked: bool = False
    reminder: Reminder | None = None
    reminded_at: datetime | None = None
    is_closed: bool = False


def reminded(plan: Plan, now: datetime) -> Plan:
    """Return the plan with today's reminder marked as sent, and the next one set."""
    return _moved(replace(plan, reminded_at=now), now)


def left_out(plan: Plan, now: datetime) -> Plan:
    """Return the plan with the next reminder set, and none sent today."""
    return _moved(plan, now)


def put_off(plan: Plan, now: datetime) -> Plan:
    """Return a plan whose reminder couldn't be sent: it is tried again soon, or left out today.

    Args:
        plan: As it was before its reminder was claimed.
        now: When it failed.
    """
    if plan.reminder is None:
        return plan
    again = again_at(plan.reminder.hour, plan.zone, now)
    if again is None:
        return left_out(plan, now)
    return replace(plan, reminder=replace(plan.reminder, next_at=again))


def stopped(plan: Plan, *, is_closed: bool = False) -> Plan:
    """Return the plan without reminders: the learner said so, or their inbox is closed."""
    return replace(plan, reminder=None, is_closed=is_closed)


def _moved(plan: Plan, now: datetime) -> Plan:
    if plan.reminder is None:
        return plan
    moment = next_moment(plan.reminder.hour, plan.zone, now, plan.reminded_at)
    return replace(plan, reminder=replace(plan.reminder, next_at=moment))
