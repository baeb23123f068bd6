"""Give a class's report, and flashcards, as files."""

from dataclasses import dataclass

from bot.domain.classroom.report import report_of
from bot.domain.learner import Learner
from bot.usecases.classroom.instructor import CheckInstructor
from bot.usecases.classroom.ports import ReadReports, WriteReports
from bot.usecases.clock import Clock
from curriculum.schema import Course


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """A report, ready to be kept."""

    page: bytes  # HTML
    csv: bytes
    xapi: bytes  # JSON lines


@dataclass(frozen=True, slots=True)
class MakeReport:
    """Write down how a class is doing."""

    course: Course
    check: CheckInstructor
    read: ReadReports
    write: WriteReports
    now: Clock

    async def __call__(self, learner: Learner, *, has_names: bool = True) -> ReportFiles:
        """Return the report of the class that an instructor acts in.

        Raises:
            NotYours: they are no instructor.
        """
        await self.check.require(learner)
        return await self.of_class(learner.cohort_id, has_names=has_names)

    async def of_class(self, cohort_id: int, *, has_names: bool) -> ReportFiles:
        """Return the report of any class: for whoever holds the database itself."""
        now = self.now()
        held = await self.read(cohort_id, now)
        report = report_of(self.course, cohort_id, held, now, has_names=has_names)
        return ReportFiles(
            page=await self.write.page(report),
            csv=await self.write.csv(report),
            xapi=await self.write.xapi(report),
        )


@dataclass(frozen=True, slots=True)
class MakeCards:
    """Give the course's recall cards and glossary as flashcards."""

    course: Course
    write: WriteReports

    async def __call__(self) -> bytes:
        """Return an Anki package; a newer one updates the cards of an older one."""
        return await self.write.cards(self.course)
