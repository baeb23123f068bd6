"""Everything about one person is found, handed over and deleted, whatever table it stands in."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import BigInteger, Column, Table, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.errors import TutorError
from bot.domain.learner import Learner
from bot.domain.privacy.held import ABOUT, files_of, summary_of
from bot.store.database import connect, transaction
from bot.store.lesson import records as records_in
from bot.store.privacy.privacy import NAMED, NOBODY, of, open_with, wipe_with
from bot.store.tables.classroom import ASSIGNMENT
from bot.store.tables.every import SCHEMA
from bot.store.tables.instrument import TRIAL
from bot.store.tables.learner import LEARNER
from bot.store.tables.lesson import ATTEMPT, TEACHBACK
from bot.store.tables.metadata import UtcDateTime
from bot.store.tables.tutor import QUESTION
from tests.fakes.clock import NOW

ADA, BOB = 222_222_222_222_222_221, 333_333_333_333_333_331
HERS, HIS, OURS = "ada-wrote-this", "bob-wrote-this", "of-the-class"
CLASS = 900
TABLES = SCHEMA.sorted_tables
OWNED = [table for table in TABLES if of(table, 0) is not None]
# 64-bit columns that name no person: places in Discord, and a role
PLACES = {"cohort_id", "channel_id", "message_id", "live_in", "instructor_role"}


def test_every_column_that_may_name_a_person_is_known() -> None:
    known = {one.by for one in NAMED}
    for table in TABLES:
        for column in table.columns:
            is_key = column.primary_key and column.name == "id"
            is_number = isinstance(column.type, BigInteger) and not column.foreign_keys
            if not is_number or is_key or column.name in PLACES:
                continue
            assert column in known, (
                f"{column} may name a person: give it a key to learner that deletes along, or a"
                " line in store.privacy.privacy.NAMED; if it names a place, add it to PLACES"
            )
    for table in TABLES:
        for key in table.foreign_keys:
            if key.column.table is LEARNER and key.ondelete != "CASCADE":
                assert key.parent in known, f"{key.parent} stays when its learner goes"


def test_every_table_of_a_learners_is_explained_in_what_they_get() -> None:
    assert {table.name for table in OWNED} | {one.what for one in NAMED} <= {*ABOUT}


def test_the_page_says_what_each_table_holds() -> None:
    page = (Path(__file__).parents[3] / "docs" / "privacy.md").read_text(encoding="utf-8")
    for table in OWNED:
        assert f"`{table.name}`" in page, f"docs/privacy.md doesn't name {table.name}"


class Filler:
    """Writes a row into every table for each of two people, and one for their class."""

    def __init__(self) -> None:
        self._numbers = iter(range(700_000, 800_000))
        self._ids: dict[tuple[str, int], int] = {}

    def rows(self) -> Iterator[tuple[Table, Mapping[str, Any]]]:
        for table in TABLES:
            owners = (ADA, BOB) if table in OWNED else (0,)
            for owner in owners:
                yield table, self._row(table, owner)

    def _row(self, table: Table, owner: int) -> Mapping[str, Any]:
        row = {column.name: self._value(column, owner) for column in table.columns}
        for one in NAMED:
            if one.by.table is table:
                row[one.by.name] = ADA if owner != ADA else BOB  # she instructs, and he
        self._ids[table.name, owner] = row.get("id", owner)
        return row

    def _value(self, column: Column[Any], owner: int) -> Any:
        table = column.table
        if table is LEARNER and column.name == "id":
            return owner
        for key in column.foreign_keys:
            parent = key.column.table.name
            return self._ids.get((parent, owner), self._ids.get((parent, 0)))
        if column.name == "overrides":
            return [{"by": BOB if owner == ADA else ADA, "at": NOW.isoformat()}]
        if column.name in PLACES:
            return CLASS
        if isinstance(column.type, UtcDateTime):
            return NOW
        text = {ADA: HERS, BOB: HIS, 0: OURS}[owner]
        match column.type.python_type.__name__:
            case "int":
                return next(self._numbers)
            case "str":
                return text[: getattr(column.type, "length", None) or 99]
            case "date":
                return date(2026, 1, 1)
            case "float":
                return 0.5
            case "bool":
                return True
            case _:
                return {"text": text}


@pytest.fixture
async def filled(database: AsyncEngine) -> AsyncEngine:
    async with transaction(database) as connection:
        for table, row in Filler().rows():
            await connection.execute(insert(table).values(dict(row)))
    return database


async def dump(database: AsyncEngine) -> dict[str, list[str]]:
    async with transaction(database) as connection:
        return {
            table.name: [str(tuple(row)) for row in (await connection.execute(select(table))).all()]
            for table in TABLES
        }


async def test_a_learner_is_handed_every_row_of_theirs_and_nothing_of_others(
    filled: AsyncEngine,
) -> None:
    async with open_with(filled)() as privacy:
        held = await privacy.everything(ADA)
    for table in OWNED:
        assert len(held[table.name]) == 1, table.name
    assert {one.what for one in NAMED} | {"teachback (judged)"} <= {*held}
    everything = b"".join(files_of(held, ADA, NOW)).decode()
    assert HERS in everything
    assert str(BOB) not in everything
    shared = {name: rows for name, rows in held.items() if "(" not in name}
    assert HIS not in str(shared)
    assert summary_of(held).since == NOW


async def test_nothing_of_a_deleted_learner_is_left_in_any_table(filled: AsyncEngine) -> None:
    before = await dump(filled)
    assert str(ADA) in str(before)
    async with open_with(filled)() as privacy:
        assert await privacy.first_seen(ADA) == NOW
        await privacy.delete(ADA)
    after = await dump(filled)
    for name, rows in after.items():
        text = str(rows)
        assert HERS not in text, name
        assert str(ADA) not in text, name
    for table in TABLES:
        gone = 1 if table in OWNED else 0
        assert len(after[table.name]) == len(before[table.name]) - gone, table.name
    async with open_with(filled)() as privacy:
        assert await privacy.everything(ADA) == {}
        assert await privacy.first_seen(ADA) is None


async def test_what_she_did_for_others_stays_without_her_name(filled: AsyncEngine) -> None:
    async with open_with(filled)() as privacy:
        await privacy.delete(ADA)
    async with transaction(filled) as connection:
        question = (await connection.execute(select(QUESTION))).one()
        judged = (await connection.execute(select(TEACHBACK.c.overrides))).scalar_one()
        set_by = (await connection.execute(select(ASSIGNMENT.c.set_by))).scalar_one()
    assert (question.learner_id, question.answered_by, question.answer) == (BOB, None, HIS)
    assert [said["by"] for said in judged] == [NOBODY]
    assert set_by == NOBODY


async def test_writing_for_a_deleted_learner_is_refused_with_what_to_do(
    filled: AsyncEngine,
) -> None:
    async with open_with(filled)() as privacy:
        await privacy.delete(ADA)
    with pytest.raises(TutorError, match="has been deleted") as refused:
        async with records_in.open_with(filled)() as r:
            await r.begin(Learner(ADA), "one", 1, "pick", NOW)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__, "the driver's message names the learner"


async def test_a_learner_who_comes_back_starts_anew(filled: AsyncEngine) -> None:
    async with open_with(filled)() as privacy:
        await privacy.delete(ADA)
    async with records_in.open_with(filled)() as r:
        await r.enrol(Learner(ADA, CLASS), NOW)
        assert list(await r.attempts_of(ADA)) == []
    async with open_with(filled)() as privacy:
        held = await privacy.everything(ADA)
    assert {*held} == {"learner", "membership"}
    assert held["membership"][0]["is_shown"] in (False, 0)


@pytest.mark.parametrize("rows", [1, 400])
async def test_nothing_of_a_deleted_learner_is_left_in_the_bytes_of_a_file(
    file: Path, rows: int
) -> None:
    database = connect(f"sqlite:///{file}")
    async with transaction(database) as connection:
        for table, row in Filler().rows():
            await connection.execute(insert(table).values(dict(row)))
        for number in range(rows):
            trial = {"learner_id": ADA, "instrument": "x", "revision": 0, "changed": NOW}
            prompt = f"{HERS} {number} " * 9
            await connection.execute(insert(TRIAL).values(chosen={"p": prompt}, **trial))
    for draft in (f"{HERS} draft", f"{HERS} a longer draft", "B"):
        async with transaction(database) as connection:
            moved = ATTEMPT.update().where(ATTEMPT.c.learner_id == ADA).values(draft=draft)
            await connection.execute(moved)
    assert HERS.encode() in _bytes_of(file)
    async with open_with(database)() as privacy:
        await privacy.delete(ADA)
    await wipe_with(database)()
    left = _bytes_of(file)
    assert HERS.encode() not in left
    assert ADA.to_bytes(8, "big") not in left
    assert HIS.encode() in left
    await database.dispose()


def _bytes_of(file: Path) -> bytes:
    return b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
