import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum.numerals import numerals, plain, rounds_to


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("49,152 tokens", ["49,152"]),
        ("38.9 % of it, or 7%.", ["38.9%", "7%"]),
        ("(n = 1,573)", ["1,573"]),
        ("between 0.7–0.9", ["0.7", "0.9"]),
        ("down to −1.5, or -2", ["−1.5", "-2"]),
        ("5 + 6 + … + 104", ["5", "6", "104"]),
        ("it costs $5.", ["5"]),
        ("Qwen3.6-27B-FP8 on 4×H100 with max_tokens", []),
        ("run `top --n 5` or\n```\nseed 7\n```", []),
        ("that's lesson 7; see Lessons 3", []),
        ("read https://example.org/2021/27", []),
        ("a five-token prompt, one hundred out", []),
    ],
)
def test_standalone_numbers_are_found(text, shown):
    assert [numeral.shown for numeral in numerals(text)] == shown


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=3))
def test_a_number_agrees_with_itself_however_it_is_grouped(number):
    (numeral,) = numerals(f"about {number:,} of them")
    assert numeral.agrees_with(float(number))


@given(st.floats(min_value=1e-9, max_value=1e12))
def test_a_number_in_full_has_no_exponent(value):
    assert "e" not in plain(value).lower()
    assert rounds_to(value, value)


@pytest.mark.parametrize(
    ("shown", "value", "agrees"),
    [
        ("38.9 %", 0.389, True),
        ("38.9 %", 38.9, True),
        ("39 %", 0.389, True),
        ("38.9", 0.389, False),
        ("38.8 %", 0.389, False),
        ("0.432", 0.43206, True),
        ("49,152", 49151, False),
    ],
)
def test_a_shown_number_must_agree_within_its_rounding(shown, value, agrees):
    (numeral,) = numerals(shown)
    assert numeral.agrees_with(value) is agrees
