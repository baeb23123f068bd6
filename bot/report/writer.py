"""Reports as files, written on another thread. Implements `WriteReports`.

What draws charts and packs cards is imported on the first report: a bot that makes none goes
without.
"""

import asyncio

from bot.domain.classroom.report import Report
from bot.report.csv_file import csv_of
from bot.report.xapi import xapi_of
from curriculum.schema import Course
from tools.errors import ToolError

_MISSING = "{} is missing on the bot's machine. Run there: pip install 'hunch-tutor[report]'"


class ReportWriter:
    """Writes reports."""

    async def page(self, report: Report) -> bytes:
        """Return one self-contained HTML page.

        Raises:
            ToolError: what draws charts isn't installed.
        """
        return await asyncio.to_thread(_page, report)

    async def csv(self, report: Report) -> bytes:
        """Return the guesses as a table."""
        return await asyncio.to_thread(csv_of, report)

    async def xapi(self, report: Report) -> bytes:
        """Return the guesses as xAPI statements, one JSON object a line."""
        return await asyncio.to_thread(xapi_of, report)

    async def cards(self, course: Course) -> bytes:
        """Return recall cards and the glossary as an Anki package.

        Raises:
            ToolError: what packs them isn't installed.
        """
        return await asyncio.to_thread(_cards, course)


def _page(report: Report) -> bytes:
    try:
        from bot.report.page import page_of
    except ImportError as error:
        raise ToolError(_MISSING.format(error.name)) from error
    return page_of(report)


def _cards(course: Course) -> bytes:
    try:
        from bot.report.anki import anki_of
    except ImportError as error:
        raise ToolError(_MISSING.format(error.name)) from error
    return anki_of(course)
