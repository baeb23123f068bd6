"""What instructors can do for a class, and learners about being seen, in one place."""

from dataclasses import dataclass

from bot.domain.errors import NotFound
from bot.domain.learner import Learner
from bot.domain.lesson.teachback import Grading, Verdict
from bot.usecases.classroom.assigning import AssignLesson, RemindClasses
from bot.usecases.classroom.cohorts import NOT_SHOWN, ShowCohort, ShowLearner, ShowMisconceptions
from bot.usecases.classroom.instructor import CheckInstructor
from bot.usecases.classroom.ports import OpenClasses, ReadReports, WriteReports
from bot.usecases.classroom.reporting import MakeCards, MakeReport
from bot.usecases.classroom.sharing import AskSharing, SetUpClass, ShareProgress
from bot.usecases.clock import Clock
from bot.usecases.lesson.grading import OverruleVerdict
from bot.usecases.lesson.ports import OpenRecords
from curriculum.schema import Course


@dataclass(frozen=True, slots=True)
class Overrule:
    """Let an instructor overrule the grader for a learner of their class."""

    check: CheckInstructor
    open_classes: OpenClasses
    overrule: OverruleVerdict

    async def __call__(
        self, who: int, lesson: str, criterion: str, verdict: Verdict, learner: Learner
    ) -> Grading:
        """Overrule one verdict on a learner's latest teach-back of a lesson; return all of it.

        Raises:
            NotYours: who asks is no instructor.
            NotFound: the learner isn't shown to this class, or nothing was graded there.
            UnusableAnswer: that is the verdict already.
        """
        await self.check.require(learner)
        async with self.open_classes() as classes:
            member = await classes.member(who, learner.cohort_id)
        if member is None or not member.is_shown:
            raise NotFound(NOT_SHOWN)
        return await self.overrule(who, lesson, criterion, verdict, learner.id)


@dataclass(frozen=True, slots=True)
class Classroom:
    """All of it."""

    course: Course
    set_up: SetUpClass
    ask_sharing: AskSharing
    share_progress: ShareProgress
    show_cohort: ShowCohort
    show_learner: ShowLearner
    show_misconceptions: ShowMisconceptions
    assign_lesson: AssignLesson
    remind_classes: RemindClasses
    overrule: Overrule
    make_report: MakeReport
    make_cards: MakeCards


def classroom(
    course: Course,
    check: CheckInstructor,
    records: OpenRecords,
    classes: OpenClasses,
    read: ReadReports,
    write: WriteReports,
    now: Clock,
) -> Classroom:
    """Give each what it needs."""
    return Classroom(
        course=course,
        set_up=SetUpClass(classes, now),
        ask_sharing=AskSharing(check.open_roles, classes, now),
        share_progress=ShareProgress(records, classes, now),
        show_cohort=ShowCohort(course, check, classes, now),
        show_learner=ShowLearner(course, check, records, classes),
        show_misconceptions=ShowMisconceptions(course, check, classes, now),
        assign_lesson=AssignLesson(course, check, classes, now),
        remind_classes=RemindClasses(course, classes, now),
        overrule=Overrule(check, classes, OverruleVerdict(course, records, now)),
        make_report=MakeReport(course, check, read, write, now),
        make_cards=MakeCards(course, write),
    )
