"""Copies of a database: a backup while the bot runs, one put back, one moved to PostgreSQL.

A copy is compared with its source before anybody is told that it stands.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Table, func, insert, select, text

from bot.store import migrate, rows
from bot.store.database import explained, file_of, opened
from bot.store.errors import StoreError


@dataclass(frozen=True, slots=True)
class Holding:
    """How much a database holds."""

    learners: int
    guesses: int
    rows: int

    def __str__(self) -> str:
        """Say it in words."""
        learners = f"{self.learners:,} learner{'s' * (self.learners != 1)}"
        guesses = f"{self.guesses:,} guess{'es' * (self.guesses != 1)}"
        return f"{learners} and {guesses} ({self.rows:,} row{'s' * (self.rows != 1)})"


async def back_up(url: str, file: Path) -> Holding:
    """Write a database as it is now into a new SQLite file; who writes meanwhile isn't held up.

    Raises:
        StoreError: the file is there already, can't be written, or isn't like the database.
    """
    if _is_there(file):
        raise StoreError(f"{file} is there already. Name another file, or move it away.")
    part = file.with_name(f"{file.name}.part")
    with _explained():
        part.unlink(missing_ok=True)
        if source := file_of(url):
            _copy_file(source, part)
        else:
            await _copy_rows(url, f"sqlite:///{part}")
        _settle(part)
        part.rename(file)
        _sync(file.parent)
    return holding(f"sqlite:///{file}")


async def restore(file: Path, url: str) -> Holding:
    """Put a backup in a database's place: into a file, or into an empty PostgreSQL.

    Raises:
        StoreError: the backup or the database can't be used, or a server's isn't empty.
    """
    if not _is_there(file):
        raise StoreError(f"There is no {file}.")
    with _explained():
        _see_that_it_is_whole(file)
        if target := file_of(url):
            _copy_file(file, target)
        else:
            await _copy_rows(f"sqlite:///{file}", url)
        return holding(url)


async def move(source: str, target: str) -> Holding:
    """Copy all rows to another database; one that broke off is gone on with.

    Raises:
        StoreError: a database can't be used, the target holds other rows, or the copy differs.
    """
    with _explained():
        await _copy_rows(source, target)
        return holding(target)


async def require_newest(url: str) -> None:
    """Refuse a database that isn't there, or isn't at the newest revision; make none.

    Raises:
        StoreError: as said.
    """
    if (file := file_of(url)) and not _is_there(file):
        raise StoreError(f"There is no {file}.")
    async with opened(url) as engine:
        await migrate.require_newest(engine)


def holding(url: str) -> Holding:
    """Return how much a database holds, also one at an older revision.

    Raises:
        StoreError: it can't be read.
    """
    with _explained(), rows.reading(url) as connection:
        found = rows.counts(connection)
    return Holding(found.get("learner", 0), found.get("guess", 0), sum(found.values()))


def _copy_file(source: Path, target: Path) -> None:
    """Write one file's pages over another's, in one transaction."""
    readable = sqlite3.connect(f"file:{source}?mode=rw", uri=True)
    with closing(readable) as one, closing(sqlite3.connect(target, timeout=10)) as other:
        one.backup(other, pages=-1)


def _is_there(file: Path) -> bool:
    return file.exists()


def _see_that_it_is_whole(file: Path) -> None:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise StoreError(f"{file} is damaged ({found.splitlines()[0]}). Use another copy.")


def _settle(file: Path) -> None:
    """Make it one file, whole and on the disk."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    _see_that_it_is_whole(file)
    _sync(file)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


async def _copy_rows(source: str, target: str) -> None:
    await require_newest(source)
    async with opened(target) as engine:
        await migrate.upgrade(engine)
    with rows.reading(source) as one, rows.writing(target) as other:
        for table in rows.TABLES:
            _copy_table(one, other, table)
        for table in rows.TABLES:
            if rows.digest(one, table) != rows.digest(other, table):
                raise StoreError(f"The copy's table {table.name} isn't like its source's.")
        if other.dialect.name == "postgresql":
            _count_on(other)


def _copy_table(one: Connection, other: Connection, table: Table) -> None:
    there = rows.count(other, table)
    if rows.digest(one, table, there) != rows.digest(other, table):
        raise StoreError(
            f"The database to copy to holds other rows (table {table.name}). Name an empty one, or "
            "empty it: `hunch db downgrade base`."
        )
    for batch in rows.batches(one, table, after=there):
        other.execute(insert(table), batch)
        other.commit()


def _count_on(connection: Connection) -> None:
    """Let PostgreSQL number new rows after those that came with numbers."""
    for table in rows.TABLES:
        if (column := table.autoincrement_column) is not None:
            last = connection.execute(select(func.max(column))).scalar()
            if last is not None:
                sequence = {"t": table.name, "c": column.name, "last": last}
                found = text("SELECT setval(pg_get_serial_sequence(:t, :c), :last)")
                connection.execute(found, sequence)
    connection.commit()


@contextmanager
def _explained() -> Iterator[None]:
    try:
        with explained():
            yield
    except OSError as error:
        raise StoreError(f"The copy can't be made ({error}). Name another file.") from error
