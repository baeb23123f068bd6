"""What was committed to a SQLite file is on the disk before anybody is told of it."""

import asyncio
import os
import shutil
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from bot.domain.learner import Learner
from bot.store import inline, write_log
from bot.store.database import BUSY_TIMEOUT_S, Database, connect
from bot.store.errors import StoreError
from bot.store.keeping import SHORTEN_EVERY
from bot.store.lesson.records import open_with
from bot.store.tables.learner import LEARNER
from tests.fakes.clock import NOW
from tests.store.test_database import one_line


class SlowDisk:
    """Has nothing until it is let; counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.was_asked, self.may_go = threading.Event(), threading.Event()
        self.fails_with: OSError | None = None

    def send(self, _: int) -> None:
        self.asked += 1
        self.was_asked.set()
        assert self.may_go.wait(20)
        if self.fails_with:
            raise self.fails_with


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowDisk]:
    slow = SlowDisk()
    monkeypatch.setattr(write_log, "send", slow.send)
    yield slow
    slow.may_go.set()


@pytest.fixture
async def store(file: Path, disk: SlowDisk) -> AsyncIterator[Database]:
    engine = connect(f"sqlite:///{file}")
    yield engine
    disk.may_go.set()
    await engine.dispose()


async def enrol(store: Database, number: int) -> None:
    async with open_with(store)() as records:
        await records.enrol(Learner(number), NOW)


async def learners_in(store: Database) -> int:
    async with store.begin() as connection:
        found = await connection.execute(select(func.count()).select_from(LEARNER))
        return int(found.scalar_one())


def content(file: Path) -> bytes:
    return file.read_bytes()


def size_of_log(file: Path) -> int:
    return Path(f"{file}-wal").stat().st_size


def move(file: Path, there: Path) -> None:
    file.rename(there)


def is_there(file: Path) -> bool:
    return file.exists()


async def asked(disk: SlowDisk) -> None:
    """Wait until somebody waits for the disk."""
    assert await asyncio.to_thread(disk.was_asked.wait, 20)


async def test_nobody_is_told_before_the_disk_has_it(store: Database, disk: SlowDisk) -> None:
    told = asyncio.create_task(enrol(store, 1))
    await asked(disk)
    assert not told.done()
    disk.may_go.set()
    await told


async def test_nobody_reads_what_a_power_cut_could_take(store: Database, disk: SlowDisk) -> None:
    writes = asyncio.create_task(enrol(store, 1))
    await asked(disk)
    reads = asyncio.create_task(learners_in(store))
    await asyncio.sleep(0)
    assert not reads.done()
    disk.may_go.set()
    assert await reads == 1
    await writes


async def test_all_who_commit_while_the_disk_writes_share_its_next_turn(
    store: Database, disk: SlowDisk
) -> None:
    first = asyncio.create_task(enrol(store, 1))
    await asked(disk)
    others = [asyncio.create_task(enrol(store, number)) for number in range(2, 30)]
    await asyncio.sleep(0)
    async with store.begin() as connection:
        found = await connection.execute(select(func.count()).select_from(LEARNER))
        assert found.scalar_one() == 29
        disk.may_go.set()
    await asyncio.gather(first, *others)
    assert disk.asked == 2


async def test_who_only_reads_asks_nothing_of_the_disk(store: Database, disk: SlowDisk) -> None:
    assert await learners_in(store) == 0
    assert disk.asked == 0


async def test_a_disk_that_fails_is_told_and_what_it_was_asked_for_is_written_anew(
    store: Database, disk: SlowDisk, file: Path
) -> None:
    disk.may_go.set()
    await enrol(store, 1)
    disk.fails_with = OSError(5, "Input/output error")
    with pytest.raises(StoreError) as failed:
        await enrol(store, 2)
    assert "disk" in one_line(failed)
    disk.fails_with = None
    before = content(file)
    await enrol(store, 3)
    assert content(file) != before  # the log was written into the file itself
    assert await learners_in(store) == 3


async def test_the_log_begins_anew_while_everybody_writes(
    store: Database, disk: SlowDisk, file: Path
) -> None:
    disk.may_go.set()
    sizes = []
    for round_ in range(4):
        every = range(round_ * SHORTEN_EVERY, (round_ + 1) * SHORTEN_EVERY)
        await asyncio.gather(*(enrol(store, 1 + number) for number in every))
        sizes.append(size_of_log(file))
    assert sizes[3] < 3 * sizes[0]


async def test_a_file_deleted_while_in_use_is_told_and_none_is_made_in_its_place(
    store: Database, disk: SlowDisk, file: Path
) -> None:
    disk.may_go.set()
    await enrol(store, 1)
    away = file.with_suffix(".away")
    move(file, away)
    for _ in range(2):
        with pytest.raises(StoreError) as failed:
            await enrol(store, 2)
        assert "moved or deleted" in one_line(failed)
    assert not is_there(file)
    move(away, file)
    await enrol(store, 3)
    assert await learners_in(store) == 2


async def test_a_file_put_in_its_place_is_taken_without_a_restart(
    store: Database, disk: SlowDisk, file: Path, migrated_file: Path
) -> None:
    disk.may_go.set()
    await enrol(store, 1)
    for end in ("", "-wal", "-shm"):
        os.unlink(f"{file}{end}")
    shutil.copy(migrated_file, file)
    assert await learners_in(store) == 0
    await enrol(store, 2)
    assert await learners_in(store) == 1


async def test_a_log_deleted_under_a_guess_is_no_success(
    store: Database, disk: SlowDisk, file: Path
) -> None:
    guess = asyncio.create_task(enrol(store, 1))
    await asked(disk)
    os.unlink(f"{file}-wal")
    disk.may_go.set()
    with pytest.raises(StoreError) as failed:
        await guess
    assert "moved or deleted" in one_line(failed)


async def test_who_queues_for_a_locked_file_gives_up_with_the_first(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the fifth press waits five times as long as the first."""
    clock = HandClock()
    monkeypatch.setattr(inline, "time", SimpleNamespace(monotonic=clock.tell))
    monkeypatch.setattr(inline.asyncio, "sleep", clock.sleep)
    engine = connect(f"sqlite:///{file}")
    with closing(sqlite3.connect(file, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        told = await asyncio.gather(
            *(enrol(engine, number) for number in range(1, 6)), return_exceptions=True
        )
    assert all(isinstance(one, StoreError) for one in told)
    assert clock.now_s < 2 * BUSY_TIMEOUT_S
    await engine.dispose()


class HandClock:
    """Goes on only while somebody sleeps."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._let_others = asyncio.sleep

    def tell(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        self.now_s += seconds
        await self._let_others(0)
