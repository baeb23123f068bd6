"""What instructors see of their class: counts of everybody, names of those who agreed."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.classroom.beliefs import belief_in
from bot.domain.classroom.cohort import (
    CohortScreen,
    beliefs_of,
    cohort_of,
)
from bot.domain.classroom.counts import (
    GONE_AFTER,
    STUCK_AFTER,
)
from bot.domain.classroom.member import Words, seen_since
from bot.domain.classroom.screens import (
    BeliefLine,
    CriterionLine,
    LearnerScreen,
    MisconceptionScreen,
)
from bot.domain.crowd import is_crowd
from bot.domain.errors import NotFound
from bot.domain.learner import Learner
from bot.domain.lesson.recap import calibration_of
from bot.domain.lesson.teachback import Grading, Verdict
from bot.domain.progress.standing import LessonState, standings
from bot.usecases.classroom.instructor import CheckInstructor
from bot.usecases.classroom.ports import OpenClasses
from bot.usecases.clock import Clock
from bot.usecases.lesson.ports import OpenRecords
from bot.usecases.lesson.turns import find_lesson
from curriculum.schema import Course, Lesson

MOST_WORDS = 100  # read for one card
NOT_SHOWN = (
    "I can't show you this learner. Either they aren't in this class, or they keep their progress"
    " private; `/more sharing` lets them change that."
)


@dataclass(frozen=True, slots=True)
class ShowCohort:
    """Show who is where, who is stuck, and what is hard."""

    course: Course
    check: CheckInstructor
    open_classes: OpenClasses
    now: Clock

    async def __call__(self, learner: Learner) -> CohortScreen:
        """Return the page of the class that an instructor acts in.

        Raises:
            NotYours: they are no instructor.
        """
        await self.check.require(learner)
        now = self.now()
        async with self.open_classes() as classes:
            tallies = await classes.tallies(learner.cohort_id, now - GONE_AFTER, now - STUCK_AFTER)
        return cohort_of(self.course, tallies, now)


@dataclass(frozen=True, slots=True)
class ShowLearner:
    """Show how one learner is doing, if they agreed to be shown."""

    course: Course
    check: CheckInstructor
    open_records: OpenRecords
    open_classes: OpenClasses

    async def __call__(self, who: int, learner: Learner) -> LearnerScreen:
        """Return a learner's standing since they joined the class.

        Raises:
            NotYours: who asks is no instructor.
            NotFound: the learner isn't in the class, or keeps private; which, isn't told.
        """
        await self.check.require(learner)
        async with self.open_classes() as classes:
            member = await classes.member(who, learner.cohort_id)
        if member is None or not member.is_shown:
            raise NotFound(NOT_SHOWN)
        async with self.open_records() as records:
            attempts = seen_since(await records.attempts_of(who), member.joined)
        lines = standings(self.course, attempts)
        return LearnerScreen(
            learner_id=who,
            joined=member.joined,
            lessons=tuple(s for s in lines if s.state in (LessonState.BEGUN, LessonState.DONE)),
            calibration=calibration_of(g for a in attempts if a.run == 1 for g in a.guesses),
        )


@dataclass(frozen=True, slots=True)
class ShowMisconceptions:
    """Show what a class believes about a lesson, in numbers and in their own words."""

    course: Course
    check: CheckInstructor
    open_classes: OpenClasses
    now: Clock

    async def __call__(self, wanted: str, learner: Learner) -> MisconceptionScreen:
        """Return the beliefs met in a lesson, the most chosen first.

        Words are those of learners who agreed to be shown, without names, and only where enough of
        them wrote; see `crowd`.

        Raises:
            NotYours: who asks is no instructor.
            NotFound: there is no such lesson.
        """
        await self.check.require(learner)
        lesson, now = find_lesson(self.course, wanted), self.now()
        async with self.open_classes() as classes:
            tallies = await classes.tallies(learner.cohort_id, now, now)
            place = (learner.cohort_id, lesson.slug, lesson.teachback.id)
            words = await classes.words(*place, MOST_WORDS)
            gradings = await classes.gradings(*place)
        votes = [one for one in tallies.votes if one.lesson == lesson.slug]
        are_enough = is_crowd(len({one.learner_id for one in words}))
        return MisconceptionScreen(
            number=lesson.number,
            title=lesson.title,
            beliefs=tuple(
                BeliefLine(one.text, one.votes, _reasons(lesson, words, one.text, are_enough))
                for one in beliefs_of(self.course, votes)
            ),
            teachbacks=_teachbacks(lesson, words) if are_enough else (),
            writers_missing=not are_enough,
            criteria=_criteria(lesson, gradings),
        )


def _reasons(
    lesson: Lesson, words: Sequence[Words], belief: str, are_enough: bool
) -> tuple[str, ...]:
    if not are_enough:
        return ()
    return tuple(one.why for one in words if one.why and belief_in(lesson, one) == belief)


def _criteria(lesson: Lesson, gradings: Sequence[Grading]) -> tuple[CriterionLine, ...]:
    """Count the verdicts that hold: an instructor's word goes before the grader's."""
    if not is_crowd(len(gradings)):
        return ()
    lines = [
        CriterionLine(
            one.says,
            sum(grading.verdict_on(one.id) is Verdict.MET for grading in gradings),
            len(gradings),
        )
        for one in lesson.teachback.criteria
    ]
    return tuple(sorted(lines, key=lambda line: line.met))


def _teachbacks(lesson: Lesson, words: Sequence[Words]) -> tuple[str, ...]:
    return tuple(one.answer for one in words if one.step == lesson.teachback.id)
