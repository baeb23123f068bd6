"""The day's passage: the same for all, each once before any comes again."""

from datetime import date, timedelta

import pytest

from bot.domain.daily.game import DailyGuess, checked, passage_of, place_now, prompt_at, read_guess
from bot.domain.errors import StaleClick, UnusableAnswer
from curriculum.schema import Course
from tests.fakes.clock import NOW


def test_each_passage_comes_once_before_any_comes_again(shipped: Course) -> None:
    many = len(shipped.passages)
    start = date.fromordinal(many * 11_000)
    days = [passage_of(shipped.passages, start + timedelta(days=n)).id for n in range(2 * many)]
    assert len(set(days[:many])) == many
    assert len(set(days[many:])) == many
    assert days[:many] != days[many:]  # and in another order


def test_the_day_alone_decides(shipped: Course) -> None:
    day = date(2026, 3, 2)
    turned = tuple(reversed(shipped.passages))
    assert passage_of(shipped.passages, day) == passage_of(turned, day)


def test_the_text_goes_on_word_by_word(shipped: Course) -> None:
    passage = shipped.passages[0]
    assert prompt_at(passage, 0) == passage.begin
    assert prompt_at(passage, 5) == f"{passage.begin} {passage.goes_on}"
    assert all(not prompt_at(passage, n).endswith(" ") for n in range(6))


def test_only_the_next_place_can_be_guessed(shipped: Course) -> None:
    passage = shipped.passages[0]
    left = [DailyGuess(n, passage.id, "x", NOW, is_left=True) for n in range(5)]
    checked(left[:2], passage, 2)
    for made, place in ((left[:2], 1), (left[:2], 3), (left, 5)):
        with pytest.raises(StaleClick):
            checked(made, passage, place)


def test_a_guess_that_waits_for_the_model_is_where_the_learner_stands(shipped: Course) -> None:
    passage = shipped.passages[0]
    waiting = [DailyGuess(0, passage.id, "x", NOW)]
    assert place_now(waiting, passage) == 0
    with pytest.raises(StaleClick):
        checked(waiting, passage, 1)


@pytest.mark.parametrize("raw", ["", "\0", "x" * 61, "\ud83d"])
def test_what_cant_be_kept_is_refused(raw: str) -> None:
    with pytest.raises(UnusableAnswer):
        read_guess(raw)
