import asyncio
from dataclasses import dataclass, field, replace

import pytest

from bot.domain.errors import NotFound, NotYours, UnusableAnswer
from bot.domain.learner import Learner
from bot.domain.lesson.attempt import Phase
from bot.domain.lesson.commands import CommitGuess, Draft, Next, Reveal, Skip
from bot.domain.lesson.screens import RubricScreen
from bot.domain.lesson.teachback import Graded, Verdict
from bot.domain.mode import Mode
from bot.usecases.lesson.grading import GradeTeachback, GradeText, OverruleVerdict
from bot.usecases.lesson.judging import JudgeToken
from bot.usecases.lesson.turns import BeginLesson, LessonShown, OpenLesson, TakeTurn
from curriculum.kinds.teachback import TeachbackStep
from curriculum.schema import Course
from tests.fakes.clock import at_noon
from tests.fakes.lesson import MemoryStore
from tests.fakes.model import FakeEngine
from tools.errors import ToolError, Unavailable

ADA, EVE = Learner(1, 900), Learner(2, 900)
SAID = "every token gets a score, and it starts again"


@dataclass
class FakeGrader:
    """Finds the first criterion met, the others not; waits where it is told to."""

    failure: ToolError | None = None
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    called: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate.set()

    async def __call__(self, step: TeachbackStep, said: str) -> tuple[tuple[Graded, ...], str]:
        self.asked.append(said)
        self.called.set()
        await self.gate.wait()
        if self.failure:
            raise self.failure
        first, *rest = step.criteria
        missed = (Graded(one.id, Verdict.MISSED) for one in rest)
        return (Graded(first.id, Verdict.MET, "every token"), *missed), Mode.MODEL


@dataclass
class Class:
    """A course, its records, a grader, and one learner in it."""

    course: Course
    store: MemoryStore = field(default_factory=MemoryStore)
    grader: FakeGrader = field(default_factory=FakeGrader)

    def __post_init__(self) -> None:
        self.turn = TakeTurn(self.course, self.store.open, JudgeToken(FakeEngine()), at_noon)
        self.grade = GradeTeachback(self.course, self.store.open, self.grader, at_noon)
        self.overrule = OverruleVerdict(self.course, self.store.open, at_noon)
        self.open = OpenLesson(self.course, self.store.open, at_noon)

    async def to_rubric(self) -> RubricScreen:
        """Take Ada to the rubric of the lesson's teach-back."""
        begin = BeginLesson(self.course, self.store.open, at_noon)
        place = (await begin("every-kind", ADA)).screen.place
        while place.step != "teach":
            step = self.course.lessons[0].step(place.step)
            go = Next if step.kind in ("read", "exhibit") else Skip
            place = (await self.turn(go(place.attempt_id, place.step), ADA)).screen.place
        where = (place.attempt_id, place.step)
        asked = (await self.turn(Draft(*where, SAID), ADA)).screen
        await self.turn(CommitGuess(*where, 0, asked.mark), ADA)
        shown = (await self.turn(Reveal(*where), ADA)).screen
        assert isinstance(shown, RubricScreen)
        return shown


@pytest.fixture
def one(course: Course) -> Class:
    return Class(course)


def where(screen: RubricScreen) -> tuple[int, str]:
    return screen.place.attempt_id, screen.place.step


async def test_the_rubric_comes_at_once_and_the_verdicts_after_it(one: Class) -> None:
    rubric = await one.to_rubric()
    assert rubric.grading is None
    assert one.grader.asked == []

    shown = await one.grade(*where(rubric), ADA)
    assert shown is not None
    grading = shown.screen.grading
    assert one.grader.asked == [SAID]
    assert (grading.mode, grading.at) == ("model", at_noon())
    assert grading.evidence_for("scores") == "every token"
    assert shown.screen.push[0] == "again"


async def test_verdicts_stay_when_the_lesson_is_opened_again(one: Class) -> None:
    rubric = await one.to_rubric()
    await one.grade(*where(rubric), ADA)
    opened = await one.open("every-kind", ADA)
    assert opened.screen.grading.verdict_on("scores") is Verdict.MET
    await one.grade(*where(rubric), ADA)
    assert one.grader.asked == [SAID]  # nothing is graded twice


async def test_no_transaction_is_open_while_it_is_graded(one: Class) -> None:
    rubric = await one.to_rubric()
    one.grader.gate.clear()
    grading = asyncio.create_task(one.grade(*where(rubric), ADA))
    await one.grader.called.wait()
    assert not one.store.is_open
    one.grader.gate.set()
    assert await grading is not None


