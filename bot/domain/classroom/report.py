"""A class on paper: everybody in numbers, those who agreed by name, or by pseudonym. Pure."""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.classroom.cohort import (
    CohortScreen,
    cohort_of,
)
from bot.domain.classroom.counts import (
    Tallies,
)
from bot.domain.classroom.member import Member
from bot.domain.lesson.attempt import Attempt, Guess, Phase
from bot.domain.lesson.recap import calibration_of
from bot.domain.lesson.teachback import Grading, Verdict
from bot.domain.progress.standing import LessonStanding, LessonState, standings
from curriculum.kinds.registry import Step
from curriculum.schema import Course, Lesson

MOST_LISTED = 2000  # learners; a larger class lists those who moved last


@dataclass(frozen=True, slots=True)
class ShownLearner:
    """A learner who agreed to be shown, with their attempts since they joined."""

    member: Member
    since: datetime | None  # on the step where they stand
    attempts: tuple[Attempt, ...]
    gradings: Mapping[tuple[int, str], Grading] = field(default_factory=dict)  # attempt, step


@dataclass(frozen=True, slots=True)
class ClassRecord:
    """What is on record of a class; its key is a secret, by which pseudonyms are made."""

    tallies: Tallies
    key: str = field(repr=False)
    shown: Sequence[ShownLearner] = ()
    questions: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One learner's line."""

    who: str
    done: int
    right: int
    scored: int
    mean_brier: float | None
    place: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One committed guess. `account` names the learner to a machine; `run` counts from 1."""

    who: str
    account: str
    attempt_id: int
    run: int
    lesson: Lesson
    step: Step
    guess: Guess
    grading: Grading | None = None  # of a teach-back; an instructor's word goes first
    is_open: bool = False  # the learner stands there, and has yet to see what it is worth

    @property
    def history(self) -> tuple["AnswerRow", ...]:
        """It as it stood before each word of an instructor, the first first, and as it is now."""
        if self.grading is None:
            return (self,)
        said = self.grading.overrides
        return tuple(
            replace(self, grading=replace(self.grading, overrides=said[:count]))
            for count in range(len(said) + 1)
        )

    @property
    def criteria_met(self) -> tuple[int, int] | None:
        """How many of a teach-back's criteria are met, and how many there are."""
        if self.grading is None:
            return None
        met = [self.grading.verdict_on(one.criterion) for one in self.grading.graded]
        return met.count(Verdict.MET), len(met)


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report."""

    title: str
    cohort_id: int
    made: datetime
    has_names: bool
    key: str = field(repr=False)
    screen: CohortScreen
    rows: tuple[Row, ...]
    answers: tuple[AnswerRow, ...]
    questions: tuple[str, ...]


def report_of(
    course: Course, cohort_id: int, held: ClassRecord, now: datetime, *, has_names: bool
) -> Report:
    """Return a class's report.

    Args:
        course: What is taught.
        cohort_id: The class.
        held: What is on record.
        now: When it is made.
        has_names: Whether learners go by their names; else by pseudonyms that are theirs in every
            report of the class, whoever joins or leaves, and without the reasons they wrote.
    """
    named = _named(held, has_names)
    return Report(
        title=course.outline.title,
        cohort_id=cohort_id,
        made=now,
        has_names=has_names,
        key=held.key,
        screen=cohort_of(course, held.tallies, now),
        rows=tuple(_row(course, who, shown) for who, _, shown in named),
        answers=tuple(
            answer
            for who, account, shown in named
            for answer in _answers(course, who, account, shown)
        ),
        questions=tuple(held.questions),
    )


def keyed(key: str, *what: object) -> str:
    """Return a name for something that tells nothing of it to those without the class's key.

    Source:
        HMAC, RFC 2104, with SHA-256; its first 40 bits.
    """
    told = ":".join(map(str, what)).encode()
    return hmac.digest(key.encode(), told, "sha256").hex()[:10]


def _named(held: ClassRecord, has_names: bool) -> list[tuple[str, str, ShownLearner]]:
    if has_names:
        by_name = sorted(held.shown, key=lambda s: (s.member.name.casefold(), s.member.learner_id))
        return [(s.member.name, str(s.member.learner_id), s) for s in by_name]
    keys = {one.member.learner_id: keyed(held.key, one.member.learner_id) for one in held.shown}
    mixed = sorted(held.shown, key=lambda one: keys[one.member.learner_id])
    called = [(keys[one.member.learner_id], one) for one in mixed]
    return [(f"Learner {name}", f"learner-{name}", one) for name, one in called]


def _row(course: Course, who: str, shown: ShownLearner) -> Row:
    lines = standings(course, shown.attempts)
    firsts = [g for a in shown.attempts if a.run == 1 for g in a.guesses]
    begun = [line for line in lines if line.state is LessonState.BEGUN]
    return Row(
        who=who,
        done=sum(line.state is LessonState.DONE for line in lines),
        right=sum(line.right for line in lines),
        scored=sum(line.scored for line in lines),
        mean_brier=calibration_of(firsts).mean_brier,
        place=_place(begun[-1]) if begun else "",
        since=shown.since if begun else None,
    )


def _place(line: LessonStanding) -> str:
    return f"{line.number}.{line.index} of {line.total}"


def _answers(course: Course, who: str, account: str, shown: ShownLearner) -> Iterable[AnswerRow]:
    lessons = {lesson.slug: lesson for lesson in course.lessons}
    for attempt in shown.attempts:
        lesson = lessons.get(attempt.lesson)
        steps = {step.id: step for step in lesson.sequence} if lesson else {}
        for guess in attempt.guesses:
            if lesson and guess.step in steps:
                step = steps[guess.step]
                graded = shown.gradings.get((attempt.id, step.id))
                yield AnswerRow(
                    who, account, attempt.id, attempt.run, lesson, step, guess, graded,
                    is_open=_is_open(attempt, guess),
                )  # fmt: skip


def _is_open(attempt: Attempt, guess: Guess) -> bool:
    stands_there = attempt.step == guess.step and attempt.phase is not Phase.FINISHED
    return stands_there and guess.is_right is None
