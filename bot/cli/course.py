"""`hunch course`: a course of one's own, begun; and any course as a book."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import fail, read_settings
from bot.clock import utc_now
from bot.wiring.course import checked_course
from curriculum.errors import CantStart
from curriculum.starting import new_course

_BEGUN = """\
Written: {folder}, a course of one lesson on incident response. Make it yours:
  export HUNCH_COURSE_DIR={absolute}
  hunch lessons preview 1        take it as a learner; what you save shows at once
  hunch lessons check --watch    every mistake, again at each save
  hunch lessons new "A title"    the next lesson
  hunch course export --out book.html"""


def add_to(app: typer.Typer) -> None:
    """Give the command line `hunch course`."""
    course = typer.Typer(
        help="A course of your own, and any course as a book.", no_args_is_help=True
    )
    course.command("new")(begin_course)
    course.command("export")(export_course)
    app.add_typer(course, name="course")


def begin_course(folder: Annotated[Path, typer.Argument(help="Where to write it.")]) -> None:
    """Write a small course of your own, which can be taught as it is, to make yours."""
    try:
        new_course(folder)
    except CantStart as error:
        fail(str(error), 2)
    typer.echo(_BEGUN.format(folder=folder, absolute=folder.resolve()))


def export_course(
    out: Annotated[Path, typer.Option(help="The file to write.")],
    markdown: Annotated[bool, typer.Option("--markdown", help="Markdown, not HTML.")] = False,
    model: Annotated[bool, typer.Option(help="Record what the model shows at each step.")] = True,
) -> None:
    """Write the course as one file to keep: each step guessed, then told. It needs no network."""
    try:
        from bot.book.recording import record
        from bot.wiring.book import record_course, write_markdown, write_page
    except ImportError as error:
        fail(f"{error.name} is missing. Run: pip install 'hunch-tutor[workshop]'")
    settings = read_settings()
    course = checked_course(settings)
    if not course.lessons:
        fail("The course has no lesson yet. Write one with `hunch lessons new TITLE`.", 2)
    if not out.parent.is_dir():
        fail(f"There is no folder {out.parent}. Make it first.", 2)
    recording = record_course(settings, course, typer.echo) if model else record(course, None)
    shown = asyncio.run(recording)
    write = write_markdown if markdown else write_page
    out.write_text(write(course, shown, utc_now()), encoding="utf-8")
    typer.echo(f"Written: {out}")
