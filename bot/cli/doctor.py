"""`hunch doctor`: try everything the bot needs, and say what to do for each that fails."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import typer

from bot.cli.console import AsJson, read_settings
from bot.cli.models import FailedError, ask_chat_model, ask_model
from bot.cli.unread import unread
from bot.settings import Settings
from bot.store import migrate
from bot.store.database import file_of, opened, transaction
from bot.store.errors import StoreError
from bot.ui.token import TokenError, name_of
from bot.wiring.course import check_course
from tools.errors import ToolError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried. `text` says how it is, or what to do. `--json` has these names."""

    name: str
    is_well: bool
    text: str


def add_to(app: typer.Typer) -> None:
    """Give the command line `hunch doctor`."""
    app.command()(doctor)


def doctor(as_json: AsJson = False) -> None:
    """Check settings, token, models, database and course; say what to do for what fails."""
    findings = asyncio.run(examine(read_settings(tells_unread=False)))
    is_well = all(finding.is_well for finding in findings)
    if as_json:
        told = {"is_well": is_well, "findings": [asdict(finding) for finding in findings]}
        typer.echo(json.dumps(told))
    else:
        for finding in findings:
            typer.echo(
                f"{'ok  ' if finding.is_well else 'FAIL'}  {finding.name:<11} {finding.text}"
            )
    if not is_well:
        raise typer.Exit(1)


async def examine(settings: Settings) -> list[Finding]:
    """Try the settings, the token, both models, the database, its migrations and the course.

    Changes nothing: makes no file, fetches no model, migrates no database.
    """
    return [await _try(name, attempt) for name, attempt in _attempts(settings)]


def _attempts(settings: Settings) -> Iterator[tuple[str, Callable[[], Awaitable[str]]]]:
    yield "settings", lambda: _settings(settings)
    yield "token", lambda: _token(settings)
    yield "model", lambda: ask_model(settings)
    yield "chat", lambda: ask_chat_model(settings)
    yield "database", lambda: _database(settings)
    yield "migrations", lambda: _migrations(settings)
    yield "course", lambda: _course(settings)


async def _try(name: str, attempt: Callable[[], Awaitable[str]]) -> Finding:
    try:
        return Finding(name, True, await attempt())
    except (FailedError, TokenError, ToolError, StoreError) as failure:
        return Finding(name, False, str(failure))


async def _settings(settings: Settings) -> str:
    if vain := unread(os.environ, settings):
        raise FailedError(" ".join(vain))
    return "each that is set is used"


async def _token(settings: Settings) -> str:
    if settings.discord_token is None:
        raise FailedError("Not set. `hunch play` needs none; for Discord set HUNCH_DISCORD_TOKEN.")
    return f"Discord knows it as {await name_of(settings.discord_token.get_secret_value())}"


async def _database(settings: Settings) -> str:
    file = file_of(settings.database_url)
    if file is not None and not file.exists():
        return f"{_require_room_for(file)} is not there yet: the first start makes it"
    async with opened(settings.database_url) as store, transaction(store):
        return f"{file} answers" if file else "PostgreSQL answers"


async def _migrations(settings: Settings) -> str:
    file = file_of(settings.database_url)
    if file is not None and not file.exists():
        return "none yet: the first start makes the tables"
    async with opened(settings.database_url) as store:
        return f"at {await migrate.require_newest(store)}, the newest"


def _require_room_for(file: Path) -> Path:
    """Return the file if it could be made; its folders are made with it."""
    above = next(folder for folder in file.absolute().parents if folder.exists())
    if not (above.is_dir() and os.access(above, os.W_OK)):
        raise FailedError(
            f"{file} can't be made: {above} is no folder that can be written to. "
            "Name another file in HUNCH_DATABASE_URL."
        )
    return file


async def _course(settings: Settings) -> str:
    problems = check_course(settings)
    if problems:
        rest = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise FailedError(f"{problems[0]}{rest}. Run `hunch lessons check`.")
    return "no mistakes"
