import random
from itertools import pairwise
from statistics import fmean

import pytest

from tools.algorithms.load import ServiceLimits, middle, poisson_arrivals, result_of, worst
from tools.engine.serving import LoadedAnswer, LoadRound, Timed

LIMITS = ServiceLimits(1.0, 0.2)


def answer(at_s: float, started_s: float, first_s: float, *gaps_s: float) -> LoadedAnswer:
    return LoadedAnswer(at_s, Timed("", 3, started_s, first_s, gaps_s))


def test_times_count_from_the_arrival_and_not_from_sending() -> None:
    """A generator that waits for room would hide that its users wait."""
    late = LoadedAnswer(10.0, Timed("", 3, 10.9, 0.2, (0.1,)), is_held=True)
    found = result_of(2.0, LoadRound((answer(9.0, 9.0, 0.5, 0.1), late), None), LIMITS)
    assert found.firsts_s == pytest.approx((0.5, 1.1))
    assert found.inside_s == pytest.approx((0.6, 1.2))
    assert (found.good, found.held) == (1, 1)


def test_an_answer_is_good_where_all_limits_hold() -> None:
    answers = (
        answer(0, 0, 0.9, 0.1, 0.3),  # 0.2 s a token on average
        answer(0, 0, 1.1, 0.1),
        answer(0, 0, 0.1, 0.3, 0.3),
        answer(0, 0, 0.1),  # one token has no gaps
    )
    found = result_of(1.0, LoadRound(answers, None), LIMITS)
    assert found.good == 2
    assert found.good_share == 0.5
    assert found.good_per_s == pytest.approx(2 / 1.3)


def test_what_failed_was_asked_and_is_not_good() -> None:
    answers = (answer(0, 0, 0.5, 0.1), LoadedAnswer(1.0, None, "full"))
    found = result_of(1.0, LoadRound(answers, None), LIMITS)
    assert (found.asked, found.failed, found.good_share) == (2, 1, 0.5)
    nothing = result_of(1.0, LoadRound(answers[1:], None), LIMITS)
    assert (nothing.answered_per_s, nothing.in_flight, middle(nothing.gaps_s)) == (0, 0, 0)


def test_littles_law_is_how_many_are_inside_on_average() -> None:
    # three at once for a second, then nobody for a second, then one for a second
    answers = (*[answer(0, 0, 0.5, 0.5)] * 3, answer(2, 2, 0.5, 0.5))
    found = result_of(1.0, LoadRound(answers, None), LIMITS)
    assert found.in_flight == pytest.approx(4 / 3)
    assert found.most == 3


def test_arrivals_are_independent_and_as_many_a_second_as_asked_for() -> None:
    prompts = [str(number) for number in range(4000)]
    arrivals = poisson_arrivals(8.0, prompts, 16, random.Random(1))
    gaps = [b.at_s - a.at_s for a, b in pairwise(arrivals)]
    assert arrivals[0].at_s == 0
    assert [one.prompt for one in arrivals] == prompts
    assert fmean(gaps) == pytest.approx(1 / 8, rel=0.05)
    # of an exponential distribution the mean is the deviation too
    assert fmean(gap**2 for gap in gaps) == pytest.approx(2 / 64, rel=0.1)


def test_the_same_seed_gives_the_same_times() -> None:
    first, second = (poisson_arrivals(2.0, ["a"] * 9, 4, random.Random("7 2")) for _ in range(2))
    assert first == second


def test_percentiles_are_of_what_was_seen() -> None:
    seconds = [float(number) for number in range(1, 101)]
    assert (middle(seconds), worst(seconds)) == (50, 99)
