"""When something is due, in an instructor's words. Pure."""

import re
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.errors import UnusableAnswer

LONGEST = timedelta(days=2 * 365)
_UNITS = {"hour": 1 / 24, "day": 1, "week": 7}
_AHEAD = re.compile(r"(?:in )?(\d{1,3}|an?) (hour|day|week)s?")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_END = time(23, 59, tzinfo=UTC)  # of a day that is named without an hour


def read_due(text: str, now: datetime) -> datetime:
    """Read a time: `2026-03-01`, `2026-03-01 18:00`, `in 5 days`, `2 weeks`, `tomorrow`, `friday`.

    A day without an hour means its end; a time without a zone is UTC.

    Raises:
        UnusableAnswer: it can't be read, has passed, or is more than two years ahead.
    """
    words = " ".join(text.strip().casefold().split())
    due = _ahead(words, now) or _named(words, now) or _exact(words)
    if due is None:
        raise UnusableAnswer(
            "I can't read that time. Write a date like `2026-03-01` or `2026-03-01 18:00` (UTC),"
            " or `in 5 days`, `in 2 weeks`, `tomorrow`, `friday`."
        )
    if due <= now:
        raise UnusableAnswer("That time has passed. Give one that is still to come.")
    if due - now > LONGEST:
        raise UnusableAnswer("That's more than two years ahead. Give a nearer time.")
    return due


def _ahead(words: str, now: datetime) -> datetime | None:
    found = _AHEAD.fullmatch(words)
    if not found:
        return None
    count = 1 if found[1].startswith("a") else int(found[1])
    return now + timedelta(days=count * _UNITS[found[2]])


def _named(words: str, now: datetime) -> datetime | None:
    word = words.removeprefix("on ").removeprefix("next ")
    today = now.astimezone(UTC).date()
    if word in ("today", "tomorrow"):
        return _end_of(today + timedelta(days=word == "tomorrow"))
    if word not in _DAYS:
        return None
    days = (_DAYS.index(word) - today.weekday() - 1) % 7 + 1  # never today: 1 to 7
    return _end_of(today + timedelta(days=days))


def _exact(words: str) -> datetime | None:
    try:
        return _end_of(date.fromisoformat(words))
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(words.upper())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _end_of(day: date) -> datetime:
    return datetime.combine(day, _END)
