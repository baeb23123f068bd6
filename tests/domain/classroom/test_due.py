from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.classroom.due import LONGEST, read_due
from bot.domain.errors import UnusableAnswer

NOW = datetime(2026, 2, 25, 12, 0, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("2026-03-01", datetime(2026, 3, 1, 23, 59, tzinfo=UTC)),
        ("2026-03-01 18:00", datetime(2026, 3, 1, 18, 0, tzinfo=UTC)),
        ("2026-03-01T18:00+02:00", datetime(2026, 3, 1, 16, 0, tzinfo=UTC)),
        ("2026-03-01t18:00z", datetime(2026, 3, 1, 18, 0, tzinfo=UTC)),
        ("in 5 days", NOW + timedelta(days=5)),
        ("  IN  2   Weeks ", NOW + timedelta(days=14)),
        ("36 hours", NOW + timedelta(hours=36)),
        ("in a week", NOW + timedelta(days=7)),
        ("in an hour", NOW + timedelta(hours=1)),
        ("today", datetime(2026, 2, 25, 23, 59, tzinfo=UTC)),
        ("tomorrow", datetime(2026, 2, 26, 23, 59, tzinfo=UTC)),
        ("friday", datetime(2026, 2, 27, 23, 59, tzinfo=UTC)),
        ("next Wednesday", datetime(2026, 3, 4, 23, 59, tzinfo=UTC)),
        ("2028-02-24", datetime(2028, 2, 24, 23, 59, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_as_people_write_it(words: str, due: datetime) -> None:
    assert read_due(words, NOW) == due


@pytest.mark.parametrize(
    "words",
    [
        "", "soon", "in five days", "in -5 days", "in 5 months", "2026-02-30", "30.2.2026",
        "in 0 days", "2026-02-25 11:59", "yesterday", "2020-01-01", "in 999 weeks", "9999-12-31",
        "2026-03-01 25:00", "0000-00-00", "\u202e2026-03-01", "0001-01-01T00:00+14:00",
    ],
)  # fmt: skip
def test_what_cant_be_read_or_has_passed_is_told_in_a_sentence(words: str) -> None:
    with pytest.raises(UnusableAnswer) as refused:
        read_due(words, NOW)
    assert str(refused.value).endswith(".")


@given(st.text(max_size=40))
def test_no_words_break_it(words: str) -> None:
    with suppress(UnusableAnswer):
        assert NOW < read_due(words, NOW) <= NOW + LONGEST
