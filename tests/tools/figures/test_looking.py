import math

import pytest

from tools.figures import FIGURES, looking
from tools.instruments.positions import speeds

BY_HAND = [
    (  # 32 heads of 128, 8 sets of keys and values; three matrices of 4,096 by 14,336
        "attention_work_percent",
        {"model": "llama-3-8b", "context": 2_048},
        100
        * (4_096 * (4_096 + 1_024) * 2 + 2_048 * 2 * 4_096)
        / (4_096 * (4_096 + 1_024) * 2 + 2_048 * 2 * 4_096 + 3 * 4_096 * 14_336),
    ),
    ("sum_of_squares", 3, 14),
    ("sum_to", 100, 5050),
    ("tokens_read", [5, 100], 5450),
    # 576 wide, 9 heads of 64 and 3 for keys and values, 1,536 in the middle, by hand
    ("attention_work_percent", {"model": "smollm2-135m", "context": 3072}, 62.5),
    ("rotary_turn", {"base": 100, "width": 4, "pair": 1}, 20 * math.pi),
]


@pytest.mark.parametrize(("name", "of", "value"), BY_HAND)
def test_a_figure_is_what_it_is_by_hand(name: str, of: object, value: float) -> None:
    assert FIGURES[name](of) == pytest.approx(value)


def test_every_figure_is_tried_above() -> None:
    assert {name for name, _, _ in BY_HAND} == {figure.__name__ for figure in looking.FIGURES}


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("tokens_read", [1]),
        ("attention_work_percent", {"model": "gpt-5", "context": 1}),
        ("attention_work_percent", {"model": "smollm2-135m", "context": "1"}),
        ("sum_to", "x"),
    ],
)
def test_a_figure_of_the_wrong_thing_fails_as_the_check_expects(name: str, of: object) -> None:
    with pytest.raises((ArithmeticError, LookupError, TypeError, ValueError)):
        FIGURES[name](of)


@pytest.mark.parametrize("pair", [0, 5, 31])
def test_a_pair_has_come_full_circle_at_the_speed_its_exhibit_shows(pair: int) -> None:
    places = FIGURES["rotary_turn"]({"base": 100_000, "width": 64, "pair": pair})
    assert places * speeds(100_000, 64)[pair] == pytest.approx(math.tau)
