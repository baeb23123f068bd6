"""`hunch report` and `hunch anki`: files about a class, and of the course, without Discord."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import read_settings
from bot.clock import utc_now
from bot.report.writer import ReportWriter
from bot.settings import Settings
from bot.store import migrate
from bot.store.database import opened
from bot.wiring.classroom import build_classroom
from curriculum.loader import load_course


def add_to(app: typer.Typer) -> None:
    """Give the command line `hunch report` and `hunch anki`."""
    app.command()(report)
    app.command()(anki)


def report(
    cohort: Annotated[int, typer.Option(help="The class: the id of its server.", min=0)],
    out: Annotated[Path, typer.Option(help="The page to write, an HTML file.")],
    csv: Annotated[Path | None, typer.Option(help="Also the guesses, as a table.")] = None,
    xapi: Annotated[Path | None, typer.Option(help="Also xAPI statements, as JSON lines.")] = None,
    names: Annotated[bool, typer.Option(help="Name the learners who agreed to be shown.")] = True,
) -> None:
    """Write how a class is doing, as one page that needs no connection."""
    wanted = Wanted(out, csv, xapi)
    asyncio.run(write_report(read_settings(), cohort, wanted, has_names=names))
    typer.echo(f"Written: {', '.join(str(file) for file in (out, csv, xapi) if file)}")


def anki(out: Annotated[Path, typer.Option(help="The package to write, for Anki.")]) -> None:
    """Write the course's recall cards and glossary as flashcards."""
    asyncio.run(write_cards(read_settings(), out))
    typer.echo(f"Written: {out}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files to write, and where; None: not that one."""

    page: Path
    csv: Path | None = None
    xapi: Path | None = None


async def write_report(
    settings: Settings, cohort_id: int, wanted: Wanted, *, has_names: bool
) -> None:
    """Write a class's report.

    Args:
        settings: What the operator chose.
        cohort_id: The class: its server's id.
        wanted: The files.
        has_names: Whether learners who agreed to be shown go by their names.

    Raises:
        StoreError: the database can't be used, or isn't migrated.
        ToolError: what draws charts isn't installed.
        OSError: a file can't be written.
    """
    async with opened(settings.database_url) as store:
        await migrate.require_newest(store)
        use = build_classroom(load_course(settings.course_dir), store, utc_now)
        made = await use.make_report.of_class(cohort_id, has_names=has_names)
    _write(wanted.page, made.page)
    _write(wanted.csv, made.csv)
    _write(wanted.xapi, made.xapi)


async def write_cards(settings: Settings, out: Path) -> None:
    """Write the course's flashcards.

    Raises:
        ToolError: what packs them isn't installed.
        OSError: the file can't be written.
    """
    _write(out, await ReportWriter().cards(load_course(settings.course_dir)))


def _write(file: Path | None, content: bytes) -> None:
    if file:
        file.write_bytes(content)
