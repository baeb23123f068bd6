import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.fakes.engine import CountingEngine
from tools import catalogue
from tools.exhibit.exhibit import Curve, Exhibit, Knob, Origin, Table
from tools.instrument import Turning
from tools.instruments import fit
from tools.instruments.fit import POINTS, Fit, StraightLine, error, path, settled, slope

X, Y = np.array(POINTS).T


def _knobs(shown: Exhibit) -> dict[str, tuple[str, str]]:
    return {one.label: (one.name, one.value) for one in shown.controls if isinstance(one, Knob)}


@pytest.mark.against("fit", by="numpy", within=1e-6)
@given(st.floats(-10, 10), st.floats(-20, 20))
def test_error_and_slopes_are_numpys(a: float, b: float) -> None:
    miss = a * X + b - Y
    assert error(StraightLine(a, b)) == pytest.approx((miss**2).mean())
    assert slope(StraightLine(a, b)) == pytest.approx(
        (2 * (miss * X).mean(), 2 * miss.mean()), abs=1e-9
    )


def test_by_hand_the_flat_line_misses_by_the_points_themselves() -> None:
    squares = 2.4**2 + 3.1**2 + 5.3**2 + 6.2**2 + 8.3**2 + 9.2**2
    assert error(StraightLine(0, 0)) == pytest.approx(squares / 6)


def test_descent_ends_at_the_least_squares_line() -> None:
    best = np.polyfit(X, Y, 1)
    last = path(Fit(descend=500))[-1]
    assert (last.a, last.b) == pytest.approx(tuple(best), abs=1e-6)


@given(st.floats(-10, 10), st.floats(-20, 20))
def test_each_step_lowers_the_error(a: float, b: float) -> None:
    errors = [error(line) for line in path(Fit(a=a, b=b, descend=20))]
    assert all(after <= before + 1e-9 for before, after in pairwise(errors))


def test_one_step_by_hand() -> None:
    in_a, in_b = slope(StraightLine(0, 0))
    after = path(Fit(descend=1))[-1]
    assert (after.a, after.b) == pytest.approx((-0.05 * in_a, -0.05 * in_b))


def test_the_card_shows_line_misses_and_where_the_error_went() -> None:
    shown = fit.exhibit(Fit(a=1.5, b=2, descend=10))
    line, table, fall = shown.parts
    assert isinstance(line, Curve)
    assert [one.name for one in line.series] == ["points", "line"]
    assert isinstance(table, Table)
    assert isinstance(fall, Curve)
    assert len(fall.series[0].points) == 11
    assert shown.provenance.origin is Origin.ILLUSTRATIVE
    assert len(fit.exhibit(Fit()).parts) == 2


async def _turned(params: Fit, knob: str, value: str) -> Fit:
    dice = random.Random(1)
    found = await catalogue.turned(
        CountingEngine(), "fit", params.model_dump(), Turning(knob, value, dice)
    )
    assert isinstance(found, Fit)
    return found


async def test_descending_again_goes_on_from_where_it_was() -> None:
    once = await _turned(Fit(), "descend", "10")
    twice = await _turned(once, "descend", "10")
    assert settled(twice).a == pytest.approx(settled(Fit(descend=20)).a, abs=1e-3)
    assert settled(twice).b == pytest.approx(settled(Fit(descend=20)).b, abs=1e-3)


async def test_a_turn_by_hand_starts_from_where_descent_ended() -> None:
    down = Fit(descend=10)
    name, value = _knobs(fit.exhibit(down))["a +"]
    after = await _turned(down, name, value)
    assert after.descend == 0
    assert after.b == settled(down).b
    assert after.a == pytest.approx(settled(down).a + 0.25, abs=1e-3)


async def test_at_the_bound_a_knob_is_gone() -> None:
    assert "a +" not in _knobs(fit.exhibit(Fit(a=10)))
    assert "b -" not in _knobs(fit.exhibit(Fit(b=-20)))


@pytest.mark.parametrize("wrong", [{"a": 11}, {"b": float("nan")}, {"descend": 501}])
def test_what_is_out_of_bounds_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Fit.model_validate(wrong)
