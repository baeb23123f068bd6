"""Have a teach-back graded; let an instructor overrule a verdict."""

import asyncio
from dataclasses import dataclass, field

from bot.domain.errors import NotFound
from bot.domain.learner import Learner
from bot.domain.lesson.attempt import Attempt, Phase
from bot.domain.lesson.teachback import Graded, Grading, Verdict
from bot.domain.lesson.written import TEACHBACK_CHARS, read_text
from bot.domain.mode import Mode
from bot.usecases.clock import Clock
from bot.usecases.lesson.ports import GradeWords, OpenRecords
from bot.usecases.lesson.turns import LessonShown, find_lesson, load, screen_now
from curriculum.kinds.teachback import TeachbackStep
from curriculum.schema import Course, Lesson
from tools.engine.asker import asking_as
from tools.errors import ToolError


@dataclass(frozen=True, slots=True)
class GradeTeachback:
    """Grade what a learner wrote, after its rubric was shown; keep the verdicts."""

    course: Course
    open_records: OpenRecords
    grade: GradeWords
    now: Clock
    _under_way: dict[tuple[int, str], asyncio.Event] = field(default_factory=dict)

    async def __call__(self, attempt_id: int, step_id: str, learner: Learner) -> LessonShown | None:
        """Return the rubric with its verdicts; None where the learner has moved on since.

        Asked for twice at a time, it grades once. Where grading fails, nothing can be told.

        Raises:
            TutorError: the attempt can't be loaded.
        """
        key = (attempt_id, step_id)
        if running := self._under_way.get(key):
            await running.wait()
            return await self._shown(attempt_id, step_id, learner)
        self._under_way[key] = asyncio.Event()
        try:
            return await self._graded(attempt_id, step_id, learner)
        finally:
            self._under_way.pop(key).set()

    async def _graded(self, attempt_id: int, step_id: str, learner: Learner) -> LessonShown | None:
        async with self.open_records() as records:
            attempt, lesson = await load(records, self.course, attempt_id, learner)
            step = _rubric_of(attempt, lesson, step_id)
            is_done = await records.grading(attempt_id, step_id) is not None
        if step is None or attempt.guess is None:
            return None
        if is_done:
            return await self._shown(attempt_id, step_id, learner)
        try:
            with asking_as(learner.id):
                graded, mode = await self.grade(step, attempt.guess.answer)
        except ToolError:
            unknown = tuple(Graded(one.id, Verdict.UNSURE) for one in step.criteria)
            failed = Grading(unknown, Mode.NONE, self.now())  # isn't kept
            return await self._shown(attempt_id, step_id, learner, failed)
        async with self.open_records() as records:
            present, _ = await load(records, self.course, attempt_id, learner)
            now = present.guess_at(step_id)
            if now is None or now.answer != attempt.guess.answer:
                return None  # said anew meanwhile: those words are graded by themselves
            await records.keep_grading(attempt_id, step_id, Grading(graded, mode, self.now()))
        return await self._shown(attempt_id, step_id, learner)

    async def _shown(
        self, attempt_id: int, step_id: str, learner: Learner, failed: Grading | None = None
    ) -> LessonShown | None:
        async with self.open_records() as records:
            attempt, lesson = await load(records, self.course, attempt_id, learner)
            if _rubric_of(attempt, lesson, step_id) is None:
                return None
            return LessonShown(
                await screen_now(records, self.course, attempt, lesson, learner, failed)
            )


@dataclass(frozen=True, slots=True)
class OverruleVerdict:
    """Put an instructor's verdict over the grader's. Whether they instruct, the caller checks."""

    course: Course
    open_records: OpenRecords
    now: Clock

    async def __call__(
        self, learner_id: int, lesson: str, criterion: str, verdict: Verdict, by: int
    ) -> Grading:
        """Overrule one verdict on a learner's latest teach-back of a lesson; return all of it.

        Raises:
            NotFound: no such lesson or criterion, or nothing of theirs was graded there.
            UnusableAnswer: that is the verdict already.
        """
        found = find_lesson(self.course, lesson)
        async with self.open_records() as records:
            latest = await records.latest_attempt(learner_id, found.slug)
            held = await records.attempt(latest.id) if latest else None  # until it is written
            step = found.teachback.id
            grading = await records.grading(held.id, step) if held else None
            if held is None or grading is None:
                raise NotFound("No teach-back of theirs has been graded in that lesson yet.")
            overruled = grading.overruled(criterion, verdict, by, self.now())
            await records.keep_override(held.id, step, overruled, criterion)
            return overruled


@dataclass(frozen=True, slots=True)
class GradeText:
    """Grade a text as a lesson's teach-back, whoever wrote it; keep nothing."""

    course: Course
    grade: GradeWords

    async def __call__(self, lesson: str, said: str) -> tuple[tuple[Graded, ...], Mode]:
        """Return the verdicts and the mode.

        Args:
            lesson: Its number, slug or title.
            said: What somebody wrote.

        Raises:
            NotFound: there is no such lesson.
            UnusableAnswer: the text is empty, too long, or holds what can't be kept.
            ToolError: it can't be graded just now.
        """
        step = find_lesson(self.course, lesson).teachback
        return await self.grade(step, read_text(said, TEACHBACK_CHARS))


def _rubric_of(attempt: Attempt, lesson: Lesson, step_id: str) -> TeachbackStep | None:
    """Return the teach-back whose rubric the learner has before them, if it is that step."""
    if attempt.phase is not Phase.REVEALED or attempt.step != step_id:
        return None
    step = lesson.step(step_id)
    return step if isinstance(step, TeachbackStep) else None
