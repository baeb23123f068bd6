"""`hunch db`: the database's schema, up and down."""

import asyncio

import typer

from bot.cli.console import read_settings
from bot.store import migrate
from bot.store.database import connect


def add_to(app: typer.Typer) -> None:
    """Give the command line `hunch db`."""
    db = typer.Typer(help="The database's schema.", no_args_is_help=True)
    db.command("upgrade")(upgrade)
    db.command("downgrade")(downgrade)
    app.add_typer(db, name="db")


def upgrade() -> None:
    """Bring the database to the newest schema."""
    typer.echo(f"The database is at {asyncio.run(_migrate('head'))}.")


def downgrade(revision: str) -> None:
    """Take the database back to a revision, or to `base`: everything in it is then gone."""
    present = asyncio.run(_migrate(revision))
    typer.echo(f"The database is at {present}." if present else "The database is empty.")


async def _migrate(target: str) -> str | None:
    store = connect(read_settings().database_url)
    try:
        if target == "head":
            await migrate.upgrade(store)
        else:
            await migrate.downgrade(store, target)
        return await migrate.revision(store)
    finally:
        await store.dispose()
