"""How a guess at a token begins, beside what a larger model was recorded to say."""

import pytest

from bot.domain.lesson.kinds.token import recorded_place
from curriculum.kinds.base import Recorded

TOP = {" control": 0.4, " controller": 0.3, " ": 0.1, " kube": 0.1}
RECORDED = Recorded(model="m", hardware="h", date="2026-01-01", source="s", top=TOP)


@pytest.mark.parametrize(
    ("guess", "place"),
    [("control plane", 1), (" controllers", 2), ("kube-scheduler", 4), ("sofa", None), (" ", None)],
)
def test_the_longest_recorded_token_is_how_a_guess_begins(guess: str, place: int | None) -> None:
    assert recorded_place(RECORDED, guess) == place


def test_where_nothing_was_recorded_no_guess_begins_so() -> None:
    assert recorded_place(None, "kube") is None
