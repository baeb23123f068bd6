"""Open a database: SQLite with the settings that make it safe, or PostgreSQL."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.domain.errors import TutorError
from bot.store.errors import AwayError, StoreError
from bot.store.inline import InlineConnection, InlineEngine

Database = AsyncEngine | InlineEngine
Link = AsyncConnection | InlineConnection
Kept = TypeVar("Kept")

BUSY_TIMEOUT_S = 10
_OWNER_GONE = "23503"  # PostgreSQL: foreign key violation
_READ_ONLY = "25006"  # PostgreSQL: a standby, or one whose disk is full
# what SQLite says, and what to do
_PASSING = {
    "unable to open": "Check that its folder exists and can be written to.",
    "locked": "Another program holds it; stop that one, or wait and try again.",
    "disk is full": "The disk is full; make room, then start again.",
    "disk I/O error": "The disk fails or is full; look after it, then start again.",
    "readonly": "The file can't be written to; change its permissions.",
    "moved or deleted": "Put it back, or stop Hunch and restore a copy.",
}
_STAYING = {
    "not a database": "The file is something else; move it away, or name another.",
    "malformed": "The file is damaged; restore a copy, or move it away to start afresh.",
    "no such table": "It is not migrated; run `hunch db upgrade`.",
    "no such column": "It is not migrated; run `hunch db upgrade`.",
}
_NOT_MIGRATED = ("42P01", "42703")  # PostgreSQL: undefined table, undefined column


class OwnerGoneError(StoreError, TutorError):
    """What was to be written belongs to something that was deleted in the meantime."""

    def __init__(self) -> None:
        super().__init__(
            "What this belonged to has been deleted, so nothing was kept. Type `/lesson` to begin"
            " anew."
        )


def connect(url: str) -> Database:
    """Return an engine for `sqlite:///file` or `postgresql+psycopg://…`; any driver named is ours.

    Raises:
        StoreError: the address can't be read or names a database that isn't supported.
    """
    if file := file_of(url):
        _make_folder(file)
    address = _read(url)
    match address.get_backend_name():
        case "sqlite":
            return InlineEngine(address.set(drivername="sqlite"), BUSY_TIMEOUT_S)
        case "postgresql" | "postgres":
            return create_async_engine(
                address.set(drivername="postgresql+psycopg"),
                pool_pre_ping=True,
                # a pool such as pgbouncer's gives each transaction another connection, where a
                # statement that was prepared on the last one isn't known
                connect_args={"prepare_threshold": None},
                hide_parameters=True,  # what learners wrote stays out of the log
            )
        case other:
            raise StoreError(f"HUNCH_DATABASE_URL names {other}; SQLite and PostgreSQL work.")


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """Give the database at an address; it is let go of when the block ends, however it ends.

    Raises:
        StoreError: as `connect`.
    """
    engine = connect(url)
    try:
        yield engine
    finally:
        await engine.dispose()


def file_of(url: str) -> Path | None:
    """Return the file of a SQLite address, be it there or not; None for a server.

    Raises:
        StoreError: the address can't be read, or names no file.
    """
    address = _read(url)
    if address.get_backend_name() != "sqlite":
        return None
    if not address.database or address.database == ":memory:":
        raise StoreError("Hunch keeps its records in a file; name one in HUNCH_DATABASE_URL.")
    return Path(address.database)


@asynccontextmanager
async def transaction(engine: Database) -> AsyncIterator[Link]:
    """Open a transaction: commits on a clean exit, rolls back on an exception.

    Raises:
        StoreError: the database is locked, full, unreachable or not migrated.
    """
    with explained():
        try:
            async with engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            if _is_owner_gone(error):
                raise OwnerGoneError from None  # whose message names the owner's id
            raise


def transactions(
    engine: Database, make: Callable[[Link], Kept]
) -> Callable[[], AbstractAsyncContextManager[Kept]]:
    """Return what opens a transaction and gives what `make` makes of its connection.

    Raises, when opened or left:
        StoreError: as `transaction`.
    """

    @asynccontextmanager
    async def opened() -> AsyncIterator[Kept]:
        async with transaction(engine) as connection:
            yield make(connection)

    return opened


def kept_together(engine: Database) -> Callable[[], AbstractAsyncContextManager[None]]:
    """Return what lets the transactions of a block wait for the disk only at its end.

    On PostgreSQL each commit waits by itself.

    Raises, when left:
        StoreError: as `transaction`.
    """

    @asynccontextmanager
    async def together() -> AsyncIterator[None]:
        if not isinstance(engine, InlineEngine):
            yield
            return
        with explained():
            async with engine.together():
                yield

    return together


@contextmanager
def explained() -> Iterator[None]:
    """Raise what a database refuses inside as one line on what is wrong and what to do.

    Raises:
        AwayError: it passes: locked, full, unreachable, too busy.
        StoreError: it stays, such as a table that isn't there.
    """
    try:
        yield
    except DBAPIError as error:
        raise _kind(error)(_explain(error)) from error
    except sqlite3.Error as error:
        raise _kind(error)(explain_sqlite(str(error))) from error
    except PoolTimeoutError as error:
        raise AwayError("The database is too busy just now. Wait, then try again.") from error


def _explain(error: DBAPIError) -> str:
    reason = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no reason"
    if isinstance(error.orig, sqlite3.Error):
        return explain_sqlite(reason)
    if getattr(error.orig, "sqlstate", None) in _NOT_MIGRATED:
        return f"The database can't be used ({reason}). It is not migrated; run `hunch db upgrade`."
    return f"The database refused: {reason}. Check HUNCH_DATABASE_URL, then `hunch doctor`."


def explain_sqlite(reason: str) -> str:
    """Say in one line what is wrong with a SQLite file and what to do."""
    for sign, what_to_do in (_PASSING | _STAYING).items():
        if sign in reason:
            return f"The database can't be used ({reason}). {what_to_do}"
    return f"The database can't be used ({reason}). `hunch doctor` may tell more."


def _kind(error: Exception) -> type[StoreError]:
    """Tell what passes from what stays, such as a table that isn't there."""
    orig = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(orig, sqlite3.Error):
        return AwayError if any(sign in str(orig) for sign in _PASSING) else StoreError
    is_away = isinstance(error, OperationalError | InterfaceError)
    is_read_only = getattr(orig, "sqlstate", None) == _READ_ONLY
    return AwayError if is_away or is_read_only else StoreError


def _is_owner_gone(error: DBAPIError) -> bool:
    sqlite = "FOREIGN KEY constraint failed" in str(error.orig)
    return sqlite or getattr(error.orig, "sqlstate", None) == _OWNER_GONE


def _read(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):  # the latter: a port that is no number
        raise StoreError(
            "HUNCH_DATABASE_URL is no database address. "
            "Use sqlite:///hunch.sqlite or postgresql+psycopg://user:password@host/name."
        ) from None


def _make_folder(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"Can't make the database's folder ({error}). Name another file in HUNCH_DATABASE_URL."
        ) from error
