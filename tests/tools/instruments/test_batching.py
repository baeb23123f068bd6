from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tools.algorithms.schedule import BatchPlan, BatchRequest, continuous, static, workload
from tools.exhibit.exhibit import Knob, Lane, Prose, Span, Table, Timeline
from tools.exhibit.monospace import PHONE
from tools.exhibit.table_text import table_text
from tools.instruments import batching
from tools.instruments.batching import Batching, exhibit, requests_of

# by hand: two slots, all there at 0
FOUR = tuple(
    BatchRequest(name, 0, length) for name, length in zip("ABCD", (6, 2, 3, 1), strict=True)
)


def test_static_batching_by_hand() -> None:
    # A and B until 6, when A is done; then C and D until 9
    plan = static(FOUR, 2)
    assert [(one.slot, one.start, one.end) for one in plan.placed] == [
        (0, 0, 6),
        (1, 0, 2),
        (0, 6, 9),
        (1, 6, 7),
    ]
    assert plan.steps == 9
    assert plan.utilization == pytest.approx(12 / 18)
    assert plan.mean_wait == pytest.approx((0 + 0 + 6 + 6) / 4)


def test_continuous_batching_by_hand() -> None:
    # C takes B's slot at 2, D takes it at 5
    plan = continuous(FOUR, 2)
    assert [(one.slot, one.start, one.end) for one in plan.placed] == [
        (0, 0, 6),
        (1, 0, 2),
        (1, 2, 5),
        (1, 5, 6),
    ]
    assert plan.steps == 6
    assert plan.utilization == 1.0
    assert plan.mean_wait == pytest.approx((0 + 0 + 2 + 5) / 4)


def test_who_comes_later_waits_for_the_batch_but_not_for_a_free_slot() -> None:
    asked = (BatchRequest("A", 0, 5), BatchRequest("B", 1, 2))
    assert [one.waited for one in static(asked, 2).placed] == [0, 4]
    assert [one.waited for one in continuous(asked, 2).placed] == [0, 0]


@given(
    st.integers(1, 16), st.integers(1, 40), st.integers(0, 60), st.integers(0, 9), st.integers(1, 8)
)
def test_no_slot_holds_two_and_continuous_never_waits_longer(
    requests: int, longest: int, spread: int, seed: int, slots: int
) -> None:
    asked = workload(requests, longest, spread, seed)
    lockstep, flowing = static(asked, slots), continuous(asked, slots)
    for plan in (lockstep, flowing):
        _check(plan, asked)
    assert flowing.mean_wait <= lockstep.mean_wait


@pytest.mark.against("batching", by="a loop over steps, 180 workloads")
@pytest.mark.parametrize("slots", [1, 2, 3, 8])
def test_each_start_is_that_of_a_plain_loop_over_steps(slots: int) -> None:
    for seed in range(45):
        asked = workload(1 + seed % 16, 1 + seed % 9, seed % 30, seed)
        for plan, is_static in ((static(asked, slots), True), (continuous(asked, slots), False)):
            starts = {one.request.name: one.start for one in plan.placed}
            assert starts == by_loop(asked, slots, is_static), (seed, is_static)


def by_loop(asked: tuple[BatchRequest, ...], slots: int, is_static: bool) -> dict[str, int]:
    """Step by step: who is let in at each, and what each still has to write."""
    waiting, left, starts = list(asked), dict[str, int](), dict[str, int]()
    for step in range(10_000):
        left = {name: more - 1 for name, more in left.items() if more > 1}
        room = 0 if is_static and left else slots - len(left)
        here = [one for one in waiting if one.arrival <= step][:room]
        for one in here:
            waiting.remove(one)
            left[one.name], starts[one.name] = one.length, step
        if not waiting:
            return starts
    raise AssertionError("it never ends")


def _check(plan: BatchPlan, asked: tuple[BatchRequest, ...]) -> None:
    assert [one.request for one in plan.placed] == list(asked)
    assert all(one.waited >= 0 for one in plan.placed)
    assert 0 < plan.utilization <= 1
    for slot in range(plan.slots):
        held = [(one.start, one.released) for one in plan.placed if one.slot == slot]
        assert all(a[1] <= b[0] for a, b in pairwise(held))


def test_the_same_seed_is_the_same_workload() -> None:
    assert workload(6, 12, 5, 1) == workload(6, 12, 5, 1)
    assert workload(6, 12, 5, 1) != workload(6, 12, 5, 2)


def test_the_card_draws_both_and_compares_them() -> None:
    shown = batching.exhibit(Batching(slots=2, lengths="6 2 3 1"))
    both, table, *_ = shown.parts
    assert isinstance(both, Timeline)
    names = [lane.label for lane in both.lanes]
    assert names == ["static 1", "static 2", "", "cont. 1", "cont. 2"]
    assert both.lanes[3] == Lane("cont. 1", (Span(0, 6, "A", 0),))
    assert [span.label for span in both.lanes[1].spans] == ["B", "D"]
    assert [span.label for span in both.lanes[4].spans] == ["B", "C", "D"]
    assert isinstance(table, Table)
    assert table.rows == (
        ("used", "67%", "100%"),
        ("waits", "3.0", "1.8"),
        ("steps", "9", "6"),
    )
    assert len(table_text(table, PHONE).splitlines()) == 4
    assert {fact.name: fact.value for fact in shown.facts} == {
        "requests": 4,
        "tokens": 12,
        "static ÷ continuous": 1.5,
        "waits": "in steps",
    }


def test_the_default_is_the_course_s_picture() -> None:
    assert len(requests_of(Batching())) == 6
    assert Batching().slots == 4
    shown = batching.exhibit(Batching())
    gain = {fact.name: fact.value for fact in shown.facts}["static ÷ continuous"]
    assert isinstance(gain, float)
    assert gain > 1  # the seed shows a difference


def test_knobs_stay_inside_the_bounds() -> None:
    least = Batching(slots=1, requests=1, longest=1)
    labels = {one.label for one in batching.exhibit(least).controls if isinstance(one, Knob)}
    assert labels == {
        "Other workload",
        "More slots",
        "More requests",
        "Longer answers",
        "Spread out",
    }


@pytest.mark.parametrize("text", ["4 x", "0", "41", "1 " * 17, "-3", "1.5"])
def test_lengths_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Batching(lengths=text)


def test_it_says_what_the_simple_picture_leaves_out() -> None:
    told = [part.text for part in exhibit(Batching()).parts if isinstance(part, Prose)]
    assert "the KV cache" in told[-1]
    assert "scheduler" in told[-1]
