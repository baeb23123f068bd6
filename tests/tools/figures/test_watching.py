import random

import pytest

from tools.algorithms.scheduling import QueuedRequest, SchedulerConfig
from tools.algorithms.step_rule import engine_steps
from tools.figures import FIGURES, watching

LONG = {"prompt": 100, "budget": 30, "writing": 5, "read_per_s": 20}
MIX = {"running": 4, "gap_s": 0.1, "prompt": 50, "answer": 100, "read_per_s": 100}

BY_HAND = [
    ("cache_use", {"running": 3, "each": 10, "room": 60}, 0.5),
    ("written_per_s", MIX, 40 / 1.2),  # a fifth again of each second goes into reading
    ("prompt_tokens_per_s", MIX, 20 / 1.2),
    ("written_per_s", MIX | {"thrown_out_per_s": 0.5, "each": 100}, 20 / 1.2),
    ("read_again_per_s", {"thrown_out_per_s": 0.5, "each": 100}, 50),
    ("step_s", {"budget": 30, "read_per_s": 20}, 1.5),
    ("budget_for", {"gap_s": 0.5, "read_per_s": 20}, 10),
    ("chunks", LONG, 4),
    ("chunks", LONG | {"prompt": 101}, 5),
    ("long_gap_share", LONG | {"gap_s": 0.5, "every_s": 11}, 0.25),  # 4 of 4 + 12
    ("long_gap_time", LONG | {"every_s": 10}, 0.5),
    ("arrivals_with_retry", {"new": 16, "served": 12}, 24),
    ("in_system", {"arrive": 12, "inside": 8}, 96),
    ("served_per_s", {"room": 100, "each": 5, "inside": 4}, 5),
    ("dollars_a_million", {"price": 1.8, "gpus": 2, "per_s": 1000, "busy": 0.5}, 2),
]


@pytest.mark.parametrize(("name", "of", "value"), BY_HAND)
def test_a_figure_is_what_it_is_by_hand(name: str, of: object, value: float) -> None:
    assert FIGURES[name](of) == pytest.approx(value)


def test_every_figure_is_tried_above() -> None:
    assert {name for name, _, _ in BY_HAND} == {figure.__name__ for figure in watching.FIGURES}


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("cache_use", {"running": 1}),
        ("step_s", {"budget": 1, "read_per_s": 0}),
        ("arrivals_with_retry", {"new": 10, "served": 11}),
    ],
)
def test_a_figure_of_the_wrong_thing_fails_as_the_check_expects(name: str, of: object) -> None:
    with pytest.raises((ArithmeticError, LookupError, TypeError, ValueError)):
        FIGURES[name](of)


def test_a_long_prompt_takes_as_many_chunks_as_the_scheduler_gives_it() -> None:
    config = SchedulerConfig(
        max_num_batched_tokens=64, max_num_seqs=8, block_size=16, num_gpu_blocks=80,
        max_model_len=79 * 16, long_prefill_token_threshold=0, watermark=0.0,
        enable_chunked_prefill=True, enable_prefix_caching=True, async_scheduling=True,
    )  # fmt: skip
    writers = [QueuedRequest(0, 32, 40, 0) for _ in range(4)]
    steps = engine_steps([*writers, QueuedRequest(8, 600, 4, 0)], config)
    reading = [one for step in steps for one in step.shares if one.request == 4 and one.start < 600]
    assert len(reading) == FIGURES["chunks"]({"prompt": 600, "budget": 64, "writing": 4})


def test_retries_settle_where_a_queue_with_impatient_callers_does() -> None:
    dice, waiting, again = random.Random(11), list[tuple[int, bool]](), 0
    arrived, tries = 0, 0
    for second in range(4000):
        new = sum(dice.random() < 0.14 for _ in range(100))
        waiting += [(second, True)] * new + [(second, False)] * again
        tries += new + again if second >= 1000 else 0
        arrived += new if second >= 1000 else 0
        dice.shuffle(waiting)
        waiting.sort(key=lambda one: one[0])
        gone = [one for one in waiting if one[0] <= second - 60]
        waiting = waiting[len(gone) :][11:]
        again = sum(is_first for _, is_first in gone)
    new_per_s = arrived / 3000
    expected = FIGURES["arrivals_with_retry"]({"new": new_per_s, "served": 11})
    assert tries / 3000 == pytest.approx(expected, rel=0.03)