async def test_who_has_moved_on_keeps_the_card_they_are_on_and_the_verdicts_are_kept(
    one: Class,
) -> None:
    rubric = await one.to_rubric()
    one.grader.gate.clear()
    grading = asyncio.create_task(one.grade(*where(rubric), ADA))
    await one.grader.called.wait()
    await one.turn(Next(*where(rubric)), ADA)
    one.grader.gate.set()
    assert await grading is None
    async with one.store.open() as records:
        assert await records.grading(*where(rubric)) is not None


async def test_asked_for_twice_at_a_time_it_is_graded_once_and_shown_twice(one: Class) -> None:
    rubric = await one.to_rubric()
    one.grader.gate.clear()
    both = [asyncio.create_task(one.grade(*where(rubric), ADA)) for _ in range(2)]
    await one.grader.called.wait()
    one.grader.gate.set()
    found = await asyncio.gather(*both)
    assert one.grader.asked == [SAID]
    assert all(isinstance(shown, LessonShown) and shown.screen.grading for shown in found)


async def test_where_grading_fails_nothing_can_be_told_and_it_is_tried_again(one: Class) -> None:
    rubric = await one.to_rubric()
    one.grader.failure = Unavailable("down")
    failed = await one.grade(*where(rubric), ADA)
    assert failed is not None
    assert {g.verdict for g in failed.screen.grading.graded} == {Verdict.UNSURE}
    assert (await one.open("every-kind", ADA)).screen.grading is None
    one.grader.failure = None
    again = await one.grade(*where(rubric), ADA)
    assert again is not None
    assert again.screen.grading.mode == "model"


async def test_nothing_is_graded_before_the_reveal(one: Class) -> None:
    rubric = await one.to_rubric()
    kept = one.store.kept.attempts[rubric.place.attempt_id]
    one.store.kept.attempts[kept.id] = replace(kept, phase=Phase.LOCKED)
    assert await one.grade(*where(rubric), ADA) is None
    assert one.grader.asked == []


async def test_a_teach_back_is_graded_for_its_own_learner_only(one: Class) -> None:
    rubric = await one.to_rubric()
    with pytest.raises(NotYours):
        await one.grade(*where(rubric), EVE)


async def test_an_instructors_verdict_is_what_the_learner_sees(one: Class) -> None:
    rubric = await one.to_rubric()
    await one.grade(*where(rubric), ADA)
    said = await one.overrule(ADA.id, "1", "again", Verdict.MET, by=77)
    assert [(o.by, o.at, o.was, o.now) for o in said.overrides] == [
        (77, at_noon(), Verdict.MISSED, Verdict.MET)
    ]
    seen = (await one.open("every-kind", ADA)).screen.grading
    assert seen.verdict_on("again") is Verdict.MET
    assert seen.is_overruled("again")


async def test_overruling_needs_something_graded_and_another_verdict(one: Class) -> None:
    with pytest.raises(NotFound, match="No teach-back"):
        await one.overrule(ADA.id, "1", "again", Verdict.MET, by=77)
    rubric = await one.to_rubric()
    with pytest.raises(NotFound, match="No teach-back"):
        await one.overrule(ADA.id, "1", "again", Verdict.MET, by=77)
    await one.grade(*where(rubric), ADA)
    with pytest.raises(NotFound, match="scores, again"):
        await one.overrule(ADA.id, "1", "no-such", Verdict.MET, by=77)
    with pytest.raises(UnusableAnswer):
        await one.overrule(ADA.id, "1", "again", Verdict.MISSED, by=77)


async def test_a_text_is_graded_without_keeping_anything(one: Class) -> None:
    graded, mode = await GradeText(one.course, one.grader)("every-kind", f"  {SAID} ")
    assert (one.grader.asked, mode) == ([SAID], "model")
    assert [g.criterion for g in graded] == ["scores", "again"]
    assert one.store.transactions == 0


@pytest.mark.parametrize(
    ("lesson", "said", "refusal"),
    [("7", SAID, NotFound), ("1", " \n", UnusableAnswer), ("1", "x" * 1201, UnusableAnswer)],
)
async def test_a_text_that_cant_be_graded_is_refused_before_it_is(
    one: Class, lesson: str, said: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await GradeText(one.course, one.grader)(lesson, said)
    assert one.grader.asked == []
