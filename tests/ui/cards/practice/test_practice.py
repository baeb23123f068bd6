"""The cards of practising at their largest, inside Discord's limits; their presses as ids."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.classroom.screens import AssignmentScreen
from bot.domain.daily.game import Best, Crowd, DailyGuess
from bot.domain.daily.screens import Record, daily_screen
from bot.domain.lesson.attempt import Attempt
from bot.domain.lesson.evidence import Evidence, Share
from bot.domain.practice.commands import BringBack, GradeCard, LookUp, SetAside, TakeBack
from bot.domain.practice.plan import Plan
from bot.domain.practice.reminder import reminder_at
from bot.domain.practice.review import LOOKED, Reviewable, ReviewCard
from bot.domain.practice.scheduling import Grade, Memory, Scheduling, reviewed
from bot.domain.practice.screens import CardPlace, GradedCard, RestScreen, card_screen
from bot.domain.progress.standing import Practice, progress_of
from bot.domain.progress.streak import Streak
from bot.ui.buttons.custom_ids import LONGEST, Press, decode, encode
from bot.ui.buttons.daily import AskAgain, GoOnWithout, OpenDaily, WriteToken
from bot.ui.buttons.practice import OpenProgress, OpenReview, ShowRank, StopReminding
from bot.ui.cards.daily import draw_daily
from bot.ui.cards.practice.reminder import draw_nudge, draw_plan
from bot.ui.cards.practice.review import draw_review, span
from bot.ui.cards.progress.progress import draw_over_time, draw_progress
from curriculum.schema import Course
from tests.fakes.clock import NOW
from tests.journeys.player import parts_of
from tests.ui.limits import broken_limits
from tools.exhibit.monospace import PHONE

NOTE = "The model server at some-quite-long-host.example.org:8000 isn't answering just now. " * 2
NASTY = ("x", "*", "_", "`", "\u202e", "@", "日", "🧑‍💻", "|", "\n")
LATER = NOW + timedelta(days=900)
BEFORE = GradedCard(2**62, Grade.GOOD, NOW, LATER)
RECORD = Record(999, Best(3.1, 99))
PLACE = CardPlace(2**62, 2**40, 12, 999)
BUTTON_LINES = 10

numbers = st.integers(0, 10**18 - 1)
presses = st.one_of(
    st.builds(LookUp, numbers, numbers, st.sampled_from([*"ABCDE", LOOKED])),
    st.builds(GradeCard, numbers, numbers, st.integers(1, 4)),
    st.builds(TakeBack, numbers),
    st.builds(SetAside, numbers, numbers),
    *(st.builds(kind, numbers, st.integers(0, 4)) for kind in (WriteToken, AskAgain, GoOnWithout)),
    *(st.builds(kind, st.booleans()) for kind in (OpenProgress, ShowRank)),
    *(st.builds(kind) for kind in (BringBack, OpenReview, StopReminding, OpenDaily)),
)


@given(presses)
def test_a_press_survives_its_id(press: Press) -> None:
    assert decode(encode(press)) == press
    assert len(encode(press)) <= LONGEST


def reviewables(course: Course) -> list[Reviewable]:
    return [s for one in course.lessons for s in one.sequence if isinstance(s, Reviewable)]


def lines_before_button(view: object) -> int:
    """Count the lines of text above the first button, as they stand in the card."""
    lines = 0
    for part in parts_of(view.to_components()):  # type: ignore[attr-defined]
        if part["type"] == 2:
            return lines
        lines += part["content"].count("\n") + 1 if part["type"] == 10 else 0
    return lines


def test_every_card_to_review_fits(each: Course) -> None:
    memory = reviewed(Memory(due=NOW), Grade.GOOD, NOW, Scheduling())
    drawn = 0
    for step in reviewables(each):
        for said in (None, LOOKED, "A", "B", "Z"):
            card = ReviewCard(1, 2, "one", step.id, 1.0, memory, said=said)
            for before in (None, BEFORE):
                screen = card_screen(card, step, PLACE, NOW, Scheduling(), before)
                for note in (None, NOTE):
                    assert broken_limits(draw_review(screen, note)) == [], screen
                    drawn += 1
    assert drawn > 100


def test_a_card_that_asks_holds_no_word_of_its_answer(each: Course) -> None:
    for step in reviewables(each):
        card = ReviewCard(1, 2, "one", step.id, 1.0, Memory(due=NOW))
        drawn = str(draw_review(card_screen(card, step, PLACE, NOW, Scheduling())).to_components())
        told = [o.reply for o in getattr(step, "options", ())]
        told += [getattr(step, "reply", ""), getattr(step, "wrong", "")]
        if not getattr(step, "options", ()):
            told.append(str(getattr(step, "answer", "")))
        for words in filter(None, told):
            assert words.strip() not in drawn


@pytest.mark.parametrize("before", [None, BEFORE])
@pytest.mark.parametrize("aside", [0, 999])
def test_rest_fits(before: GradedCard | None, aside: int) -> None:
    for cards in (0, 999):
        screen = RestScreen(NOW, LATER, cards, 999, aside, before)
        assert broken_limits(draw_review(screen, NOTE)) == []
        assert lines_before_button(draw_review(screen)) <= BUTTON_LINES


def test_progress_at_its_fullest_fits_a_phone(full: Course, attempts: list[Attempt]) -> None:
    practice = Practice(999, LATER, Streak(365, True), True, (99_998, 99_999), NOW)
    for runs in ([], attempts):
        screen = progress_of(full, runs, practice)
        for view in (draw_progress(screen), draw_over_time(screen)):
            assert broken_limits(view) == []
            assert lines_before_button(view) <= BUTTON_LINES


def test_reminders_fit() -> None:
    plan = Plan(1, zone="America/Argentina/Buenos_Aires")
    wished = replace(plan, reminder=reminder_at(9, (22, 7), plan.zone, NOW))
    for one in (plan, wished, replace(plan, is_closed=True)):
        assert broken_limits(draw_plan(one, NOTE)) == []
    set_ = [AssignmentScreen(n, f"{n}{'s' * 22}", "T" * 60, 12, NOW, 1) for n in range(20, 29)]
    for due, lessons in ((1, []), (999, set_), (0, set_), (0, set_[:1])):
        nudge = draw_nudge(due, Streak(400, False), lessons)
        assert broken_limits(nudge) == []
        assert lines_before_button(nudge) <= BUTTON_LINES


@pytest.mark.parametrize("sign", NASTY)
@pytest.mark.parametrize("crowd", [None, Crowd(5, 12.25), Crowd(4, 12.25)])
def test_the_guess_game_fits(shipped: Course, sign: str, crowd: Crowd | None) -> None:
    odd = tuple(Share(sign * 40, 0.01) for _ in range(5))
    evidence = Evidence(sign * 40, 49_000, 1e-12, 39.8, odd, 0.95, "m" * 60, "cluster", NOW)
    for passage in (max(shipped.passages, key=lambda p: len(p.begin)), shipped.passages[0]):
        for count in range(6):
            made = [DailyGuess(n, passage.id, sign * 60, NOW, evidence, 3.5) for n in range(count)]
            for last in (made, [*made[:-1], *(replace(g, evidence=None) for g in made[-1:])]):
                crowds = dict.fromkeys(range(count), crowd)
                screen = daily_screen(passage, date(2026, 9, 30), last, crowds, RECORD, NOTE)
                view = draw_daily(screen, None)
                assert broken_limits(view) == []
                assert ("class" in str(view.to_components()).lower()) is (
                    bool(crowd and crowd.is_shown)
                    and any(g.evidence for g in last)
                    and not (count and screen.waiting)
                )


def test_the_table_of_the_guess_game_is_as_narrow_as_a_phone(shipped: Course) -> None:
    passage = shipped.passages[0]
    evidence = Evidence("x", 9, 0.1, 39.8, (Share("x", 0.5),), 0.5, "m", "e", NOW)
    made = [DailyGuess(n, passage.id, "word" * 15, NOW, evidence, 30.5) for n in range(5)]
    view = draw_daily(daily_screen(passage, date(2026, 9, 30), made, {}, None))
    text = next(
        p["content"] for p in parts_of(view.to_components()) if "```" in str(p.get("content"))
    )
    assert max(len(line) for line in text.splitlines()) <= PHONE


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "1 min"),
        (60, "1 min"),
        (599, "10 min"),
        (3600, "1 h"),
        (86_400, "1 d"),
        (20 * 86_400, "20 d"),
        (90 * 86_400, "3 mo"),
        (500 * 86_400, "1.4 y"),
    ],
)
def test_a_span_is_said_in_the_largest_unit_that_fits(seconds: int, said: str) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert span(now, now + timedelta(seconds=seconds)) == said
