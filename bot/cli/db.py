"""`hunch db`: the database's schema, up and down; copies of it, and whether it is sound."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import fail, read_settings
from bot.store import copies, migrate, soundness
from bot.store.database import file_of, opened

Yes = Annotated[bool, typer.Option("--yes", help="Don't ask: what is lost may be lost.")]
Backup = Annotated[Path, typer.Argument(help="A file of SQLite.")]
Target = Annotated[str, typer.Argument(help="postgresql+psycopg://user:password@host/name")]


def add_to(app: typer.Typer) -> None:
    """Give the command line `hunch db`."""
    db = typer.Typer(help="The database: its schema, and copies of it.", no_args_is_help=True)
    for command in (upgrade, downgrade, backup, restore, check, move):
        db.command(command.__name__)(command)
    app.add_typer(db, name="db")


def upgrade() -> None:
    """Bring the database to the newest schema."""
    typer.echo(f"The database is at {asyncio.run(_migrate('head'))}.")


def downgrade(revision: str, yes: Yes = False) -> None:
    """Take the database back to a revision, or to `base`. Asks first, and says what is lost."""
    if lost := asyncio.run(_losses(revision)):
        _ask(f"This deletes for good: {'; '.join(lost)}.", yes)
    present = asyncio.run(_migrate(revision))
    typer.echo(f"The database is at {present}." if present else "The database is empty.")


def backup(file: Backup) -> None:
    """Copy the database into a new file, also while the bot runs; the copy is checked."""
    held = asyncio.run(copies.back_up(read_settings().database_url, file))
    typer.echo(f"{file} holds {held}.")


def restore(file: Backup, yes: Yes = False) -> None:
    """Put a copy in the database's place. Asks first, and says what is replaced."""
    url = read_settings().database_url
    target = file_of(url)
    if target and target.exists():
        _ask(f"{target} is replaced; what was learned since that copy was made is lost.", yes)
    held = asyncio.run(copies.restore(file, url))
    typer.echo(f"The database holds {held}.")


def check() -> None:
    """See whether the database is sound: its file, its keys, its counts against the guesses."""
    url = read_settings().database_url
    asyncio.run(copies.require_newest(url))
    found = soundness.faults(url)
    for fault in found:
        typer.echo(fault)
    if found:
        fail("The database isn't sound. Keep a copy of it as it is; then restore a backup.")
    typer.echo(f"The database is sound. It holds {copies.holding(url)}.")


def move(target: Target) -> None:
    """Copy all to PostgreSQL, and compare. Stop the bot first; if it breaks off, move again."""
    held = asyncio.run(copies.move(read_settings().database_url, target))
    typer.echo(f"The new database holds {held}, the same as the old one.")
    typer.echo("Set HUNCH_DATABASE_URL to it, then start the bot.")


def _ask(losing: str, yes: bool) -> None:
    """Go on only with a yes, given before or now; where nobody can be asked, end."""
    if yes:
        return
    typer.echo(losing)
    try:
        is_sure = typer.confirm("Go on?")
    except typer.Abort:
        fail("Nothing was changed: nobody could be asked. With --yes it isn't asked.")
    if not is_sure:
        fail("Nothing was changed.")


async def _losses(revision: str) -> Sequence[str]:
    async with opened(read_settings().database_url) as store:
        return await migrate.losses(store, revision)


async def _migrate(target: str) -> str | None:
    async with opened(read_settings().database_url) as store:
        if target == "head":
            await migrate.upgrade(store)
        else:
            await migrate.downgrade(store, target)
        return await migrate.revision(store)
