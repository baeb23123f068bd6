"""The use cases about classes, wired: for the bot, and for the report without a Discord."""

from bot.report.writer import ReportWriter
from bot.store import classes
from bot.store.database import Database
from bot.store.records import open_with
from bot.store.reports import SqlReports
from bot.usecases.classroom import Classroom, classroom
from bot.usecases.ports import Clock
from curriculum.schema import Course


def build_classroom(course: Course, store: Database, now: Clock) -> Classroom:
    """Give the use cases about classes what they need; their reports open the database anew."""
    url = store.sync_engine.url.render_as_string(hide_password=False)
    records = open_with(store)
    return classroom(
        course, records, classes.open_with(store), SqlReports(url), ReportWriter(), now
    )
