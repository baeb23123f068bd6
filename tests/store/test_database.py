"""Every way a database can fail to serve is one line that says what to do; nothing half-written."""

import asyncio
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.errors import TutorError
from bot.domain.learner import Learner
from bot.domain.lesson.attempt import mark_of
from bot.domain.lesson.commands import CommitGuess, Draft
from bot.domain.lesson.screens import QuestionScreen
from bot.store import database as store
from bot.store import migrate
from bot.store.database import connect
from bot.store.errors import StoreError
from bot.store.lesson.records import open_with
from bot.usecases.lesson.turns import BeginLesson, TakeTurn
from curriculum.schema import Course
from tests.fakes.clock import at_noon
from tests.store.test_concurrency import no_model

ADA = Learner(1, 900)
NOBODY = 65_534


async def guess(engine: AsyncEngine, course: Course, learner: Learner = ADA) -> int:
    """Begin the lesson and lock in a guess at its first step; return the attempt's id."""
    records = open_with(engine)
    shown = await BeginLesson(course, records, at_noon)("every-kind", learner)
    assert isinstance(shown.screen, QuestionScreen)
    at = shown.screen.place.attempt_id
    turn = TakeTurn(course, records, no_model, at_noon)
    await turn(Draft(at, "pick", "A"), learner)
    await turn(CommitGuess(at, "pick", 2, mark_of("A")), learner)
    return at


async def told(engine: AsyncEngine, course: Course) -> str:
    """Return the one line that a guess on this database fails with."""
    try:
        with pytest.raises(StoreError) as failed:
            await guess(engine, course)
    finally:
        await engine.dispose()
    return one_line(failed)


def one_line(failed: pytest.ExceptionInfo[StoreError]) -> str:
    said = str(failed.value)
    assert "\n" not in said
    assert len(said) < 250
    assert said.endswith(".")
    assert not isinstance(failed.value, TutorError)  # an operator's matter, not the learner's
    return said


def counts(file: Path) -> dict[str, int]:
    with sqlite3.connect(file) as connection:
        found = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("learner", "attempt", "guess", "tally")
        }
    connection.close()
    return found


def locked_attempts(file: Path) -> int:
    with sqlite3.connect(file) as connection:
        found = connection.execute("SELECT count(*) FROM attempt WHERE phase = 'locked'")
        count: int = found.fetchone()[0]
    connection.close()
    return count


def address(file: Path) -> str:
    return f"sqlite:///{file}"


async def test_a_guess_on_a_sound_database_is_kept_with_its_vote(
    file: Path, course: Course
) -> None:
    engine = connect(address(file))
    await guess(engine, course)
    await engine.dispose()
    assert counts(file) == {"learner": 1, "attempt": 1, "guess": 1, "tally": 1}


async def test_a_locked_file_is_told_after_a_while_and_nothing_is_written(
    file: Path, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "BUSY_TIMEOUT_S", 0.05)
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        said = await told(connect(address(file)), course)
    finally:
        holder.close()
    assert "locked" in said
    assert "stop that one" in said
    assert counts(file)["attempt"] == 0


async def test_a_file_that_is_free_again_is_used_again(
    file: Path, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "BUSY_TIMEOUT_S", 0.05)
    engine = connect(address(file))
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError):
        await guess(engine, course)
    holder.close()
    await guess(engine, course)
    await engine.dispose()
    assert counts(file)["guess"] == 1


@pytest.fixture
def readable_only(file: Path) -> Iterator[Path]:
    """A database that this process may read and not write: root puts off its rights for it."""
    home = Path(tempfile.mkdtemp(prefix="hunch-ro-"))
    copied = Path(shutil.copy(file, home / "hunch.sqlite"))
    copied.chmod(0o444)
    home.chmod(0o555)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    yield copied
    if is_root:
        os.seteuid(0)
    home.chmod(0o755)
    shutil.rmtree(home)


async def test_a_file_that_cant_be_written_is_told(readable_only: Path, course: Course) -> None:
    said = await told(connect(address(readable_only)), course)
    assert "permissions" in said or "written to" in said


async def test_a_file_that_isnt_a_database_is_told_and_left_as_it_is(
    tmp_path: Path, course: Course
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Ada, " * 1000)
    said = await told(connect(address(letter)), course)
    assert "not a database" in said
    assert "move it away" in said
    assert letter.read_text() == "Dear Ada, " * 1000


@pytest.fixture
def damaged(file: Path) -> Path:
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))
    return file


async def test_a_damaged_file_is_told(damaged: Path, course: Course) -> None:
    said = await told(connect(address(damaged)), course)
    assert "damaged" in said


async def test_a_folder_where_the_file_should_be_is_told(tmp_path: Path, course: Course) -> None:
    said = await told(connect(address(tmp_path)), course)
    assert "unable to open" in said
    assert "folder exists" in said


