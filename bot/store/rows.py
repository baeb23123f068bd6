"""All rows of a database, table by table: read in one order everywhere, counted, and compared.

A table's digest is the same on SQLite and on PostgreSQL, so a copy can be held against its source.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Row,
    Select,
    String,
    Table,
    collate,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    select,
)

from bot.store.database import BUSY_TIMEOUT_S, file_of
from bot.store.tables.every import SCHEMA

TABLES: Sequence[Table] = SCHEMA.sorted_tables  # owners before what they own
_AT_ONCE = 500


@contextmanager
def reading(url: str) -> Iterator[Connection]:
    """Open a database to read it as it is now, whoever writes meanwhile."""
    with _connected(url, "REPEATABLE READ", query_only=True) as connection:
        yield connection


@contextmanager
def writing(url: str) -> Iterator[Connection]:
    """Open a database to write to it; what was not committed is rolled back."""
    with _connected(url, "READ COMMITTED", query_only=False) as connection:
        yield connection


def count(connection: Connection, table: Table) -> int:
    """Return how many rows a table has."""
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def counts(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has that is there."""
    there = inspect(connection).get_table_names()
    return {table.name: count(connection, table) for table in TABLES if table.name in there}


def digest(connection: Connection, table: Table, first: int | None = None) -> str:
    """Return what stands for a table's content, or for that of its first rows."""
    found = sha256()
    for row in islice(_rows(connection, table), first):
        found.update(repr([_plain(value) for value in row]).encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def batches(connection: Connection, table: Table, after: int) -> Iterator[list[dict[str, Any]]]:
    """Give a table's rows, some hundred at a time, without the first so many."""
    rows = islice(_rows(connection, table), after, None)
    while batch := [row._asdict() for row in islice(rows, _AT_ONCE)]:
        yield batch


def _rows(connection: Connection, table: Table) -> Iterator[Row[Any]]:
    # by bytes, as SQLite does: PostgreSQL would sort words by the rules of a language
    how = "C" if connection.dialect.name == "postgresql" else "BINARY"
    key = (collate(c, how) if isinstance(c.type, String) else c for c in _key(table))
    query: Select[Any] = select(table).order_by(*key)
    yield from connection.execute(query, execution_options={"yield_per": _AT_ONCE})


def _key(table: Table) -> Sequence[Column[Any]]:
    return list(table.primary_key) or list(table.columns)


def _plain(value: object) -> object:
    """Return a value as it is on both: drivers differ in how they name a zone."""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


@contextmanager
def _connected(url: str, isolation: str, *, query_only: bool) -> Iterator[Connection]:
    if file := file_of(url):
        engine = create_engine(
            f"sqlite:///file:{file}?mode=rw&uri=true",
            connect_args={"timeout": BUSY_TIMEOUT_S},
            hide_parameters=True,
        )
        event.listen(engine, "connect", _leave_to_us)
        event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN"))
    else:
        address = make_url(url).set(drivername="postgresql+psycopg")
        engine = create_engine(address, isolation_level=isolation, hide_parameters=True)
    try:
        with engine.connect() as connection:
            if query_only and file:
                connection.exec_driver_sql("PRAGMA query_only = ON")
            yield connection
    finally:
        engine.dispose()


def _leave_to_us(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # else a read begins no transaction, and sees a moving table
    connection.execute("PRAGMA foreign_keys = ON")
