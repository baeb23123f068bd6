"""A copy of a database holds what the database held, and is compared before anybody is told."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.learner import Learner
from bot.store import copies, migrate, rows, soundness
from bot.store.copies import Holding
from bot.store.database import Database, connect, transaction
from bot.store.errors import StoreError
from curriculum.schema import Course
from tests.store.test_database import guess, one_line


@pytest.fixture
async def taught(database: Database, course: Course) -> Database:
    """A database with seven learners, who guessed."""
    for number in range(1, 8):
        await guess(database, course, Learner(number, 900))
    return database


@pytest.fixture
async def other(migrated_postgres: Callable[[], str]) -> AsyncIterator[tuple[str, Database]]:
    """A migrated PostgreSQL without a row, and its address."""
    address = migrated_postgres()
    engine = connect(address)
    yield address, engine
    await engine.dispose()


def content(url: str) -> dict[str, str]:
    with rows.reading(url) as connection:
        return {table.name: rows.digest(connection, table) for table in rows.TABLES}


def begun_with(folder: Path, name: str) -> list[str]:
    return [one.name for one in folder.glob(f"{name}*")]


async def run(database: Database, statement: str) -> None:
    async with transaction(database) as connection:
        await connection.execute(text(statement))


async def test_a_backup_holds_what_the_database_held_and_can_be_put_back(
    taught: Database, url: str, course: Course, tmp_path: Path, other: tuple[str, Database]
) -> None:
    file, before = tmp_path / "copy.sqlite", content(url)
    held = await copies.back_up(url, file)
    assert (held.learners, held.guesses) == (7, 7)
    assert str(held).startswith("7 learners and 7 guesses (")
    assert begun_with(tmp_path, "copy") == ["copy.sqlite"]
    await guess(taught, course, Learner(8, 900))
    assert content(f"sqlite:///{file}") == before
    place = url if url.startswith("sqlite") else other[0]
    assert await copies.restore(file, place) == held
    assert content(place) == before


async def test_a_backup_never_waits_for_who_writes_nor_holds_them_up(
    taught: Database, url: str, course: Course, tmp_path: Path
) -> None:
    async with transaction(taught) as connection:
        await connection.execute(text("UPDATE learner SET first_seen = '2020-01-01 00:00:00'"))
        copying = asyncio.to_thread(lambda: asyncio.run(copies.back_up(url, tmp_path / "copy")))
        held = await asyncio.wait_for(copying, 30)
    assert held.guesses == 7
    assert soundness.faults(f"sqlite:///{tmp_path}/copy") == []


async def test_a_copy_put_back_under_a_running_bot_is_what_it_goes_on_with(
    file: Path, course: Course, tmp_path: Path
) -> None:
    url = f"sqlite:///{file}"
    bot = connect(url)
    await guess(bot, course, Learner(1, 900))
    await copies.back_up(url, tmp_path / "copy")
    await guess(bot, course, Learner(2, 900))
    await copies.restore(tmp_path / "copy", url)
    await guess(bot, course, Learner(3, 900))
    async with transaction(bot) as connection:
        there = (await connection.execute(text("SELECT id FROM learner ORDER BY id"))).scalars()
        assert list(there) == [1, 3]
    await bot.dispose()


async def test_a_backup_takes_no_files_place(taught: Database, url: str, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear Ada")
    with pytest.raises(StoreError) as refused:
        await copies.back_up(url, tmp_path / "letter")
    assert "is there already" in one_line(refused)
    assert (tmp_path / "letter").read_text() == "Dear Ada"


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_a_damaged_backup_is_never_put_back(
    taught: Database, url: str, tmp_path: Path
) -> None:
    before = content(url)
    await copies.back_up(url, tmp_path / "copy")
    whole = (tmp_path / "copy").read_bytes()
    (tmp_path / "copy").write_bytes(whole[:8192] + b"\xa5" * (len(whole) - 8192))
    with pytest.raises(StoreError):
        await copies.restore(tmp_path / "copy", url)
    assert content(url) == before


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_a_database_moves_to_postgresql_and_counts_on_there(
    taught: Database, url: str, course: Course, other: tuple[str, Database]
) -> None:
    address, engine = other
    held = await copies.move(url, address)
    assert held == copies.holding(url)
    assert content(address) == content(url)
    await guess(engine, course, Learner(9, 900))  # new rows are numbered after those that came
    assert copies.holding(address).guesses == 8
    assert soundness.faults(address) == []


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_a_move_that_broke_off_is_gone_on_with(
    taught: Database, url: str, other: tuple[str, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "_AT_ONCE", 3)
    digest = rows.digest

    def break_off(connection: object, table: object, first: int | None = None) -> str:
        if getattr(table, "name", "") == "guess":
            raise ConnectionError("the line broke")
        return digest(connection, table, first)  # type: ignore[arg-type]

    monkeypatch.setattr(rows, "digest", break_off)
    with pytest.raises(StoreError):
        await copies.move(url, other[0])
    assert copies.holding(other[0]).learners == 7
    monkeypatch.setattr(rows, "digest", digest)
    await copies.move(url, other[0])
    assert content(other[0]) == content(url)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_nothing_moves_among_the_rows_of_others(
    taught: Database, url: str, course: Course, other: tuple[str, Database]
) -> None:
    address, engine = other
    await guess(engine, course, Learner(99, 1))
    before = content(address)
    with pytest.raises(StoreError) as refused:
        await copies.move(url, address)
    assert "holds other rows" in one_line(refused)
    assert content(address) == before


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("UPDATE first_try SET tries = tries - 1", "first_try counts fewer than there are"),
        ("DELETE FROM standing", "standing counts fewer than there are"),
        ("UPDATE tally SET right_votes = votes + 1", "right_votes is more than votes"),
    ],
)
async def test_a_check_finds_counts_that_arent_those_of_the_guesses(
    taught: Database, url: str, harm: str, told: str
) -> None:
    assert soundness.faults(url) == []
    await run(taught, harm)
    assert any(told in fault for fault in soundness.faults(url))


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_a_check_finds_guesses_whose_attempt_is_gone(
    taught: Database, url: str, file: Path
) -> None:
    with sqlite3.connect(file) as connection:  # which checks no keys
        connection.execute("DELETE FROM attempt WHERE id = 1")
    connection.close()
    assert "1 rows of guess belong to no attempt." in soundness.faults(url)


async def test_counts_that_outlive_a_learner_are_sound(taught: Database, url: str) -> None:
    await run(taught, "DELETE FROM learner WHERE id = 3")
    assert soundness.faults(url) == []
    assert copies.holding(url).guesses == 6


async def test_what_a_walk_down_would_drop_is_told_and_still_there(
    taught: Database, url: str
) -> None:
    before = content(url)
    lost = await migrate.losses(taught, "base")
    assert "learner (7)" in lost
    assert "guess (7)" in lost
    assert await migrate.losses(taught, "0011") == ["cohort.key (1)"]
    assert content(url) == before
    assert await migrate.require_newest(taught)


def test_what_is_held_is_told_in_words() -> None:
    assert str(Holding(1, 1, 1)) == "1 learner and 1 guess (1 row)"
    assert str(Holding(2_000, 0, 3_000)) == "2,000 learners and 0 guesses (3,000 rows)"
