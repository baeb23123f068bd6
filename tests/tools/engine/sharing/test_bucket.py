import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.engine.sharing.bucket import Bucket


def test_a_full_bucket_gives_as_many_as_fit_and_then_makes_wait() -> None:
    bucket = Bucket.full(3, 0.5, now=10)
    for _ in range(3):
        assert bucket.wait_s(10) == 0
        bucket = bucket.taken(10)
    assert bucket.wait_s(10) == 2
    assert bucket.wait_s(11) == 1
    assert bucket.wait_s(12) == 0


def test_it_never_holds_more_than_fits() -> None:
    bucket = Bucket.full(3, 0.5, now=0).taken(0)
    assert not bucket.is_full(1)
    assert bucket.is_full(2)
    assert bucket.at_time(1e6).left == 3


def test_a_clock_that_goes_back_takes_nothing_away() -> None:
    assert Bucket.full(3, 1, now=10).at_time(5).left == 3


@given(st.lists(st.floats(0, 30), max_size=200), st.integers(1, 9), st.floats(0.1, 5))
def test_in_no_stretch_of_time_more_pass_than_its_room_and_what_came_back(
    gaps: list[float], room: int, per_s: float
) -> None:
    now, bucket, passed = 0.0, Bucket.full(room, per_s, now=0), 0
    for gap in gaps:
        now += gap
        if bucket.wait_s(now) == 0:
            bucket, passed = bucket.taken(now), passed + 1
    assert passed <= room + now * per_s + 1e-6


@pytest.mark.parametrize("early", [0.01, 0.5])
def test_the_wait_it_tells_is_enough_and_no_longer_than_need_be(early: float) -> None:
    bucket = Bucket.full(1, 0.25, now=0).taken(0)
    wait_s = bucket.wait_s(0)
    assert bucket.wait_s(wait_s) == 0
    assert bucket.wait_s(wait_s - early) > 0
