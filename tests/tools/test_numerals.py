"""Numbers as people write them: never cut silently."""

import math
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.written_numbers import PLAIN, READ, REFUSED, UNSURE
from tools.numerals import LONGEST, UnreadableNumber, read_number, said


@pytest.mark.parametrize(("typed", "unit"), READ)
def test_a_number_is_read_as_it_is_meant(typed: str, unit: str) -> None:
    assert read_number(typed, unit).value == pytest.approx(READ[typed, unit], rel=1e-9)


@pytest.mark.parametrize(("typed", "unit"), READ)
def test_below_nothing_it_is_read_alike(typed: str, unit: str) -> None:
    if typed[0].isdigit():
        assert read_number(f"-{typed}", unit).value == pytest.approx(-READ[typed, unit])


@pytest.mark.parametrize(("typed", "unit"), REFUSED)
def test_what_cant_be_read_is_refused_with_what_was_understood(typed: str, unit: str) -> None:
    with pytest.raises(UnreadableNumber) as refused:
        read_number(typed, unit)
    assert (refused.value.understood, refused.value.rest) == REFUSED[typed, unit]


def test_half_a_character_and_the_marks_of_code_can_be_shown() -> None:
    for typed in ("1\ud83d2", "1`2 3"):
        with pytest.raises(UnreadableNumber) as refused:
            read_number(typed)
        assert str(refused.value).count("`") == 2
        assert str(refused.value).encode()


@pytest.mark.parametrize(("typed", "unit"), UNSURE)
def test_what_might_be_meant_otherwise_is_said_with_its_rule(typed: str, unit: str) -> None:
    found = read_number(typed, unit)
    assert not found.is_plain
    assert found.rule == UNSURE[typed, unit]


@pytest.mark.parametrize(("typed", "unit"), PLAIN)
def test_what_can_mean_one_thing_only_goes_without_saying(typed: str, unit: str) -> None:
    assert read_number(typed, unit).is_plain


@given(st.floats(1e-290, 1e300) | st.floats(-1e300, -1e-290) | st.just(0.0))
def test_what_a_card_shows_reads_back_as_itself(value: float) -> None:
    assert said(read_number(f"{value:.10g}").value) == said(value)


@given(st.text(st.sampled_from(string.digits + " .,-+'eE^/%kmGB٫٬½⁶~x×or"), max_size=LONGEST))
def test_every_digit_is_read_or_told(typed: str) -> None:
    try:
        found, told = read_number(typed).value, True
    except UnreadableNumber as refused:
        found, told = 0.0, bool(refused.understood) or not refused.rest
    assert math.isfinite(found)
    assert told
