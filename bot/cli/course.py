"""`hunch course`: a course of one's own, begun; and any course as a book."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import fail, read_settings
from bot.clock import utc_now
from bot.wiring.course import checked_course


def add_to(app: typer.Typer) -> None:
    """Give the command line `hunch course`."""
    course = typer.Typer(help="A course of your own, and any course as a book.")
    course.callback()(lambda: None)
    course.command("export")(export_course)
    app.add_typer(course, name="course", no_args_is_help=True)


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
    if not out.parent.is_dir():
        fail(f"There is no folder {out.parent}. Make it first.", 2)
    recording = record_course(settings, course, typer.echo) if model else record(course, None)
    shown = asyncio.run(recording)
    write = write_markdown if markdown else write_page
    out.write_text(write(course, shown, utc_now()), encoding="utf-8")
    typer.echo(f"Written: {out}")
