"""Days in a row, with one missed day a week forgiven."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

FORGIVEN_EVERY = 7  # days from one forgiven day to the next, at least


@dataclass(frozen=True, slots=True)
class Streak:
    """How many days were practised in a row, and whether today is one of them."""

    days: int = 0
    is_today_done: bool = False


def streak_of(practised: Collection[date], today: date) -> Streak:
    """Count the days practised, back from today.

    A missed day doesn't end the row if the last one that was forgiven is a week away. It isn't
    counted either. Today is never missed: it isn't over.

    Args:
        practised: Days on which something was guessed or reviewed, in the learner's zone.
        today: In the same zone.
    """
    is_done = today in practised
    count, forgiven, day = int(is_done), None, today - timedelta(days=1)
    earliest = min(practised, default=today)
    while day >= earliest:
        if day in practised:
            count += 1
        elif forgiven is not None and (forgiven - day).days < FORGIVEN_EVERY:
            break
        else:
            forgiven = day
        day -= timedelta(days=1)
    return Streak(count, is_done)
