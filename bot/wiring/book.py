"""The course as a book: recorded on the models that the settings name, with the cards' pictures."""

from collections.abc import Callable
from datetime import datetime
from html import escape

from bot.book.markdown import markdown_of
from bot.book.page import page_of
from bot.book.recording import ShownSteps, record
from bot.settings import Settings
from bot.ui.pictures.alt import alt
from bot.ui.pictures.draw import draw
from bot.wiring.engines import build_catalogue
from curriculum.schema import Course
from tools.engine.weights.weights import ensure
from tools.errors import ToolError
from tools.exhibit.exhibit import Drawn


async def record_course(
    settings: Settings, course: Course, say: Callable[[str], None]
) -> ShownSteps:
    """Run every instrument of the course once; without a model at hand, say so and go on.

    Args:
        settings: What the operator chose.
        course: Whose steps.
        say: Told what is going on.
    """
    if not (settings.model_url or settings.local_model):
        try:
            ensure(settings.cache_dir, say)
        except ToolError as error:
            say(f"No model is at hand, and the book will say so. {error}")
            return await record(course, None)
    catalogue = build_catalogue(settings)
    try:
        return await record(course, catalogue, say)
    finally:
        await catalogue.close()


def write_page(course: Course, shown: ShownSteps, made: datetime) -> str:
    """Return the book as one HTML page."""
    return page_of(course, shown, made, _picture)


def write_markdown(course: Course, shown: ShownSteps, made: datetime) -> str:
    """Return the book as Markdown."""
    return markdown_of(course, shown, made)


def _picture(part: Drawn, title: str) -> str:
    words = escape(alt(part, title), quote=True)
    return f'<div class="picture" role="img" aria-label="{words}">{draw(part)}</div>'
