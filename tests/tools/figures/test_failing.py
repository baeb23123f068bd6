import pytest

from tools.figures import FIGURES, failing

BY_HAND = [
    ("tokens_kept", [5, 1], 5),
    ("tokens_kept", [7, 12], 18),
]


@pytest.mark.parametrize(("name", "of", "value"), BY_HAND)
def test_a_figure_is_what_it_is_by_hand(name: str, of: object, value: float) -> None:
    assert FIGURES[name](of) == pytest.approx(value)


def test_every_figure_is_tried_above() -> None:
    assert {name for name, _, _ in BY_HAND} == {figure.__name__ for figure in failing.FIGURES}


@pytest.mark.parametrize(("name", "of"), [("tokens_kept", [5])])
def test_a_figure_of_the_wrong_thing_fails_as_the_check_expects(name: str, of: object) -> None:
    with pytest.raises((ArithmeticError, LookupError, TypeError, ValueError)):
        FIGURES[name](of)


def test_what_is_kept_is_what_a_loop_with_a_cache_has_read() -> None:
    text, read = ["a"] * 7, 0
    for _ in range(12):
        read += len(text) - read  # only what the cache hasn't got
        text.append("b")
    assert FIGURES["tokens_kept"]([7, 12]) == read
