"""Bring a database to the schema that this version needs, by the files in migrations/."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect, text

import migrations
from bot.store.database import Database, transaction
from bot.store.errors import StoreError
from bot.store.tables.every import SCHEMA
from bot.store.tables.learner import LEARNER

_ONE_AT_A_TIME = 0x48554E43  # advisory lock: two bots that start together migrate in turn


async def upgrade(engine: Database) -> None:
    """Walk up to the newest revision, all or nothing.

    Raises:
        StoreError: the database can't be used, or is newer than this program.
    """
    await _walk(engine, "head")


async def downgrade(engine: Database, revision: str) -> None:
    """Walk down to a revision, or to `base`: nothing.

    Raises:
        StoreError: the database can't be used, or there is no such revision.
    """
    _named(revision)
    await _walk(engine, revision)


async def losses(engine: Database, revision: str) -> Sequence[str]:
    """Return what a walk down would drop, in words: tables and columns with how much they hold.

    It walks, looks, and takes all of it back.

    Raises:
        StoreError: as `downgrade`.
    """
    found: list[str] = []

    def look(connection: Connection) -> None:
        before = _filled(connection)
        _walk_on(connection, revision)
        there = _columns(connection)
        for table, filled in before.items():
            if table not in there:
                found.append(f"{table} ({filled.pop('')})")
            else:
                gone = (name for name in filled if name and name not in there[table])
                found.extend(f"{table}.{name} ({filled[name]})" for name in gone)
        raise _Undone

    _named(revision)
    with suppress(_Undone):
        async with transaction(engine) as connection:
            await connection.run_sync(look)
    return found


class _Undone(Exception):
    """What was done is to be taken back."""


def _columns(connection: Connection) -> dict[str, set[str]]:
    look = inspect(connection)
    tables = (name for name in look.get_table_names() if name != "alembic_version")
    return {name: {column["name"] for column in look.get_columns(name)} for name in tables}


def _filled(connection: Connection) -> dict[str, dict[str, int]]:
    """Return how often each column is filled, by table; under no name, the table's rows."""
    found = {}
    for table, names in sorted(_columns(connection).items()):
        quoted = ", ".join(f'count("{name}")' for name in sorted(names))
        row = connection.execute(text(f'SELECT count(*), {quoted} FROM "{table}"')).one()
        filled = dict(zip(("", *sorted(names)), row, strict=True))
        found[table] = {name: times for name, times in filled.items() if times}
    return {table: filled for table, filled in found.items() if filled}


async def revision(engine: Database) -> str | None:
    """Return the database's revision; None while it is empty.

    Raises:
        StoreError: the database can't be used, or nobody can tell where it stands.
    """
    async with transaction(engine) as connection:
        return await connection.run_sync(_present)


async def require_newest(engine: Database) -> str:
    """Return the database's revision, which is the newest.

    Raises:
        StoreError: as `revision`; or it is at another, an older or a newer one.
    """
    present, known = await revision(engine), _known(_scripts())
    if present == known[-1]:
        return present
    if present is not None and present not in known:
        raise StoreError(_stranger(present, known))
    stands = f"is at {present}" if present else "has no tables yet"
    raise StoreError(
        f"The database {stands}; this Hunch needs {known[-1]}. Run `hunch db upgrade`."
    )


async def differences(engine: Database) -> list[object]:
    """Return what the tables of the code and those of the database disagree on."""
    async with transaction(engine) as connection:
        return await connection.run_sync(
            lambda c: list(compare_metadata(MigrationContext.configure(c), SCHEMA))
        )


def _named(revision: str) -> None:
    """Refuse a revision that there isn't."""
    known = _known(_scripts())
    if revision not in (*known, "base"):
        there = f"{known[0]} to {known[-1]}, and base"
        raise StoreError(f"There is no revision {revision!r}. There are {there}.")


async def _walk(engine: Database, target: str) -> None:
    try:
        async with transaction(engine) as connection:
            await connection.run_sync(_walk_on, target)
    except CommandError as error:
        raise StoreError(f"The database can't be migrated ({str(error).rstrip('.')}).") from error


def _walk_on(connection: Connection, target: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
    scripts = _scripts()
    present, known = _present(connection), _known(scripts)
    if present is not None and present not in known:
        raise StoreError(_stranger(present, known))
    is_down = target != "head"
    if not is_down and present == known[-1]:
        return
    step = scripts._downgrade_revs if is_down else scripts._upgrade_revs
    with EnvironmentContext(
        Config(), scripts, fn=lambda revision, _: step(target, revision), destination_rev=target
    ) as environment:
        environment.configure(connection=connection, target_metadata=SCHEMA, render_as_batch=True)
        environment.run_migrations()


def _present(connection: Connection) -> str | None:
    """Return the one revision that the database names; None where it has nothing of ours."""
    found = sorted(MigrationContext.configure(connection).get_current_heads())
    if len(found) > 1:
        raise StoreError(
            f"The database is at {len(found)} revisions at once ({', '.join(found)}). Restore a "
            "copy; or delete all rows of its table alembic_version but the one that is true."
        )
    if not found and inspect(connection).has_table(LEARNER.name):
        raise StoreError(
            "The database has tables, but its table alembic_version is empty. Restore a copy, or "
            "name another in HUNCH_DATABASE_URL."
        )
    return found[0] if found else None


def _stranger(present: str, known: Sequence[str]) -> str:
    """Say what to do with a revision that this version doesn't know."""
    if present.isdigit() and present > known[-1]:
        what = f"A newer Hunch made the database (at {present}; this one knows {known[-1]})."
        return f"{what} Install that Hunch, or name another database in HUNCH_DATABASE_URL."
    what = f"The database belongs to another program: it is at {present!r}, which isn't Hunch's."
    return f"{what} Name another in HUNCH_DATABASE_URL."


def _known(scripts: ScriptDirectory) -> list[str]:
    """Return every revision, the oldest first."""
    return [script.revision for script in scripts.walk_revisions()][::-1]


def _scripts() -> ScriptDirectory:
    folder = Path(migrations.__file__).parent
    return ScriptDirectory(str(folder), version_locations=[str(folder)])
