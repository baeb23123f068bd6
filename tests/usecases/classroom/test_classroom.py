from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from bot.domain.classroom.report import ClassRecord
from bot.domain.crowd import FEWEST
from bot.domain.errors import NotFound, NotYours, UnusableAnswer
from bot.domain.learner import NO_COHORT, Learner
from bot.domain.lesson.commands import Explain
from bot.domain.lesson.teachback import Graded, Grading, Verdict
from bot.domain.mode import Mode
from bot.report.writer import ReportWriter
from bot.usecases.classroom.classroom import Classroom, classroom
from bot.usecases.classroom.instructor import CheckInstructor
from bot.usecases.lesson.turns import BeginLesson
from tests.fakes.classroom import classes_in
from tests.fakes.clock import NOW
from tests.usecases.conftest import CLASS, SLUG, Stage

TEACHER = Learner(99, CLASS, roles=frozenset({7}))
MANAGER = Learner(98, CLASS, is_manager=True)
HERS = 55  # a class elsewhere


@dataclass
class Moved:
    """A clock that a test moves."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Moved:
    return Moved()


@pytest.fixture
def room(stage: Stage, clock: Moved) -> Classroom:
    async def nothing(cohort_id: int, now: datetime) -> ClassRecord:
        return ClassRecord(await _tallies(stage, cohort_id), "key")

    classes = classes_in(stage.store)
    stage.store.kept.instructor_roles[CLASS] = 7
    check = CheckInstructor(stage.store.open)
    return classroom(stage.course, check, stage.store.open, classes, nothing, ReportWriter(), clock)


async def _tallies(stage: Stage, cohort_id: int):  # type: ignore[no-untyped-def]
    async with classes_in(stage.store)() as classes:
        return await classes.tallies(cohort_id, NOW, NOW)


async def test_nobody_but_instructors_sees_a_class(room: Classroom, ada: Learner) -> None:
    uses: list[Callable[[Learner], Awaitable[object]]] = [
        room.show_cohort,
        lambda who: room.show_learner(1, who),
        lambda who: room.show_misconceptions(SLUG, who),
        lambda who: room.assign_lesson(SLUG, "in 5 days", 5, who),
        lambda who: room.overrule(1, SLUG, "scores", Verdict.MET, who),
        room.make_report,
    ]
    for use in uses:
        for stranger in (ada, replace(TEACHER, cohort_id=HERS), replace(MANAGER, cohort_id=0)):
            with pytest.raises(NotYours):
                await use(stranger)
    await room.show_cohort(TEACHER)
    await room.show_cohort(MANAGER)


async def test_only_who_manages_a_server_names_its_instructors(
    room: Classroom, stage: Stage
) -> None:
    for other in (TEACHER, replace(MANAGER, cohort_id=NO_COHORT)):
        with pytest.raises(NotYours):
            await room.set_up(8, other)
    await room.set_up(8, MANAGER)
    with pytest.raises(NotYours):
        await room.show_cohort(TEACHER)  # whose role it was until now
    await room.set_up(None, MANAGER)
    assert stage.store.kept.instructor_roles == {}


async def test_a_learner_in_two_classes_is_shown_to_each_only_where_they_agreed(
    room: Classroom, stage: Stage, ada: Learner, clock: Moved
) -> None:
    await stage.guess(ada, "pick", "A")
    there = replace(ada, cohort_id=HERS)
    await room.share_progress(replace(ada, name="Ada"), True)
    assert (await room.show_learner(ada.id, TEACHER)).scored == 1
    elsewhere = Learner(97, HERS, is_manager=True)
    with pytest.raises(NotFound, match="keep their progress private"):
        await room.show_learner(ada.id, elsewhere)

    clock.at = NOW + timedelta(days=1)
    await room.share_progress(there, True)
    seen = await room.show_learner(ada.id, elsewhere)
    assert (seen.scored, seen.lessons) == (0, ())  # all of it was before they joined there


async def test_a_member_who_never_agreed_is_refused_as_a_stranger_is(
    room: Classroom, stage: Stage, ada: Learner
) -> None:
    await stage.guess(ada, "pick", "A")
    said = []
    for who in (ada.id, 12345):
        with pytest.raises(NotFound) as refused:
            await room.show_learner(who, TEACHER)
        said.append(str(refused.value))
    assert said[0] == said[1]


async def test_a_learner_is_asked_once_instructors_never(
    room: Classroom, stage: Stage, ada: Learner
) -> None:
    await stage.guess(ada, "pick", "A")
    assert [await room.ask_sharing(ada) for _ in range(2)] == [True, False]
    assert not await room.ask_sharing(TEACHER)
    assert not await room.ask_sharing(replace(ada, cohort_id=NO_COHORT))
    with pytest.raises(NotFound, match="in your server"):
        await room.share_progress(replace(ada, cohort_id=NO_COHORT))


async def test_words_are_shown_once_enough_learners_wrote_and_without_names(
    room: Classroom, stage: Stage
) -> None:
    wrong = "A"
    for number in range(1, FEWEST + 1):
        learner = Learner(number, CLASS, name=f"name-{number}")
        at = await stage.guess(learner, "pick", wrong)
        await stage.give(learner, Explain(at, "pick", f"reason {number}"))
        await room.share_progress(learner, True)
        shown = await room.show_misconceptions(SLUG, TEACHER)
        assert shown.writers_missing is (number < FEWEST)
    assert "name-" not in repr(shown)
    reasons = [reason for belief in shown.beliefs for reason in belief.reasons]
    assert sorted(reasons) == [f"reason {n}" for n in range(1, FEWEST + 1)]
    await room.share_progress(Learner(1, CLASS), False)
    assert (await room.show_misconceptions(SLUG, TEACHER)).writers_missing


async def test_an_assignment_is_moved_not_doubled_and_reminded_of_once(
    room: Classroom, clock: Moved
) -> None:
    await room.assign_lesson("1", "in 5 days", 5, TEACHER)
    moved = await room.assign_lesson(SLUG, "in 30 hours", 6, MANAGER)
    assert (moved.slug, moved.set_by) == (SLUG, MANAGER.id)
    assert await room.remind_classes() == []
    clock.at = NOW + timedelta(hours=12)
    ((found, said),) = await room.remind_classes()
    assert (found.channel_id, said) == (6, moved)
    assert await room.remind_classes() == []
    await room.assign_lesson(SLUG, "in 20 hours", 6, TEACHER)  # a new time: said once more
    assert len(await room.remind_classes()) == 1


async def test_a_wrong_time_or_lesson_assigns_nothing(room: Classroom) -> None:
    with pytest.raises(UnusableAnswer):
        await room.assign_lesson(SLUG, "whenever", 5, TEACHER)
    with pytest.raises(NotFound, match="There is no such lesson"):
        await room.assign_lesson("quantum", "in 5 days", 5, TEACHER)
    assert await room.remind_classes() == []


async def test_stuck_is_who_stays_on_a_step_for_three_days_but_not_who_is_away(
    room: Classroom, stage: Stage, ada: Learner, clock: Moved
) -> None:
    await BeginLesson(stage.course, stage.store.open, clock)(SLUG, ada)
    await room.share_progress(replace(ada, name="Ada"), True)
    for days, stuck in ((2, []), (3, ["Ada"]), (30, ["Ada"]), (31, [])):
        clock.at = NOW + timedelta(days=days)
        screen = await room.show_cohort(TEACHER)
        assert [one.name for one in screen.stuck] == stuck
        assert screen.all_stuck == len(stuck)


async def test_an_instructor_overrules_only_for_learners_they_may_see(
    room: Classroom, stage: Stage, ada: Learner
) -> None:
    await stage.guess(ada, "pick", "A")
    asked = (ada.id, SLUG, "scores", Verdict.MET, TEACHER)
    with pytest.raises(NotFound, match="keep their progress private"):
        await room.overrule(*asked)
    await room.share_progress(ada, True)
    with pytest.raises(NotFound, match="No teach-back of theirs has been graded"):
        await room.overrule(*asked)
    at = 1
    step = stage.course.lessons[0].teachback
    graded = tuple(Graded(one.id, Verdict.UNSURE) for one in step.criteria)
    async with stage.store.open() as records:
        await records.keep_grading(at, step.id, Grading(graded, Mode.NOTES, NOW))
    ruled = await room.overrule(ada.id, SLUG, graded[0].criterion, Verdict.MET, TEACHER)
    assert ruled.verdict_on(graded[0].criterion) is Verdict.MET
    assert ruled.overrides[0].by == TEACHER.id
