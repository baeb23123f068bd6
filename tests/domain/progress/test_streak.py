"""Days in a row, one missed day a week forgiven."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.progress.streak import Streak, streak_of

TODAY = date(2026, 3, 10)


def days(pattern: str) -> set[date]:
    """Read days from the past to today: x practised, . missed; today is the last."""
    past = enumerate(reversed(pattern))
    return {TODAY - timedelta(days=ago) for ago, sign in past if sign == "x"}


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("", 0),
        (".", 0),
        ("x", 1),
        ("x.", 1),  # today isn't over
        ("xxxx", 4),
        ("xx.xx", 4),  # one missed day
        ("xx.x.", 3),
        ("xx..xx", 2),  # two in a row end it
        ("x.xx.xx", 4),  # two in one week end it
        ("xx.xxxxxx.xx", 10),  # two, a week apart
        ("xx.xxxxx.xx", 7),  # a day too early
        ("x....x", 1),
        ("xx..", 2),
        ("xx...", 0),
    ],
)
def test_a_row_of_days_is_counted(pattern: str, count: int) -> None:
    assert streak_of(days(pattern), TODAY) == Streak(count, pattern.endswith("x"))


@given(st.sets(st.integers(0, 60), max_size=40))
def test_one_more_day_never_shortens_a_row(ago: set[int]) -> None:
    practised = {TODAY - timedelta(days=n) for n in ago}
    before = streak_of(practised, TODAY).days
    for extra in range(10):
        more = practised | {TODAY - timedelta(days=extra)}
        assert streak_of(more, TODAY).days >= before


@given(st.sets(st.integers(0, 60), max_size=40))
def test_a_row_is_never_longer_than_the_days_practised(ago: set[int]) -> None:
    practised = {TODAY - timedelta(days=n) for n in ago}
    assert streak_of(practised, TODAY).days <= len(practised)


def test_a_day_in_the_future_doesnt_count() -> None:
    assert streak_of({TODAY + timedelta(days=1)}, TODAY).days == 0
