"""Go through a lesson: open it, begin it, take a turn, begin again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.domain.classroom.change import change_of
from bot.domain.errors import LessonGone, NotFound, NotYours, StaleClick
from bot.domain.learner import Learner
from bot.domain.lesson.ahead import lesson_ahead
from bot.domain.lesson.attempt import Attempt, Guess, Phase
from bot.domain.lesson.commands import Command, Draft, LockIn, Reveal, SayAgain
from bot.domain.lesson.evidence import Evidence
from bot.domain.lesson.machine import advance, settle
from bot.domain.lesson.projection import intro_of, screen_for
from bot.domain.lesson.scoring import how_read, tally_key
from bot.domain.lesson.screens import LessonScreen, RecapScreen
from bot.domain.lesson.teachback import Grading
from bot.domain.practice.review import cards_made
from bot.usecases.clock import Clock
from bot.usecases.lesson.ports import OpenRecords, Records, StartOf, from_the_first
from curriculum.kinds.registry import Step
from curriculum.kinds.teachback import TeachbackStep
from curriculum.kinds.token import TokenStep
from curriculum.schema import Course, Lesson
from tools.engine.asker import asking_as
from tools.errors import Missing, ToolError
from tools.exhibit.exhibit import Exhibit

AskEvidence = Callable[[str, str], Awaitable[Evidence]]


@dataclass(frozen=True, slots=True)
class LessonShown:
    """A screen, what an instrument adds to it, and a line on what went wrong, or was read."""

    screen: LessonScreen
    exhibit: Exhibit | None = None
    note: str | None = None
    how_read: str | None = None  # what was typed, where it might have been meant otherwise
    can_retry: bool = False


@dataclass(frozen=True, slots=True)
class OpenLesson:
    """Show a lesson where the learner left it, or what it promises."""

    course: Course
    open_records: OpenRecords
    now: Clock
    start_of: StartOf = from_the_first

    async def __call__(self, slug: str | None, learner: Learner) -> LessonShown:
        """Open a lesson by its slug; None: the one to go on with.

        Raises:
            NotFound: there is no such lesson.
        """
        start = await self.start_of(learner.id) if slug is None else 0
        async with self.open_records() as records:
            await records.enrol(learner, self.now())
            lesson = (
                find_lesson(self.course, slug)
                if slug
                else lesson_ahead(self.course, await self._runs(records, learner), start)
                or self.course.lessons[0]
            )
            attempt = await records.latest_attempt(learner.id, lesson.slug)
            if attempt is None:
                done = await self._done(records, learner) if lesson.builds_on else frozenset()
                missing = [self.course.lesson(s) for s in lesson.builds_on if s not in done]
                return LessonShown(intro_of(lesson, missing))
            return LessonShown(
                await screen_now(records, self.course, settle(attempt, lesson), lesson, learner)
            )

    async def _done(self, records: Records, learner: Learner) -> frozenset[str]:
        """Return the lessons that were finished; those gone from the course count as known."""
        runs = await self._runs(records, learner)
        gone = {s for one in self.course.lessons for s in one.builds_on} - {
            one.slug for one in self.course.lessons
        }
        return frozenset(run.lesson for run in runs if run.phase is Phase.FINISHED) | gone

    async def _runs(self, records: Records, learner: Learner) -> list[Attempt]:
        lessons = {lesson.slug: lesson for lesson in self.course.lessons}
        stored = await records.attempts_of(learner.id)
        return [settle(run, lessons[run.lesson]) for run in stored if run.lesson in lessons]


@dataclass(frozen=True, slots=True)
class BeginLesson:
    """Begin a lesson, or begin a finished one again; the first guesses stay what they were."""

    course: Course
    open_records: OpenRecords
    now: Clock

    async def __call__(self, slug: str, learner: Learner) -> LessonShown:
        """Begin, or go on where a run is open.

        Raises:
            NotFound: there is no such lesson.
        """
        lesson = find_lesson(self.course, slug)
        async with self.open_records() as records:
            await records.enrol(learner, self.now())
            latest = await records.latest_attempt(learner.id, lesson.slug)
            present = settle(latest, lesson) if latest else None
            if present is None or present.phase is Phase.FINISHED:
                run = present.run + 1 if present else 1
                first = lesson.sequence[0].id
                present = await records.begin(learner, lesson.slug, run, first, self.now())
            return LessonShown(await screen_now(records, self.course, present, lesson, learner))


@dataclass(frozen=True, slots=True)
class TakeTurn:
    """Load the attempt, advance it, save it with the class's tally, and say what to show."""

    course: Course
    open_records: OpenRecords
    judge_token: AskEvidence
    now: Clock

    async def __call__(self, command: Command, learner: Learner) -> LessonShown:
        """Run one command for one learner.

        Raises:
            NotYours: the attempt belongs to another learner.
            StaleClick: the command no longer fits the attempt.
            UnusableAnswer: the answer can't be taken as it is.
        """
        failed = None
        if isinstance(command, Reveal) and not command.is_without_model:
            command, failed = await self._with_evidence(command, learner)
            if failed and failed.can_retry:
                return failed
        async with self.open_records() as records:
            before, lesson = await load(records, self.course, command.attempt_id, learner)
            after = advance(before, command, lesson, self.now())
            if isinstance(command, SayAgain):
                await _say_again(records, after)
            await records.save(before, after, self.now())
            await _tally(records, before, after, lesson)
            await records.count(after, change_of(before, after), self.now())
            screen = await screen_now(records, self.course, after, lesson, learner)
            why = failed.note if failed else None
            return LessonShown(screen, note=why, how_read=_how_read(command, lesson))

    async def _with_evidence(
        self, command: Reveal, learner: Learner
    ) -> tuple[Reveal, LessonShown | None]:
        """Ask the model about a token guess, outside any transaction; go on where it can't tell."""
        async with self.open_records() as records:
            attempt, lesson = await load(records, self.course, command.attempt_id, learner)
            if attempt.phase is Phase.FINISHED or attempt.step != command.step:
                raise StaleClick
            step = lesson.step(attempt.step)
            if not isinstance(step, TokenStep):
                return command, None
            if attempt.phase is not Phase.LOCKED or attempt.guess is None:
                raise StaleClick
            screen = await screen_now(records, self.course, attempt, lesson, learner)
        try:
            with asking_as(learner.id):
                evidence = await self.judge_token(step.prompt, attempt.guess.answer)
        except Missing as never:
            return replace(command, is_without_model=True), LessonShown(screen, note=str(never))
        except ToolError as error:
            return command, LessonShown(screen, note=f"{error} Your guess is kept.", can_retry=True)
        return replace(command, evidence=evidence), None


