"""`hunch doctor`: try everything the bot needs, and say what to do for each that fails."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from bot.settings import Settings
from bot.store import migrate
from bot.store.database import StoreError
from bot.ui.token import TokenError, name_of
from bot.wiring import build_engine, check_course, connect
from tools.errors import ToolError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried. `text` says how it is, or what to do."""

    name: str
    is_well: bool
    text: str


async def examine(settings: Settings) -> list[Finding]:
    """Try the token, the model, the database, its migrations and the course; changes nothing."""
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
    engine = build_engine(settings)
    try:
        return await engine.check()
    finally:
        await engine.close()


async def _database(settings: Settings) -> str:
    store = connect(settings)
    try:
        await migrate.revisions(store)
    finally:
        await store.dispose()
    return store.dialect.name + " answers"


async def _migrations(settings: Settings) -> str:
    store = connect(settings)
    try:
        present, newest = await migrate.revisions(store)
    finally:
        await store.dispose()
    if present != newest:
        raise _FailedError(
            f"At {present or 'nothing'}, the newest is {newest}. Run `hunch db upgrade`."
        )
    return f"at {present}, the newest"


async def _course(settings: Settings) -> str:
    problems = check_course(settings)
    if problems:
        rest = f" and {len(problems) - 1} more" if len(problems) > 1 else ""
        raise _FailedError(f"{problems[0]}{rest}. Run `hunch lessons check`.")
    return "no mistakes"
