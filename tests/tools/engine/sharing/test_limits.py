import pytest

from tools.engine.sharing.limits import Admission, Limits
from tools.errors import Busy

FEW = Limits(at_once=2, waiting=3, each_at_once=1, each_waiting=2, each_room=4, each_per_s=0.5)


async def test_a_full_line_says_when_to_come_back() -> None:
    admission = Admission(FEW)
    for learner in range(5):
        admission.seat(learner, now=0)
    with pytest.raises(Busy, match=r"The model is busy: 3 requests wait\. Try again in 2 s\."):
        admission.seat(9, now=0)


async def test_the_time_told_follows_how_long_requests_take() -> None:
    admission = Admission(FEW)
    for _ in range(50):
        admission.done(admission.seat(None, now=0), took_s=30)
    for learner in range(5):
        admission.seat(learner, now=0)
    with pytest.raises(Busy) as refused:
        admission.seat(9, now=0)
    assert refused.value.retry_s == pytest.approx(4 * 30 / 2, rel=0.01)


async def test_a_learner_with_much_under_way_is_told_so() -> None:
    admission = Admission(FEW)
    for _ in range(3):
        admission.seat(1, now=0)
    with pytest.raises(Busy, match="You have 3 requests under way"):
        admission.seat(1, now=0)
    admission.seat(2, now=0)


async def test_a_burst_is_let_through_and_then_as_much_as_comes_back() -> None:
    admission = Admission(FEW)
    for _ in range(4):
        admission.done(admission.seat(1, now=0), took_s=1)
    with pytest.raises(Busy, match=r"That was much at once\. Try again in 2 s\."):
        admission.seat(1, now=0)
    admission.done(admission.seat(1, now=2), took_s=1)
    with pytest.raises(Busy):
        admission.seat(1, now=3)
    admission.done(admission.seat(2, now=3), took_s=1)


async def test_a_refusal_costs_nothing() -> None:
    admission = Admission(FEW)
    seats = [admission.seat(1, now=0) for _ in range(3)]
    for _ in range(5):
        with pytest.raises(Busy, match="under way"):
            admission.seat(1, now=0)
    for seat in seats:
        admission.done(seat, took_s=1)
    admission.seat(1, now=0)


async def test_learners_who_are_idle_are_forgotten() -> None:
    admission = Admission(FEW)
    for learner in range(50):
        admission.done(admission.seat(learner, now=learner), took_s=1)
    assert len(admission._buckets) <= 3


async def test_nobody_in_particular_has_no_bucket() -> None:
    admission = Admission(FEW)
    for _ in range(50):
        admission.done(admission.seat(None, now=0), took_s=1)
