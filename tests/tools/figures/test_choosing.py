import math

import pytest

from tools.figures import FIGURES, choosing

BY_HAND = [
    ("softmax", [[1.0, 1.0], 0], 0.5),
    ("softmax", [[1000.0, 0.0], 0], 1.0),
    ("softmax", [[math.log(3), 0.0], 0], 0.75),
    ("softmax_percent", [[math.log(3), 0.0], 0], 75.0),
    ("entropy_bits_max", 1024, 10.0),
    ("surprisal_bits", 0.25, 2.0),
    ("surprisal_bits", 1.0, 0.0),
    ("brier", 0.7, 0.09),
    ("odds_factor", math.log(3), 3),
    ("odds_factor", 0, 1),
    ("biased_percent", [25, math.log(3)], 50),  # odds of 1 to 3 become 3 to 3,
    ("biased_percent", [1, 5], 100 * 2.718281828459045**5 / (99 + 2.718281828459045**5)),
]


@pytest.mark.parametrize(("name", "of", "value"), BY_HAND)
def test_a_figure_is_what_it_is_by_hand(name: str, of: object, value: float) -> None:
    assert FIGURES[name](of) == pytest.approx(value)


def test_every_figure_is_tried_above() -> None:
    assert {name for name, _, _ in BY_HAND} == {figure.__name__ for figure in choosing.FIGURES}


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("softmax", [1, 2]),
        ("softmax", [[1.0], 4]),
        ("biased_percent", [1]),
    ],
)
def test_a_figure_of_the_wrong_thing_fails_as_the_check_expects(name: str, of: object) -> None:
    with pytest.raises((ArithmeticError, LookupError, TypeError, ValueError)):
        FIGURES[name](of)


def test_a_biased_share_is_what_softmax_makes_of_the_biased_scores() -> None:
    scores = [2.4, 1.6, 0.7, -0.3, -1.1]
    before = FIGURES["softmax"]([scores, 3])
    after = FIGURES["softmax"]([[*scores[:3], scores[3] + 5, scores[4]], 3])
    assert FIGURES["biased_percent"]([100 * before, 5]) == pytest.approx(100 * after)
