"""The use cases about classes, wired: for the bot, and for the report without a Discord."""

from bot.report.writer import ReportWriter
from bot.store.classroom import classes
from bot.store.classroom.reports import SqlReports
from bot.store.database import Database
from bot.store.lesson.records import open_with
from bot.usecases.classroom.classroom import Classroom, classroom
from bot.usecases.classroom.instructor import CheckInstructor
from bot.usecases.clock import Clock
from curriculum.schema import Course


def build_classroom(course: Course, store: Database, now: Clock) -> Classroom:
    """Give the use cases about classes what they need; their reports open the database anew."""
    url = store.sync_engine.url.render_as_string(hide_password=False)
    records = open_with(store)
    return classroom(
        course,
        CheckInstructor(records),
        records,
        classes.open_with(store),
        SqlReports(url),
        ReportWriter(),
        now,
    )
