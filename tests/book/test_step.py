"""What the book judges by, held against the domain's own judgement."""

from itertools import permutations

import pytest

from bot.book.chapters import chapters_of
from bot.book.step import BookStep
from bot.domain.lesson.kinds.base import AnswerEntry
from bot.domain.lesson.kinds.registry import kind_of
from curriculum.kinds.base import OPTION_KEYS
from curriculum.kinds.choice import ChoiceStep
from curriculum.kinds.number import NumberStep
from curriculum.schema import Course


def steps_of(*courses: Course) -> list[BookStep]:
    return [one for c in courses for chapter in chapters_of(c, {}) for one in chapter.steps]


def test_every_answer_that_can_be_pressed_gets_the_reply_that_the_lesson_gives_it(
    course: Course, shipped: Course
) -> None:
    tried = 0
    for one in steps_of(course, shipped):
        kind, rules = kind_of(one.step), one.rules()
        letters = [choice.key for choice in one.choices]
        is_picked = kind.entry is AnswerEntry.PICKED
        every = letters if is_picked else ["".join(each) for each in permutations(letters)]
        for answer in every if letters else []:
            judgement = kind.judge(one.step, answer)
            place = rules["answers"][answer]
            belief = one.lesson.misconceptions.get(judgement.misconception or "")
            assert one.told[place].reply == judgement.reply
            assert (rules["right"][place], rules["beliefs"][place]) == (judgement.is_right, belief)
            tried += 1
        assert set(rules.get("answers", ())) == set(every if letters else ())
    assert tried > 1000


def test_the_replies_to_a_number_stand_in_the_order_that_the_page_takes_them(
    course: Course, shipped: Course
) -> None:
    numbers = [one for one in steps_of(course, shipped) if isinstance(one.step, NumberStep)]
    for one in numbers:
        assert isinstance(one.step, NumberStep)
        low, close, high = one.told
        assert (low.reply, high.reply) == (one.step.too_low.reply, one.step.too_high.reply)
        assert (close.reply, close.is_right) == (one.step.reply, True)
    assert len(numbers) > 10


@pytest.mark.parametrize("kind", ["order", "match"])
def test_the_right_arrangement_leads_and_a_known_one_is_named_in_full(
    course: Course, kind: str
) -> None:
    (one,) = (one for one in steps_of(course) if one.step.kind == kind)
    known = {
        "order": "Pick one → Cut the text into tokens → Score every token → Put it on the end",
        "match": "Weights ↔ key-value cache",
    }
    assert one.told[0].is_right
    assert known[kind] in [told.said for told in one.told]


def test_a_choice_stands_in_an_order_of_the_book_s_own_and_in_the_same_one_each_time(
    shipped: Course,
) -> None:
    def shown() -> list[str]:
        choices = [one for one in steps_of(shipped) if isinstance(one.step, ChoiceStep)]
        for one in choices:
            assert [c.letter for c in one.choices] == [*OPTION_KEYS[: len(one.choices)]]
            right = next(c for c in one.choices if c.key == one.step.answer)
            assert one.answer == f"{right.letter}: {right.text}"
        return ["".join(c.key for c in one.choices) for one in choices]

    assert shown() == shown()
    moved = [order for order in shown() if order != OPTION_KEYS[: len(order)]]
    assert len(moved) > len(shown()) / 2
