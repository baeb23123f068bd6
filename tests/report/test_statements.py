"""Statements in a strict store: sent twice, overruled, of a class that others join."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.classroom.report import Report, report_of
from bot.domain.lesson.attempt import Guess
from bot.domain.lesson.teachback import Graded, Grading, Override, Verdict
from bot.domain.mode import Mode
from bot.report.csv_file import csv_of
from bot.report.page import page_of
from bot.report.xapi import xapi_of
from curriculum.schema import Course
from tests.fakes.clock import NOW
from tests.report.samples import CLASS, held, sample
from tests.report.strict_store import Refused, StrictStore

NAMES = ("Ada", "Grace", "Linus", "Edsger", "Barbara", "Ken", "Radia")


def statements(report: Report) -> list[dict[str, Any]]:
    return [json.loads(line) for line in xapi_of(report).decode().splitlines()]


def overruled(course: Course, *words: Verdict) -> Report:
    """Return a report in which somebody's teach-back was graded, then judged otherwise."""
    record, step = held(course, NAMES[:2]), course.lessons[0].teachback
    first = record.shown[0]
    said = Guess(step.id, "it scores every token", 0.85, 0, NOW)
    attempt = replace(first.attempts[0], guesses=(*first.attempts[0].guesses, said))
    graded = tuple(Graded(one.id, Verdict.MISSED) for one in step.criteria)
    criterion = step.criteria[0].id
    said_to_it = tuple(Override(criterion, 7, NOW, Verdict.MISSED, word) for word in words)
    grading = Grading(graded, Mode.NOTES, NOW, said_to_it)
    shown = replace(first, attempts=(attempt,), gradings={(attempt.id, step.id): grading})
    record = replace(record, shown=[shown, *record.shown[1:]])
    return report_of(course, CLASS, record, NOW, has_names=True)


@pytest.mark.parametrize("has_names", [True, False])
def test_a_strict_store_takes_every_statement_and_knows_it_the_next_time(
    shipped: Course, has_names: bool
) -> None:
    report, store = sample(shipped, has_names=has_names), StrictStore()
    assert store.put(statements(report)) == len(report.answers)
    later = replace(report, made=report.made.replace(year=2030))
    assert store.put(statements(later)) == 0


def test_a_store_takes_named_and_nameless_reports_of_a_class_that_grows(shipped: Course) -> None:
    store = StrictStore()
    for names in (NAMES[:4], ("Ada L.", *NAMES[1:4]), NAMES):
        for has_names in (True, False):
            store.put(statements(sample(shipped, has_names=has_names, names=names)))
    assert len(store.standing) == 2 * len(sample(shipped, names=NAMES).answers)


def test_what_an_instructor_overruled_is_voided_and_said_anew(shipped: Course) -> None:
    store, step = StrictStore(), shipped.lessons[0].teachback
    said: list[Verdict] = []
    for word in (None, Verdict.MET, Verdict.MISSED, Verdict.MISSED, Verdict.MET):
        said += [word] if word else []
        batch = statements(overruled(shipped, *said))
        store.put(batch)
        assert store.put(batch) == 0
        scores = [
            one["result"]["score"]["raw"]
            for one in store.standing
            if one["object"]["id"].endswith(f":{step.id}")
        ]
        assert scores == [int(word is Verdict.MET)]
    assert len(store.voided) == 4


def test_a_store_that_never_saw_the_former_word_takes_the_whole_history(shipped: Course) -> None:
    store = StrictStore()
    store.put(statements(overruled(shipped, Verdict.MET)))
    assert len(store.voided) == 1


def test_other_words_about_a_lesson_leave_its_statements_what_they_are(course: Course) -> None:
    report = sample(course)
    lesson = course.lessons[0].model_copy(update={"title": "Another title"})
    renamed = replace(report, answers=tuple(replace(one, lesson=lesson) for one in report.answers))
    store = StrictStore()
    store.put(statements(report))
    assert store.put(statements(renamed)) == 0


def test_a_guess_that_may_still_change_is_told_once_it_cant(course: Course) -> None:
    report = sample(course)
    waiting = replace(report.answers[0], is_open=True)
    told = replace(report, answers=(waiting, *report.answers[1:]))
    assert len(statements(told)) == len(report.answers) - 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "1"},
        {"actor": {"objectType": "Agent", "name": "Ada"}},
        {"verb": {"id": "answered"}},
        {"timestamp": "2026-01-01T00:00:00"},
        {"result": {"success": None}},
        {"result": {"score": {"scaled": 2}}},
        {"extra": 1},
        {"version": "0.9"},
    ],
)
def test_the_store_is_strict(course: Course, wrong: dict[str, Any]) -> None:
    one = statements(sample(course))[0]
    with pytest.raises(Refused):
        StrictStore().put([one | wrong])
    with pytest.raises(Refused):
        StrictStore().put([one, one | {"timestamp": "2020-01-01T00:00:00+00:00"}])


def test_a_pseudonym_stays_whoever_joins_or_leaves(shipped: Course) -> None:
    def accounts(names: tuple[str, ...]) -> dict[int, str]:
        report = sample(shipped, has_names=False, names=names)
        return {answer.attempt_id: answer.account for answer in report.answers}

    few, many = accounts(NAMES[:3]), accounts(NAMES)
    assert few.items() <= many.items()
    assert len(set(many.values())) == len(NAMES)


def test_a_pseudonym_is_the_same_on_the_page_in_the_table_and_in_statements(
    shipped: Course,
) -> None:
    report = sample(shipped, has_names=False, names=NAMES)
    page, table = page_of(report).decode(), csv_of(report).decode("utf-8-sig")
    for one in statements(report):
        name = one["actor"]["account"]["name"].removeprefix("learner-")
        assert f"Learner {name}" in page
        assert f"Learner {name}," in table


def test_a_pseudonym_needs_the_key_of_the_class(shipped: Course) -> None:
    record = held(shipped, NAMES)
    told = {
        frozenset(row.who for row in report_of(shipped, CLASS, one, NOW, has_names=False).rows)
        for one in (record, replace(record, key="another"))
    }
    assert len(told) == 2
    assert not frozenset.intersection(*told)
    assert record.key not in repr(record)