@dataclass(frozen=True, slots=True)
class PresentCard:
    """Show the card a learner should be looking at, after an older one was clicked."""

    course: Course
    open_records: OpenRecords

    async def __call__(self, attempt_id: int, learner: Learner) -> LessonShown:
        """Return the present card of the attempt's lesson, on whichever run that is.

        Raises:
            NotYours: the attempt belongs to another learner.
        """
        async with self.open_records() as records:
            clicked, lesson = await load(records, self.course, attempt_id, learner)
            latest = await records.latest_attempt(learner.id, clicked.lesson)
            present = settle(latest or clicked, lesson)
            return LessonShown(await screen_now(records, self.course, present, lesson, learner))


def find_lesson(course: Course, slug: str) -> Lesson:
    """Return a lesson by slug or number as typed.

    Raises:
        NotFound: there is none; the text names those there are.
    """
    wanted = slug.strip().lower()
    for lesson in course.lessons:
        if wanted in (lesson.slug, str(lesson.number), lesson.title.lower()):
            return lesson
    there = ", ".join(f"{lesson.number} {lesson.title}" for lesson in course.lessons)
    raise NotFound(f"There is no such lesson yet. There is: {there}.")


def step_of(course: Course, lesson: int, step: str) -> Step | None:
    """Return a step by its lesson's number and its id, if it is still there."""
    found = (s for one in course.lessons if one.number == lesson for s in one.sequence)
    return next((one for one in found if one.id == step), None)


async def screen_now(
    records: Records,
    course: Course,
    attempt: Attempt,
    lesson: Lesson,
    learner: Learner,
    grading: Grading | None = None,
) -> LessonScreen:
    """Return the screen of an attempt, with the class's votes where they may be seen.

    A grading that wasn't kept may be given; else the one that was is shown.
    """
    votes, first = None, None
    if attempt.phase is Phase.REVEALED:
        votes = await records.votes(attempt.cohort_id, lesson.slug, attempt.step)
        if attempt.run > 1:
            first = await records.first_guess(learner.id, lesson.slug, attempt.step)
        if grading is None and isinstance(lesson.step(attempt.step), TeachbackStep):
            grading = await records.grading(attempt.id, attempt.step)
    cards = cards_made(lesson, attempt) if attempt.phase is Phase.FINISHED else 0
    screen = screen_for(attempt, lesson, votes, first, course, grading, cards)
    if not isinstance(screen, RecapScreen):
        return screen
    done = await records.attempts_of(learner.id)
    finished = {run.lesson for run in done if run.phase is Phase.FINISHED}
    is_course_done = finished >= {one.slug for one in course.lessons}
    return replace(screen, is_course_done=is_course_done)


async def load(
    records: Records, course: Course, attempt_id: int, learner: Learner
) -> tuple[Attempt, Lesson]:
    """Load an attempt and its lesson, and check whose it is.

    Raises:
        NotYours: the attempt belongs to another learner.
        StaleClick: there is no such attempt.
        LessonGone: the course has its lesson no more.
    """
    attempt = await records.attempt(attempt_id)
    if attempt is None:
        raise StaleClick("I don't know that card any more. Type `/lesson` to go on.")
    if attempt.learner_id != learner.id:
        raise NotYours("This lesson is somebody else's. Type `/lesson` to take it yourself.")
    lesson = next((one for one in course.lessons if one.slug == attempt.lesson), None)
    if lesson is None:
        raise LessonGone
    return settle(attempt, lesson), lesson


async def _tally(records: Records, before: Attempt, after: Attempt, lesson: Lesson) -> None:
    """Count a first run's new guess, and its being right once that is known."""
    if after.run > 1:
        return
    for guess in after.guesses:
        former = before.guess_at(guess.step)
        if guess == former or guess.had_seen_answer:
            continue  # its step may be gone from the file by now, or its answer was known
        key = tally_key(lesson.step(guess.step), guess.answer)
        right = int(guess.is_right is True and not _was_right(former))
        vote, where = int(former is None), (after.cohort_id, lesson.slug, guess.step)
        if key is not None and (right or vote):
            await records.count_vote(*where, key, right=right, vote=vote)


async def _say_again(records: Records, after: Attempt) -> None:
    """Keep a teach-back's new words, and let go of the verdicts on the former ones.

    Raises:
        StaleClick: an instructor has had their say on those.
    """
    grading = await records.grading(after.id, after.step)
    if grading is not None and grading.overrides:
        raise StaleClick("Your instructor has answered these words already, so they stay.")
    if after.guess is not None:
        await records.say_again(after.id, after.step, after.guess.answer)


def _how_read(command: Command, lesson: Lesson) -> str | None:
    if not isinstance(command, Draft | LockIn):
        return None
    return how_read(lesson.step(command.step), command.answer)


def _was_right(guess: Guess | None) -> bool:
    return guess is not None and guess.is_right is True
