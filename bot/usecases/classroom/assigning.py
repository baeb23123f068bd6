"""Set a class a lesson, and remind it once."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.classroom.due import read_due
from bot.domain.classroom.member import REMIND_BEFORE, Assignment
from bot.domain.classroom.screens import AssignmentScreen
from bot.domain.learner import Learner
from bot.usecases.classroom.instructor import CheckInstructor
from bot.usecases.classroom.ports import OpenClasses
from bot.usecases.clock import Clock
from bot.usecases.lesson.turns import find_lesson
from curriculum.schema import Course


@dataclass(frozen=True, slots=True)
class AssignLesson:
    """Set a class a lesson."""

    course: Course
    check: CheckInstructor
    open_classes: OpenClasses
    now: Clock

    async def __call__(
        self, wanted: str, due: str, channel_id: int, learner: Learner
    ) -> AssignmentScreen:
        """Keep the assignment; setting the lesson again moves its time.

        Args:
            wanted: The lesson, by name or number.
            due: In the instructor's words; see `read_due`.
            channel_id: Where it is set, and where the class is reminded.
            learner: Who sets it.

        Raises:
            NotYours: they are no instructor.
            NotFound: there is no such lesson.
            UnusableAnswer: the time can't be read, or has passed.
        """
        await self.check.require(learner)
        lesson, now = find_lesson(self.course, wanted), self.now()
        until = read_due(due, now)
        asked = Assignment(0, learner.cohort_id, lesson.slug, until, channel_id, learner.id)
        async with self.open_classes() as classes:
            kept = await classes.assign(asked, now)
        return screen_of(self.course, kept)


@dataclass(frozen=True, slots=True)
class RemindClasses:
    """Find the classes to remind of what is due within a day; each is found once."""

    course: Course
    open_classes: OpenClasses
    now: Clock

    async def __call__(self) -> Sequence[tuple[Assignment, AssignmentScreen]]:
        """Return each assignment, and what to say; they count as reminded from now on."""
        now = self.now()
        there = {lesson.slug for lesson in self.course.lessons}
        async with self.open_classes() as classes:
            due = await classes.to_remind(now, now + REMIND_BEFORE)
            marked = [one for one in due if await classes.mark_reminded(one.id, now)]
        return [(one, screen_of(self.course, one)) for one in marked if one.lesson in there]

    async def put_off(self, assignment: Assignment) -> None:
        """Give back one of which a class could not be reminded, to be found again."""
        async with self.open_classes() as classes:
            await classes.unmark_reminded(assignment.id)


def screen_of(course: Course, assignment: Assignment) -> AssignmentScreen:
    """Return an assignment in the course's words."""
    lesson = course.lesson(assignment.lesson)
    return AssignmentScreen(
        lesson.number, lesson.slug, lesson.title, lesson.minutes, assignment.due, assignment.set_by
    )
