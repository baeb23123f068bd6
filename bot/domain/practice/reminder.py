"""When to remind a learner: their hour in their time zone, once a day, never in quiet hours."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from bot.domain.errors import UnusableAnswer
from bot.domain.practice.zones import clock_of

QUIET_FROM, QUIET_TO = 22, 7  # hours of the learner's day
LATE = timedelta(hours=3)  # a reminder that was held up for longer is left out
AGAIN = timedelta(minutes=10)  # until one that couldn't be sent is tried again
APART = timedelta(hours=20)  # between two, whatever zone or hour was chosen in between


@dataclass(frozen=True, slots=True)
class Reminder:
    """A learner's wish to be reminded.

    Attributes:
        hour: 0 to 23, in their time zone.
        quiet_from: The hour from which nothing is sent.
        quiet_to: The hour from which it may be sent again; the same hour: no quiet hours.
        next_at: The moment of the next one.
    """

    hour: int
    quiet_from: int
    quiet_to: int
    next_at: datetime


class Timing(Enum):
    """What to do about a reminder now."""

    WAIT = "wait"
    SEND = "send"
    LEAVE_OUT = "leave out"  # it is too late, or quiet: the next day's will do


def reminder_at(
    hour: int, quiet: tuple[int, int], zone: str, now: datetime, sent_at: datetime | None = None
) -> Reminder:
    """Return a reminder at this hour from now on.

    Args:
        hour: 0 to 23.
        quiet: From which hour to which.
        zone: An IANA name.
        now: From when on.
        sent_at: When the last was sent, so that a changed hour doesn't bring two a day.

    Raises:
        UnusableAnswer: the hour lies in the quiet hours.
    """
    if _is_quiet(hour, quiet):
        raise UnusableAnswer(
            f"{hour}:00 is in your quiet hours, {quiet[0]}:00 to {quiet[1]}:00. "
            "Take another hour, or set `quiet_from` and `quiet_to` too."
        )
    return Reminder(hour, *quiet, next_at=next_moment(hour, zone, now, sent_at))


def timing(reminder: Reminder, zone: str, now: datetime) -> Timing:
    """Say whether a reminder goes out now."""
    if now < reminder.next_at:
        return Timing.WAIT
    hour = now.astimezone(clock_of(zone)).hour
    is_quiet = _is_quiet(hour, (reminder.quiet_from, reminder.quiet_to))
    is_late = now - _last(reminder.hour, zone, now) > LATE
    return Timing.LEAVE_OUT if is_quiet or is_late else Timing.SEND


def next_moment(hour: int, zone: str, now: datetime, sent_at: datetime | None) -> datetime:
    """Return the first moment after now at the learner's hour, on a day without a reminder.

    An hour that the clocks skip is taken an hour later; of one that comes twice, the first.
    """
    there = clock_of(zone)
    day = now.astimezone(there).date()
    moment = _at(day, hour, there)
    while moment <= now or _is_too_soon(moment, sent_at, there):
        day += timedelta(days=1)
        moment = _at(day, hour, there)
    return moment


def again_at(hour: int, zone: str, now: datetime) -> datetime | None:
    """Return when to try a reminder again that failed; None: it would be too late by then."""
    again = now + AGAIN
    return again if again - _last(hour, zone, now) <= LATE else None


def _last(hour: int, zone: str, now: datetime) -> datetime:
    """Return the last moment that the clock said this hour there, until now."""
    there = clock_of(zone)
    day = now.astimezone(there).date()
    moment = _at(day, hour, there)
    return moment if moment <= now else _at(day - timedelta(days=1), hour, there)


def _at(day: date, hour: int, there: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), there).astimezone(UTC)


def _is_too_soon(moment: datetime, sent_at: datetime | None, there: ZoneInfo) -> bool:
    if sent_at is None:
        return False
    is_same_day = moment.astimezone(there).date() == sent_at.astimezone(there).date()
    return is_same_day or moment - sent_at < APART


def _is_quiet(hour: int, quiet: tuple[int, int]) -> bool:
    first, end = quiet
    return first <= hour < end if first <= end else hour >= first or hour < end
