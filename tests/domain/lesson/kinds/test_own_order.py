"""Each learner's own order of a choice: stable, fair, and of nothing that is stored."""

from collections import Counter

import pytest

from bot.domain.lesson.attempt import Attempt, Guess, Phase
from bot.domain.lesson.kinds.choice import ChoiceKind
from bot.domain.lesson.kinds.own_order import in_own_order, lesson_for, order_of
from bot.domain.lesson.projection import screen_for
from bot.domain.lesson.screens import QuestionScreen, RevealScreen
from curriculum.kinds.base import OPTION_KEYS
from curriculum.kinds.choice import ChoiceStep
from curriculum.schema import Course, Lesson
from tests.fakes.clock import NOW

KIND = ChoiceKind()


def choices_of(course: Course) -> list[tuple[Lesson, ChoiceStep]]:
    return [(of, s) for of in course.lessons for s in of.sequence if isinstance(s, ChoiceStep)]


def choice(*texts: str, keep_order: bool = False) -> ChoiceStep:
    options = [{"text": text, "reply": "So.", "correct": n == 0} for n, text in enumerate(texts)]
    made = {"id": "pick", "kind": "choice", "ask": "Which?", "options": options}
    return ChoiceStep.model_validate({**made, "keep_order": keep_order})


def test_an_order_is_the_same_after_a_restart() -> None:
    """These orders stand on cards in Discord: a change here would re-letter them all."""
    step = choice("w", "x", "y", "z")
    seen = ["".join(order_of(in_own_order(step, f"{who}:tokens"))) for who in (1, 2, 3, 2**62)]
    assert seen == ["BACD", "BCDA", "ADCB", "CADB"]


def test_every_option_stands_at_every_place_about_as_often(shipped: Course) -> None:
    """Over learners, so that no letter is right more often than another."""
    for lesson, step in choices_of(shipped):
        free = len(step.options) - len(step.in_place)
        if free < 2 or step.answer in step.in_place:
            continue
        places = Counter(
            order_of(in_own_order(step, f"{who}:{lesson.slug}")).index(step.answer)
            for who in range(400)
        )
        assert len(places) == free
        assert max(places.values()) < 400 * 1.35 / free


@pytest.mark.parametrize("who", range(5))
def test_letters_are_places_and_what_is_stored_are_the_files_keys(
    shipped: Course, who: int
) -> None:
    for lesson, step in choices_of(shipped):
        own = next(s for s in lesson_for(lesson, who).sequence if s.id == step.id)
        shown = KIND.choices(own)  # type: ignore[arg-type]
        assert [one.letter for one in shown] == list(OPTION_KEYS[: len(shown)])
        for one in shown:
            assert one.text == step.option(one.key).text
            assert KIND.said(own, one.key) == f"{one.letter}: {one.text}"  # type: ignore[arg-type]
            assert KIND.judge(own, one.key) == KIND.judge(step, one.key)  # type: ignore[arg-type]


def test_question_reveal_and_class_speak_the_same_letters(lesson: Lesson) -> None:
    step = lesson.step("pick")
    assert isinstance(step, ChoiceStep)
    for who in range(12):
        asking = Attempt(1, who, lesson.slug, 1, "pick")
        asked = screen_for(asking, lesson)
        assert isinstance(asked, QuestionScreen)
        letters = {one.key: one.letter for one in asked.choices}
        guess = Guess("pick", "B", 0.7, 0, NOW, is_right=step.option("B").correct)
        revealed = Attempt(1, who, lesson.slug, 1, "pick", Phase.REVEALED, guesses=(guess,))
        told = screen_for(revealed, lesson, votes={"A": 5, "B": 3, "C": 2})
        assert isinstance(told, RevealScreen)
        assert told.letter == letters["B"]
        assert told.said.startswith(f"{letters['B']}: ")
        assert told.answer is not None
        assert told.answer.startswith(f"{letters[step.answer]}: ")
        shares = dict(told.votes)
        assert [shares[letters[key]] for key in "ABC"] == [0.5, 0.3, 0.2]
        assert list(shares) == sorted(shares)


@pytest.mark.parametrize(
    ("texts", "in_place"),
    [
        (("5, a quarter", "15, slots", "20, nobody"), "ABC"),
        (("2,048", "1,024", "about 512", "It depends"), "ABCD"),
        (("10", "about 56", "about 56 too"), ""),
        (("The one with 32", "The one with 8", "Nothing"), ""),
        (("more", "less", "None of these"), "C"),
        (("Neither", "more", "less"), ""),
        (("6 GB", "35 GB", "6 GB, then more", "70 GB"), ""),
    ],
)
def test_numbers_in_a_row_and_a_last_word_on_the_others_stay(
    texts: tuple[str, ...], in_place: str
) -> None:
    assert "".join(sorted(choice(*texts).in_place)) == in_place


def test_a_file_may_keep_its_order() -> None:
    step = choice("from two on", "from a hundred on", "never", keep_order=True)
    for who in range(20):
        assert order_of(in_own_order(step, str(who))) == ("A", "B", "C")


def test_a_step_mixed_twice_is_mixed_once(lesson: Lesson) -> None:
    assert lesson_for(lesson_for(lesson, 7), 7) == lesson_for(lesson, 7)


def test_a_round_that_a_class_shares_keeps_the_files_order(lesson: Lesson) -> None:
    step = lesson.step("pick")
    assert isinstance(step, ChoiceStep)
    assert [one.text for one in KIND.choices(step)] == list(step.offered())
    assert dict(KIND.spread(step, {"A": 1, "B": 3})) == {"A": 0.25, "B": 0.75, "C": 0.0}