def test_a_folder_that_cant_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError) as failed:
        connect(address(tmp_path / "file" / "below" / "hunch.sqlite"))
    assert "Name another file in HUNCH_DATABASE_URL" in one_line(failed)


async def test_a_folder_that_isnt_there_is_made(tmp_path: Path, course: Course) -> None:
    engine = connect(address(tmp_path / "a" / "b" / "hunch.sqlite"))
    await migrate.upgrade(engine)
    await guess(engine, course)
    await engine.dispose()


async def test_a_database_that_was_never_migrated_is_told(
    empty: AsyncEngine, course: Course
) -> None:
    assert "run `hunch db upgrade`" in await told(empty, course)


def full_at(engine: AsyncEngine, pages: int) -> AsyncEngine:
    """Let the file grow no further, as on a full disk."""

    @event.listens_for(engine.sync_engine, "connect")
    def limit(connection: object, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")  # type: ignore[attr-defined]

    return engine


async def test_a_full_disk_is_told_and_no_vote_is_kept_without_its_guess(
    file: Path, course: Course
) -> None:
    with sqlite3.connect(file) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.close()
    engine = full_at(connect(address(file)), pages + 3)

    async def guess_until_full() -> None:
        for number in range(1, 10_000):
            await guess(engine, course, learner=Learner(number, number))

    with pytest.raises(StoreError) as failed:
        await guess_until_full()
    said = one_line(failed)
    await engine.dispose()
    assert "disk is full" in said
    assert "make room" in said
    kept = counts(file)
    assert kept["guess"] > 3
    assert kept["tally"] == kept["guess"] == locked_attempts(file)


async def test_a_disk_that_fills_up_while_migrating_leaves_no_table_behind(
    tmp_path: Path,
) -> None:
    file = tmp_path / "new.sqlite"
    engine = full_at(connect(address(file)), 4)
    with pytest.raises(StoreError) as failed:
        await migrate.upgrade(engine)
    assert "disk is full" in one_line(failed)
    await engine.dispose()
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    connection.close()


async def test_a_server_that_isnt_there_is_told(course: Course) -> None:
    said = await told(connect("postgresql://nobody@127.0.0.1:1/none"), course)
    assert "Connection refused" in said
    assert "HUNCH_DATABASE_URL" in said


async def test_a_password_in_the_address_is_never_told(course: Course) -> None:
    said = await told(connect("postgresql://nobody:s3cret@127.0.0.1:1/none"), course)
    assert "s3cret" not in said


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_a_database_that_isnt_there_is_told(url: str, course: Course) -> None:
    said = await told(connect(url.replace("?", "-no-such?")), course)
    assert "does not exist" in said
    assert "HUNCH_DATABASE_URL" in said


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_more_at_once_than_the_server_takes_is_told_not_broken(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = connect(url)
    monkeypatch.setattr(engine.sync_engine.pool, "_timeout", 0.01)
    held = [await engine.connect() for _ in range(15)]
    with pytest.raises(StoreError) as failed:
        async with open_with(engine)():
            pass
    assert "busy" in one_line(failed)
    for connection in held:
        await connection.close()
    await engine.dispose()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hunch.sqlite",
        "postgresql://host:port/name",
        "mysql://host/name",
        "sqlite://",
        "sqlite:///:memory:",
        "oracle+nonsense://x",
    ],
)
def test_an_address_that_cant_be_used_is_told_with_one_that_could(url: str) -> None:
    with pytest.raises(StoreError) as failed:
        connect(url)
    said = one_line(failed)
    assert "HUNCH_DATABASE_URL" in said


@pytest.mark.parametrize("scheme", ["sqlite", "sqlite+aiosqlite", "sqlite+pysqlite"])
async def test_a_file_may_be_named_without_its_driver(
    file: Path, course: Course, scheme: str
) -> None:
    engine = connect(f"{scheme}:///{file}")
    await guess(engine, course)
    await engine.dispose()


@pytest.mark.parametrize(
    "scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+asyncpg"]
)
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_a_server_may_be_named_without_its_driver(
    url: str, course: Course, scheme: str
) -> None:
    engine = connect(url.replace("postgresql:", f"{scheme}:"))
    await guess(engine, course)
    await engine.dispose()


async def test_a_learner_who_leaves_in_the_middle_holds_nobody_up(
    file: Path, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "BUSY_TIMEOUT_S", 0.2)
    engine = connect(address(file))
    inside = asyncio.Event()

    async def leave_in_the_middle() -> None:
        async with open_with(engine)() as records:
            await records.enrol(Learner(7), at_noon())
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(leave_in_the_middle())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await guess(engine, course)
    await engine.dispose()
    assert counts(file) == {"learner": 1, "attempt": 1, "guess": 1, "tally": 1}
