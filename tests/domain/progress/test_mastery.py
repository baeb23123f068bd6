"""What a learner knows, and how well they know it."""

from datetime import timedelta

import pytest

from bot.domain.lesson.attempt import Guess
from bot.domain.progress.mastery import LevelRecord, levels_said, most_telling, over_time
from tests.domain.lesson.walks import evidence_of
from tests.fakes.clock import NOW


def guesses(*pairs: tuple[float | None, bool | None]) -> list[Guess]:
    return [
        Guess(f"s{n}", "A", said, 0, NOW + timedelta(minutes=n), is_right)
        for n, (said, is_right) in enumerate(pairs)
    ]


def test_levels_hold_what_was_said_beside_what_was_so() -> None:
    made = guesses((0.25, False), (0.2, True), (0.85, True), (0.85, False), (0.97, True))
    assert levels_said(made) == (
        LevelRecord(pytest.approx(0.225), 0.5, 2),
        LevelRecord(pytest.approx(0.85), 0.5, 2),
        LevelRecord(0.97, 1.0, 1),
    )


def test_a_guess_without_a_confidence_or_a_verdict_counts_nowhere() -> None:
    made = guesses((None, True), (0.7, None))
    assert levels_said(made) == ()
    assert over_time(made).brier == ()


def test_the_telling_level_is_the_one_furthest_off() -> None:
    made = guesses(*[(0.7, n < 7) for n in range(10)], *[(0.97, n < 5) for n in range(10)])
    level = most_telling(levels_said(made))
    assert level == LevelRecord(pytest.approx(0.97), 0.5, 10)
    assert most_telling(levels_said(made[:2])) is None


def test_brier_is_of_the_last_ten_and_bits_of_each() -> None:
    made = guesses(*[(0.5, True)] * 10, *[(1.0, True)] * 10)
    line = [value for _, value in over_time(reversed(made)).brier]
    assert line[:10] == [0.25] * 10
    assert line[-1] == 0
    assert line == sorted(line, reverse=True)
    token = Guess("t", " kube", 0.5, 0, NOW, False, evidence=evidence_of(9))
    assert over_time([token]).bits == ((1, 3.3),)
