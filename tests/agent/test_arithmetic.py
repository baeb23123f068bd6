"""A model's sums: right against Python's own arithmetic, and never a load for the loop."""

import re
import resource
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agent.arithmetic import calculated

BOMBS = (
    "'%4000000000d' % 1",
    "'a' * 10**10",
    "[0] * 10**10",
    "9**99999",
    "9**9**9**9",
    "2**-(10**9)**9",
    "(1/3)**(10**200)",
    "1 << 10**10",
    "10**299 * 10**299",
    "0 ** -1",
    "(-8) ** 0.5",
    "(-2) ** (10**300)",
    "1e999",
    "9" * 400,
    "(" * 119,
    "-" * 119 + "1",
    "((((((((1))))))))" * 20,
    "__import__('os')",
    "(lambda: 1)()",
    "True + 1",
    "1j",
    "1 if 1 else 2",
    "1;2",
    "",
)


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_would_grow_or_is_no_sum_costs_nothing_and_is_told(bomb: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF)
    told = calculated(bomb)
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert after.ru_maxrss - before.ru_maxrss < 20_000  # KiB
    assert re.fullmatch(r"That can't be worked out: .+|.+ = -?[\d.e,+-]+", told, re.DOTALL)
    assert len(told) < 500


sums = st.recursive(
    st.integers(0, 10**6).map(str) | st.floats(0.001, 1e6).map(lambda x: f"{x:.3f}"),
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(
        lambda part: f"({part[0]} {part[1]} {part[2]})"
    ),
    max_leaves=8,
)


@given(sums)
def test_a_sum_has_the_value_that_exact_fractions_give(expression: str) -> None:
    if len(expression) > 120:
        return
    exact = re.sub(r"[\d.]+", lambda number: f"Fraction('{number[0]}')", expression)
    try:
        wanted = float(eval(exact, {"Fraction": Fraction}))
    except ZeroDivisionError:
        return
    told = calculated(expression)
    if told.startswith("That can't"):  # fractions cancel where floats leave a rest, or none
        assert "division by zero" in told
        return
    given = float(told.split(" = ")[-1].replace(",", ""))
    assert given == pytest.approx(wanted, rel=1e-6, abs=1e-3)


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("2*32*8*128*2/1024", "128"),
        ("2**10", "1,024"),
        ("-(3 - 5)", "2"),
        ("70e9 * 2 / 1e9", "140"),
        ("10**12", "1e+12"),
    ],
)
def test_the_sums_that_operators_ask_for(expression: str, told: str) -> None:
    assert calculated(expression) == f"{expression} = {told}"
