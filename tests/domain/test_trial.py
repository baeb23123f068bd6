import pytest

from bot.domain.errors import NotYours, StaleClick, UnusableAnswer
from bot.domain.trial import (
    MOST_APPENDED,
    Append,
    Sample,
    Trial,
    Turn,
    Undo,
    check_turn,
    with_token,
    without_last,
)

FRESH = Trial(id=3, learner_id=42, prompt="The cat", top=8)


@pytest.mark.parametrize("turn", [Append(3, 0, 7), Sample(3, 0), Undo(3, 0)])
def test_a_turn_on_the_present_card_is_taken(turn: Turn) -> None:
    check_turn(FRESH, turn, 42)


@pytest.mark.parametrize("turn", [Append(3, 1, 7), Sample(3, 5), Undo(3, -1)])
def test_a_turn_on_an_older_or_forged_card_is_refused(turn: Turn) -> None:
    with pytest.raises(StaleClick):
        check_turn(FRESH, turn, 42)


def test_another_learners_turn_is_refused_even_when_stale() -> None:
    with pytest.raises(NotYours):
        check_turn(FRESH, Sample(3, 9), 43)


def test_each_turn_raises_the_revision_also_the_one_that_takes_back() -> None:
    one = with_token(FRESH, 7)
    two = with_token(one, 8)
    back = without_last(two)
    assert (two.appended, two.revision) == ((7, 8), 2)
    assert (back.appended, back.revision) == ((7,), 3)
    assert FRESH.appended == ()


def test_nothing_can_be_taken_back_from_the_bare_prompt() -> None:
    with pytest.raises(StaleClick):
        without_last(FRESH)


def test_a_full_card_takes_no_more_and_says_what_to_do() -> None:
    trial = FRESH
    for token in range(MOST_APPENDED):
        trial = with_token(trial, token)
    with pytest.raises(UnusableAnswer, match="/nexttoken"):
        with_token(trial, 1)
