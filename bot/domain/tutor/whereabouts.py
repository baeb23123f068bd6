"""Where a learner stands in the course, and which questions wait there. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.lesson.projection import minutes_left
from bot.domain.tutor.passages import Source
from bot.domain.tutor.talk import Brief
from curriculum.kinds.base import GuessableStep
from curriculum.schema import Course, Lesson


@dataclass(frozen=True, slots=True)
class CoursePoint:
    """A step that asks something, and where it stands; `place` counts from 1."""

    source: Source
    ask: str
    place: int
    is_open: bool  # yet to be guessed

    @property
    def where(self) -> str:
        """Name the step."""
        return f"step {self.place} of lesson {self.source.lesson}"


def asked_in(course: Course, brief: Brief) -> tuple[CoursePoint, ...]:
    """Return the steps of the lessons that ask something, in their order; no quick checks."""
    return tuple(one for lesson in course.lessons for one in _asked(lesson, brief))


def asked_next(course: Course, brief: Brief) -> CoursePoint | None:
    """Return the step that comes next for a learner: where they stand, or the first still open.

    In public it is the course's first: there nothing is said of how far they are.
    """
    each = asked_in(course, brief)
    at = brief.here if brief.is_private else None
    ids = [step.id for one in course.lessons if at and one.number == at.lesson for step in one.way]
    ahead = ids[ids.index(at.step) :] if at and at.step in ids else ids
    still = [one for one in each if one.is_open]
    mine = [one for one in still if at and one.source.lesson == at.lesson]
    return next((one for one in mine if one.source.step in ahead), next(iter(still), None))


def lesson_at(course: Course, brief: Brief) -> tuple[Lesson, int] | None:
    """Return the lesson under way and the place in it, from 1; None in public, or without one."""
    if brief.here is None or not brief.is_private:
        return None
    lesson = next((one for one in course.lessons if one.number == brief.here.lesson), None)
    ids = [step.id for step in lesson.way] if lesson else []
    if lesson is None or brief.here.step not in ids:
        return None
    return lesson, ids.index(brief.here.step) + 1


def minutes_to_go(course: Course, brief: Brief) -> tuple[int | None, int]:
    """Return the minutes left of the lesson under way, if there is one, and of the whole course."""
    at = lesson_at(course, brief)
    here = minutes_left(at[0].minutes, at[1], len(at[0].way)) if at else None
    ahead = [
        lesson.minutes
        for lesson in course.lessons
        if (at is None or lesson != at[0]) and any(one.is_open for one in _asked(lesson, brief))
    ]
    return here, sum(ahead) + (here or 0)


def _asked(lesson: Lesson, brief: Brief) -> Iterator[CoursePoint]:
    for place, step in enumerate(lesson.way, start=1):
        source = Source(lesson.number, step=step.id)
        if step in lesson.steps and isinstance(step, GuessableStep):
            yield CoursePoint(source, step.ask, place, source in brief.spoilers.steps)
