import pytest

from bot.domain.errors import NotYours, StaleClick
from bot.domain.instrument.trial import Trial, TurnKnob, check_owner, check_turn, turned

FRESH = Trial(id=3, learner_id=42, instrument="softmax", chosen={"sharpen": 1.0})


def test_a_turn_on_the_present_card_is_taken() -> None:
    assert check_turn(FRESH, TurnKnob(3, 0, "sharpen", "2"), 42) is None


@pytest.mark.parametrize("revision", [1, 5, -1])
def test_a_turn_on_an_older_or_forged_card_is_refused(revision: int) -> None:
    with pytest.raises(StaleClick):
        check_turn(FRESH, TurnKnob(3, revision, "sharpen", "2"), 42)


def test_another_learners_turn_is_refused_even_when_stale() -> None:
    with pytest.raises(NotYours, match="softmax"):
        check_turn(FRESH, TurnKnob(3, 9, "sharpen", "2"), 43)
    with pytest.raises(NotYours, match="/more instruments"):
        check_owner(FRESH, 43)


def test_each_turn_raises_the_revision_and_leaves_the_former_as_it_was() -> None:
    once = turned(FRESH, {"sharpen": 2.0})
    assert (once.chosen, once.revision) == ({"sharpen": 2.0}, 1)
    assert (FRESH.chosen, FRESH.revision) == ({"sharpen": 1.0}, 0)
