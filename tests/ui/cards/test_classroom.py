"""Every card about a class inside Discord's limits, at its largest, and short enough on a phone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.classroom.cohort import (
    Belief,
    CohortScreen,
    LessonLine,
    SaidLine,
    StepLine,
    StuckLine,
)
from bot.domain.classroom.member import Member
from bot.domain.classroom.screens import (
    AssignmentScreen,
    BeliefLine,
    CriterionLine,
    LearnerScreen,
    MisconceptionScreen,
)
from bot.domain.lesson.recap import Calibration
from bot.domain.lesson.teachback import Graded, Grading, Verdict
from bot.domain.lesson.written import TEACHBACK_CHARS
from bot.domain.mode import Mode
from bot.domain.progress.standing import LessonStanding, LessonState
from bot.ui.cards.classroom import (
    draw_assignment,
    draw_cohort,
    draw_learner,
    draw_misconceptions,
    draw_overruled,
    draw_set_up,
    draw_sharing,
    draw_word,
)
from curriculum import budgets
from tests.fakes.clock import NOW
from tests.journeys.player import parts_of
from tests.ui.limits import broken_limits

LONG, ID = "W" * budgets.LINE, 2**63 - 1
NASTY = ("*", "`", "\u202e", "@everyone ", "[x](http://y)", "日", "🧑‍💻", "\n# ")
FULL = CohortScreen(
    lessons=tuple(LessonLine(n, LONG, 100_000, 50_000) for n in range(1, 13)),
    steps=tuple(StepLine(12, n, LONG, 99_999, 99_999, n, LONG) for n in range(1, 40)),
    beliefs=tuple(Belief(12, LONG, 99_999) for _ in range(40)),
    said=tuple(SaidLine(said, 99_999, 44_444) for said in (0.25, 0.475, 0.7, 0.85, 0.97)),
    stuck=tuple(StuckLine(ID, LONG, 12, 39, 40, NOW - timedelta(days=29), 29) for _ in range(5)),
    all_stuck=1000,
    questions=1000,
)
EMPTY = CohortScreen((), (), (), (), (), 0, 0)


def lines_before_buttons(view: object) -> int:
    """Count the lines of text above the first button."""
    lines = 0
    for part in parts_of(view.to_components()):  # type: ignore[attr-defined]
        if part["type"] == 2:
            return lines
        if part["type"] == 10:
            lines += part["content"].count("\n") + 1
    return lines


@pytest.mark.parametrize("screen", [FULL, EMPTY])
def test_a_class_at_its_fullest_and_emptiest_fits(screen: CohortScreen) -> None:
    view = draw_cohort(screen)
    assert broken_limits(view) == []
    assert lines_before_buttons(view) <= 11  # a heading and ten


def test_a_learners_page_fits_with_every_lesson_done() -> None:
    lessons = tuple(
        LessonStanding(
            n, "x", LONG, 10, LessonState.DONE if n % 2 else LessonState.BEGUN, n, 99, 99, 99
        )
        for n in range(1, 13)
    )
    full = LearnerScreen(ID, NOW, lessons, Calibration(999, 998, 0.123))
    for screen in (full, LearnerScreen(ID, NOW, (), Calibration(0, 0, None))):
        assert broken_limits(draw_learner(screen)) == []


@pytest.mark.parametrize("sign", NASTY)
def test_the_longest_words_of_learners_fit_and_stay_words(sign: str) -> None:
    words = (sign * TEACHBACK_CHARS)[:TEACHBACK_CHARS]
    line = BeliefLine(LONG, 99_999, (words,) * 9)
    least = tuple(CriterionLine(LONG, n, 9) for n in range(6))
    screen = MisconceptionScreen(12, LONG, (line,) * 12, (words,) * 50, False, least)
    view = draw_misconceptions(screen)
    assert broken_limits(view) == []
    assert lines_before_buttons(view) <= 11  # a heading and ten
    text = "\n".join(
        part["content"] for part in parts_of(view.to_components()) if part["type"] == 10
    )
    assert "@everyone" not in text
    assert "\u202e" not in text
    assert "](http://" not in text
    few = replace(screen, beliefs=(), teachbacks=(), writers_missing=True)
    assert broken_limits(draw_misconceptions(few)) == []


def test_the_short_cards_fit() -> None:
    assignment = AssignmentScreen(12, "x" * budgets.SLUG, LONG, 120, NOW, ID)
    grading = Grading((Graded("x" * budgets.SLUG, Verdict.MET, "so"),), Mode.NOTES, NOW)
    member = Member(ID, ID, NOW)
    cards = [
        draw_assignment(assignment),
        draw_assignment(assignment, is_reminder=True),
        draw_set_up(ID),
        draw_set_up(None),
        draw_overruled(ID, "x" * budgets.SLUG, grading, is_told=False),
        draw_word(99, "W" * 400, Verdict.UNSURE),
        draw_sharing(member),
        draw_sharing(replace(member, is_shown=True, has_decided=True)),
        draw_sharing(replace(member, has_decided=True)),
    ]
    for view in cards:
        assert broken_limits(view) == []
        assert lines_before_buttons(view) <= 11
