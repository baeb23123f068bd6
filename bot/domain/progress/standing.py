"""Where a learner stands in the course: the home card and the progress card."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from statistics import fmean

from bot.domain.lesson.ahead import lesson_ahead
from bot.domain.lesson.attempt import Attempt, Guess, Phase
from bot.domain.lesson.machine import settle
from bot.domain.lesson.projection import minutes_left
from bot.domain.lesson.recap import Calibration, calibration_of, recap_of
from bot.domain.progress.mastery import LevelRecord, Over, levels_said, over_time
from bot.domain.progress.streak import Streak
from curriculum.schema import Course, CourseStop, Lesson


class LessonState(Enum):
    """How far a lesson has come."""

    PLANNED = "planned"  # in the outline, not written yet
    NEW = "new"
    BEGUN = "begun"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class LessonStanding:
    """One line of the course. `index` of `total` steps; tries are those of the first run.

    A lesson that is done stays so while it is taken again; `is_again` says that it is.
    """

    number: int
    slug: str | None  # None while it is planned
    title: str
    minutes: int
    state: LessonState
    index: int = 0
    total: int = 0
    right: int = 0
    scored: int = 0
    is_again: bool = False

    @property
    def is_under_way(self) -> bool:
        """Whether the learner stands at one of its steps."""
        return self.state is LessonState.BEGUN or self.is_again

    @property
    def minutes_left(self) -> int:
        """What is left of it, at the pace the lesson assumes: at least 1, none once it is done."""
        if self.is_under_way:
            return minutes_left(self.minutes, self.index, self.total)
        return 0 if self.state is LessonState.DONE else self.minutes


@dataclass(frozen=True, slots=True)
class Practice:
    """What there is to practise beside the lessons.

    Attributes:
        due: Cards to review now.
        next_due: When the next card returns, where none is due.
        streak: Days in a row.
        is_ranked: Whether they show their rank.
        rank: How many are ahead of them, and how many show theirs; None outside a class.
        now: When this was so; None: nobody looked.
        foretold: How many guesses at instruments were right, and how many could be told.
    """

    due: int = 0
    next_due: datetime | None = None
    streak: Streak = field(default_factory=Streak)
    is_ranked: bool = False
    rank: tuple[int, int] | None = None
    now: datetime | None = None
    foretold: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class HomeScreen:
    """The map of the course, and one thing to do next."""

    title: str
    stops: tuple[tuple[str, bool], ...]  # the way through the course; True: you are here
    lessons: tuple[LessonStanding, ...]
    next: LessonStanding | None
    practice: Practice = field(default_factory=Practice)
    start: int = 0  # the lesson that a placement told them to begin with; 0: they took none
    to_redo: int = 0  # steps guessed wrong, and not put right since
    question: int | None = None  # of a placement left in the middle: which one waits, from 1

    @property
    def minutes_left(self) -> int:
        """What is left of the course: from where they begin, and what is under way."""
        ahead = [one for one in self.lessons if one.number >= self.start]
        begun = [one for one in self.lessons if one.is_under_way]
        counted = {one.number: one.minutes_left for one in (*ahead, *begun)}
        return sum(counted.values()) or sum(one.minutes_left for one in self.lessons)

    @property
    def is_done(self) -> bool:
        """Whether every lesson is done that is written."""
        written = [one for one in self.lessons if one.state is not LessonState.PLANNED]
        return bool(written) and all(one.state is LessonState.DONE for one in written)


@dataclass(frozen=True, slots=True)
class ProgressScreen:
    """What a learner has done and how well they knew it, over first runs."""

    lessons: tuple[LessonStanding, ...]  # those begun or done
    right: int
    scored: int
    calibration: Calibration
    mean_surprisal_bits: float | None
    terms: int  # glossary terms of lessons finished
    next: LessonStanding | None
    levels: tuple[LevelRecord, ...] = ()
    over: Over = field(default_factory=Over)
    practice: Practice = field(default_factory=Practice)


def home_of(
    course: Course,
    attempts: Sequence[Attempt],
    practice: Practice | None = None,
    start: int = 0,
    to_redo: int = 0,
    question: int | None = None,
) -> HomeScreen:
    """Return the course as this learner has walked it.

    Args:
        course: What can be taught.
        attempts: All of the learner's attempts, any order.
        practice: What there is to practise beside the lessons.
        start: The lesson that a placement told them to begin with.
        to_redo: How many steps they could redo.
        question: Which question waits, from 1, where they left a placement in the middle.
    """
    lessons = standings(course, attempts)
    coming = _coming(course, attempts, lessons, start)
    here = coming.number if coming else None
    stops = [stage for stage in course.outline.stages if stage.stop]
    lit = _lit(stops, here)
    return HomeScreen(
        title=course.outline.title,
        stops=tuple((stage.stop or "", stage is lit) for stage in stops),
        lessons=lessons,
        next=coming,
        practice=practice or Practice(),
        start=start,
        to_redo=to_redo,
        question=question,
    )


def progress_of(
    course: Course,
    attempts: Sequence[Attempt],
    practice: Practice | None = None,
    start: int = 0,
) -> ProgressScreen:
    """Return what the learner's first runs say; arguments as for `home_of`."""
    lessons = standings(course, attempts)
    guesses = [g for a in attempts if a.run == 1 for g in a.guesses]
    bits = [g.evidence.surprisal_bits for g in guesses if g.evidence]
    finished = {s.number for s in lessons if s.state is LessonState.DONE}
    return ProgressScreen(
        lessons=tuple(s for s in lessons if s.state in (LessonState.BEGUN, LessonState.DONE)),
        right=sum(s.right for s in lessons),
        scored=sum(s.scored for s in lessons),
        calibration=calibration_of(guesses),
        mean_surprisal_bits=fmean(bits) if bits else None,
        terms=sum(term.lesson in finished for term in course.terms),
        next=_coming(course, attempts, lessons, start),
        levels=levels_said(guesses),
        over=over_time(guesses),
        practice=practice or Practice(),
    )


