"""When a card returns: the library's own golden list, through our module."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.domain.practice.scheduling import (
    Grade,
    Memory,
    Scheduling,
    retrievability,
    returns,
    reviewed,
)

START = datetime(2022, 11, 29, 12, 30, tzinfo=UTC)
RATINGS = (3, 3, 3, 3, 3, 3, 1, 1, 3, 3, 3, 3, 3)
GOLDEN = [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]  # tests/test_basic.py of fsrs 6.3


def intervals(by: Scheduling, ratings: tuple[int, ...] = RATINGS) -> list[int]:
    memory, now, found = Memory(due=START), START, []
    for rating in ratings:
        memory = reviewed(memory, Grade(rating), now, by)
        found.append((memory.due - now).days)
        now = memory.due
    return found


def test_intervals_are_those_of_the_librarys_golden_list() -> None:
    assert intervals(Scheduling()) == GOLDEN


def test_the_same_reviews_always_give_the_same_days() -> None:
    assert {tuple(intervals(Scheduling())) for _ in range(20)} == {tuple(GOLDEN)}


def test_a_higher_retention_brings_cards_back_sooner() -> None:
    eager, calm = intervals(Scheduling(retention=0.97)), intervals(Scheduling(retention=0.8))
    assert all(e <= c for e, c in zip(eager, calm, strict=True))
    assert sum(eager) < sum(GOLDEN) < sum(calm)


def test_stored_weights_are_what_counts() -> None:
    weights = list(Scheduling().weights)
    weights[2] = 20.0  # the stability that a first Good gives, in days
    assert intervals(Scheduling(tuple(weights)))[1] > GOLDEN[1]


def test_each_grade_says_when_it_returns_and_does() -> None:
    memory = reviewed(Memory(due=START), Grade.GOOD, START, Scheduling())
    later = START + timedelta(days=2)
    for grade, due in returns(memory, later, Scheduling()):
        assert reviewed(memory, grade, later, Scheduling()).due == due
    dues = [due for _, due in returns(memory, later, Scheduling())]
    assert dues == sorted(dues)


def test_a_card_is_forgotten_little_by_little() -> None:
    memory = reviewed(Memory(due=START), Grade.EASY, START, Scheduling())
    known = [retrievability(memory, START + timedelta(days=d), Scheduling()) for d in (0, 8, 80)]
    assert known[0] == 1
    assert known == sorted(known, reverse=True)
    assert retrievability(memory, memory.due, Scheduling()) == pytest.approx(0.9, abs=0.01)


def test_a_card_never_reviewed_counts_as_forgotten() -> None:
    assert retrievability(Memory(due=START), START, Scheduling()) == 0


def test_the_zone_of_the_moment_changes_nothing() -> None:
    there = START.astimezone(timezone(timedelta(hours=9)))
    here = reviewed(Memory(due=START), Grade.GOOD, START, Scheduling())
    assert reviewed(Memory(due=there), Grade.GOOD, there, Scheduling()) == here
