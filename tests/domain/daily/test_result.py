"""The result of a passage: marks say how likely the model held each guess, and nothing else."""

from dataclasses import replace

import pytest

from bot.domain.daily.game import DailyGuess
from bot.domain.daily.result import Mark, mark_of, result_of
from bot.domain.lesson.evidence import Evidence, Share
from tests.fakes.clock import NOW


def evidence(probability: float, bits: float, *, rank: int = 2, first: float = 0.5) -> Evidence:
    return Evidence("x", rank, probability, bits, (Share("y", first),), 0.5, "m", "e", NOW)


def guess(found: Evidence | None, text_bits: float | None = 4.0) -> DailyGuess:
    return DailyGuess(0, "p", "x", NOW, found, text_bits if found else None, found is None)


@pytest.mark.parametrize(
    ("probability", "mark"),
    [
        (1.0, Mark.LIKELY),
        (0.1, Mark.LIKELY),
        (0.0999, Mark.POSSIBLE),
        (0.01, Mark.POSSIBLE),
        (0.00999, Mark.UNLIKELY),
        (0.0, Mark.UNLIKELY),
    ],
)
def test_a_mark_says_how_likely_the_model_held_a_guess(probability: float, mark: Mark) -> None:
    assert mark_of(evidence(probability, 1.0)) is mark


def test_what_the_model_never_scored_is_marked_and_not_counted() -> None:
    found = result_of([guess(evidence(0.5, 1.0, rank=1)), guess(None)])
    assert found is not None
    assert found.marks == (Mark.LIKELY, Mark.UNSCORED)
    assert (found.bits, found.model_bits, found.text_bits) == (1.0, 1.0, 4.0)
    assert (found.firsts, found.scored) == (1, 1)


def test_without_any_score_there_is_no_result() -> None:
    assert result_of([guess(None)] * 5) is None
    assert result_of([]) is None


def test_nobody_does_better_than_the_models_own_first_choices() -> None:
    made = [guess(evidence(0.25, 2.0, first=0.5)), guess(evidence(0.125, 3.0, first=0.125))]
    found = result_of(made)
    assert found is not None
    assert found.bits == 2.5
    assert found.model_bits == 2.0


def test_a_mark_depends_on_the_probability_alone() -> None:
    for change in ({"token": "other"}, {"rank": 7}, {"model": "another"}):
        assert mark_of(replace(evidence(0.05, 4.3), **change)) is Mark.POSSIBLE
