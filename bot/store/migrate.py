"""Bring a database to the schema that this version needs, by the files in migrations/."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

import migrations
from bot.store.database import Database, transaction
from bot.store.errors import StoreError
from bot.store.tables.every import SCHEMA

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
    await _walk(engine, revision)


async def revisions(engine: Database) -> tuple[str | None, str | None]:
    """Return the database's revision and the newest one."""
    async with transaction(engine) as connection:
        present = await connection.run_sync(_present)
    return present, _scripts().get_current_head()


async def differences(engine: Database) -> list[object]:
    """Return what the tables of the code and those of the database disagree on."""
    async with transaction(engine) as connection:
        return await connection.run_sync(
            lambda c: list(compare_metadata(MigrationContext.configure(c), SCHEMA))
        )


async def _walk(engine: Database, target: str) -> None:
    try:
        async with transaction(engine) as connection:
            await connection.run_sync(_walk_on, target)
    except CommandError as error:
        raise StoreError(
            f"The database can't be migrated ({str(error).rstrip('.')}). "
            "If a newer Hunch made it, install that one, or name another in HUNCH_DATABASE_URL."
        ) from error


def _walk_on(connection: Connection, target: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
    scripts = _scripts()
    present = _present(connection)
    head = scripts.get_current_head()
    is_down = target != "head"
    if not is_down and present == head:
        return
    step = scripts._downgrade_revs if is_down else scripts._upgrade_revs
    with EnvironmentContext(
        Config(), scripts, fn=lambda revision, _: step(target, revision), destination_rev=target
    ) as environment:
        environment.configure(connection=connection, target_metadata=SCHEMA, render_as_batch=True)
        environment.run_migrations()


def _present(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _scripts() -> ScriptDirectory:
    folder = Path(migrations.__file__).parent
    return ScriptDirectory(str(folder), version_locations=[str(folder)])