def standings(course: Course, attempts: Iterable[Attempt]) -> tuple[LessonStanding, ...]:
    """Return one line a lesson, in the outline's order."""
    written = {lesson.number: lesson for lesson in course.lessons}
    by_lesson: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        by_lesson.setdefault(attempt.lesson, []).append(attempt)
    return tuple(
        _standing(written[stage.number], by_lesson.get(written[stage.number].slug, []))
        if stage.number in written
        else LessonStanding(stage.number, None, stage.title, 0, LessonState.PLANNED)
        for stage in course.outline.stages
    )


def _standing(lesson: Lesson, runs: list[Attempt]) -> LessonStanding:
    blank = LessonStanding(
        lesson.number, lesson.slug, lesson.title, lesson.minutes, LessonState.NEW
    )
    if not runs:
        return blank
    runs = sorted((settle(run, lesson) for run in runs), key=lambda attempt: attempt.run)
    first, latest = runs[0], runs[-1]
    recap = recap_of(lesson, _known(first.guesses, lesson))
    ids = [step.id for step in lesson.way]
    is_done = any(run.phase is Phase.FINISHED for run in runs)
    is_under_way = latest.phase is not Phase.FINISHED
    return LessonStanding(
        lesson.number,
        lesson.slug,
        lesson.title,
        lesson.minutes,
        state=LessonState.DONE if is_done else LessonState.BEGUN,
        index=ids.index(latest.step) + 1 if is_under_way else len(ids),
        total=len(ids),
        right=recap.right,
        scored=recap.scored,
        is_again=is_done and is_under_way,
    )


def _known(guesses: Iterable[Guess], lesson: Lesson) -> list[Guess]:
    ids = {step.id for step in lesson.sequence}
    return [guess for guess in guesses if guess.step in ids]


def _coming(
    course: Course, attempts: Iterable[Attempt], lessons: Iterable[LessonStanding], start: int
) -> LessonStanding | None:
    known = {lesson.slug: lesson for lesson in course.lessons}
    runs = [settle(run, known[run.lesson]) for run in attempts if run.lesson in known]
    ahead = lesson_ahead(course, runs, start)
    return next((one for one in lessons if ahead and one.slug == ahead.slug), None)


def _lit(stops: Sequence[CourseStop], here: int | None) -> CourseStop | None:
    if here is None:
        return None
    passed = [stage for stage in stops if stage.number <= here]
    return passed[-1] if passed else (stops[0] if stops else None)
