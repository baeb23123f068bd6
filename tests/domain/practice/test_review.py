"""Cards: which a lesson makes, which come first, what a review does to one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import StaleClick
from bot.domain.lesson.attempt import Attempt, Guess, Phase
from bot.domain.practice.review import (
    LOOKED,
    Quota,
    Review,
    ReviewCard,
    cards_made,
    graded,
    grades_for,
    looked,
    put_aside,
    queue_of,
    seeds_of,
    taken_back,
    value_of,
)
from bot.domain.practice.scheduling import Grade, Memory, Scheduling, reviewed
from curriculum.schema import Lesson
from tests.domain.lesson.walks import locked, revealed, standing_at, walked
from tests.fakes.clock import NOW

BY = Scheduling()
DAY = timedelta(days=1)
KNOWN = reviewed(Memory(due=NOW), Grade.GOOD, NOW, BY)


def steps(lesson: Lesson, attempt: Attempt) -> dict[str, float]:
    return {seed.step: seed.weight for seed in seeds_of(lesson, attempt, NOW, BY)}


def card(number: int, memory: Memory = KNOWN, **given: object) -> ReviewCard:
    return replace(ReviewCard(number, 1, "one", f"s{number}", 1.0, memory), **given)


def test_a_lesson_all_wrong_makes_a_card_of_all_that_can_be_recalled(lesson: Lesson) -> None:
    made = steps(lesson, walked(lesson, is_right=False)[-1])
    kinds = {step.id: step.kind for step in lesson.sequence}
    assert {kinds[step] for step in made} == {
        "choice",
        "number",
        "order",
        "match",
        "text",
        "recall",
    }
    assert made["pick"] == pytest.approx(1.85)  # it was wrong, and sure
    assert made["remember"] == 1


def test_a_lesson_all_right_leaves_its_recalls(lesson: Lesson) -> None:
    finished = walked(lesson, is_right=True)[-1]
    assert set(steps(lesson, finished)) == {"remember", "recall-one"}
    assert cards_made(lesson, finished) == 2


@pytest.mark.parametrize(("level", "is_card"), [(0, True), (1, True), (2, False), (4, False)])
def test_what_was_right_by_luck_makes_a_card(lesson: Lesson, level: int, is_card: bool) -> None:
    lucky = revealed(lesson, "pick", "B", level)
    assert ("pick" in steps(lesson, lucky)) is is_card


def test_a_guess_that_is_still_locked_makes_no_card(lesson: Lesson) -> None:
    assert steps(lesson, locked(lesson, "pick", "A")) == {}
    assert set(steps(lesson, revealed(lesson, "pick", "A"))) == {"pick"}


def test_a_recall_that_was_skipped_makes_a_new_card_at_the_end(lesson: Lesson) -> None:
    skipped = replace(standing_at(lesson, ""), phase=Phase.FINISHED)
    assert set(steps(lesson, skipped)) == {"remember", "recall-one"}
    assert {s.memory for s in seeds_of(lesson, skipped, NOW, BY)} == {Memory(due=NOW)}


def test_a_later_run_makes_no_cards(lesson: Lesson) -> None:
    again = walked(lesson, is_right=False, run=2)[-1]
    assert (steps(lesson, again), cards_made(lesson, again)) == ({}, 0)


def test_the_guess_of_the_lesson_is_the_cards_first_review(lesson: Lesson) -> None:
    at = NOW - 30 * DAY
    guess = Guess("remember", "had it", None, 0, at, True)
    attempt = replace(standing_at(lesson, "explain"), guesses=(guess,))
    (seed,) = seeds_of(lesson, attempt, NOW, BY)
    assert seed.memory == reviewed(Memory(due=at), Grade.GOOD, at, BY)


def test_the_most_valuable_come_first() -> None:
    late = NOW + 40 * DAY
    sure_error = card(1, weight=1.97)
    error = card(2, weight=1.7)
    fresh = card(3, reviewed(KNOWN, Grade.GOOD, late - DAY, BY))
    old = card(4)
    queue = queue_of([old, fresh, error, sure_error], {}, Quota(), late, BY)
    assert [c.id for c in queue] == [1, 2, 4]  # the fresh one isn't due
    values = [value_of(c, late, BY) for c in queue]
    assert values == sorted(values, reverse=True)


def test_a_card_whose_answer_is_open_goes_before_all() -> None:
    queue = queue_of([card(1, weight=9.0), card(2, said="B")], {}, Quota(), NOW + 9 * DAY, BY)
    assert [c.id for c in queue] == [2, 1]


@given(
    st.integers(0, 40),
    st.integers(1, 30),
    st.integers(0, 30),
    st.sets(st.integers(1, 40), max_size=10),
)
def test_a_backlog_never_goes_over_the_days_quota(
    cards: int, a_day: int, new_a_day: int, done: set[int]
) -> None:
    there = [card(n, reviews=n % 2) for n in range(1, cards + 1)]
    today = {n: 1 for n in done if n <= cards}
    there = [replace(c, reviews=c.reviews + today.get(c.id, 0)) for c in there]
    queue = queue_of(there, today, Quota(a_day, new_a_day), NOW + 9 * DAY, BY)
    anew = [c for c in queue if c.id not in today]
    assert len(anew) <= max(0, a_day - len(today))
    met = sum(c.reviews <= today.get(c.id, -1) for c in there)
    assert sum(c.reviews == 0 for c in anew) <= max(0, new_a_day - met)
    assert {c.id for c in queue} >= set(today)  # what was met today may return today


def test_what_isnt_due_or_is_set_aside_stays_out() -> None:
    aside = put_aside(card(1), is_aside=True)
    coming = card(2, replace(KNOWN, due=NOW + 10 * DAY))
    assert queue_of([aside, coming], {}, Quota(), NOW + 9 * DAY, BY) == ()


@given(st.lists(st.sampled_from(Grade), min_size=1, max_size=12), st.sampled_from(Grade))
def test_taking_back_restores_the_memory_exactly(
    lesson: Lesson, grades: list[Grade], last: Grade
) -> None:
    step, before, now = lesson.step("remember"), card(1), NOW
    for grade in grades:
        now = before.memory.due
        before = graded(looked(before, LOOKED), grade, step, now, BY)
    after = graded(looked(before, LOOKED), last, step, now + DAY, BY)
    review = Review(1, 1, 1, last, now, LOOKED, before.memory)
    back = taken_back(after, review)
    assert replace(back, revision=before.revision) == before
    assert back.revision > after.revision  # so that no button from before is taken again


def test_the_first_pick_stays() -> None:
    with pytest.raises(StaleClick, match="looked at that one already"):
        looked(looked(card(1), "A"), "B")


def test_a_card_not_looked_at_takes_no_grade(lesson: Lesson) -> None:
    with pytest.raises(StaleClick):
        graded(card(1), Grade.GOOD, lesson.step("remember"), NOW, BY)


@pytest.mark.parametrize(("said", "count"), [("B", 4), ("A", 1), (LOOKED, 1)])
def test_a_pick_that_was_wrong_can_only_come_again(lesson: Lesson, said: str, count: int) -> None:
    step, picked = lesson.step("pick"), looked(card(1), said)
    assert len(grades_for(picked, step)) == count
    if count == 1:
        with pytest.raises(StaleClick):
            graded(picked, Grade.EASY, step, NOW, BY)
