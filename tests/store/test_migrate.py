import asyncio

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import migrate
from bot.store.database import connect, transaction
from bot.store.errors import StoreError
from bot.store.tables.every import SCHEMA


async def tables_of(database: AsyncEngine) -> set[str]:
    async with transaction(database) as connection:
        names = await connection.run_sync(lambda c: inspect(c).get_table_names())
    return {*names} - {"alembic_version"}


async def test_up_down_and_up_again_gives_the_same_tables(empty: AsyncEngine) -> None:
    await migrate.upgrade(empty)
    assert await tables_of(empty) == {*SCHEMA.tables}
    assert await migrate.differences(empty) == []

    await migrate.downgrade(empty, "base")
    assert await tables_of(empty) == set()
    assert (await migrate.revisions(empty))[0] is None

    await migrate.upgrade(empty)
    assert await tables_of(empty) == {*SCHEMA.tables}
    assert await migrate.differences(empty) == []


async def test_classes_that_are_there_get_a_key_each_and_keep_their_members(
    empty: AsyncEngine,
) -> None:
    await migrate.upgrade(empty)
    await migrate.downgrade(empty, "0011")
    at = "'2026-01-01 00:00:00'"
    async with transaction(empty) as connection:
        for statement in (
            f"INSERT INTO learner (id, first_seen) VALUES (1, {at})",
            f"INSERT INTO cohort (id, first_seen) VALUES (900, {at}), (901, {at})",
            "INSERT INTO membership (learner_id, cohort_id, joined, is_shown)"
            f" VALUES (1, 900, {at}, false)",
        ):
            await connection.execute(text(statement))
    await migrate.upgrade(empty)
    async with transaction(empty) as connection:
        keys = (await connection.execute(text("SELECT key FROM cohort"))).scalars().all()
        members = (await connection.execute(text("SELECT count(*) FROM membership"))).scalar()
    assert len({*keys}) == 2
    assert all(len(key) == 32 for key in keys)
    await migrate.downgrade(empty, "0011")
    async with transaction(empty) as connection:
        left = (await connection.execute(text("SELECT count(*) FROM membership"))).scalar()
    assert members == left == 1


async def test_a_fresh_database_is_at_nothing_and_then_at_the_newest(empty: AsyncEngine) -> None:
    present, newest = await migrate.revisions(empty)
    assert (present, newest is not None) == (None, True)
    await migrate.upgrade(empty)
    assert await migrate.revisions(empty) == (newest, newest)


async def test_migrating_twice_changes_nothing(database: AsyncEngine) -> None:
    before = await migrate.revisions(database)
    await migrate.upgrade(database)
    assert await migrate.revisions(database) == before
    assert await migrate.differences(database) == []


async def test_a_difference_between_code_and_database_is_found(database: AsyncEngine) -> None:
    async with transaction(database) as connection:
        await connection.execute(text("ALTER TABLE guess DROP COLUMN why"))
    assert len(await migrate.differences(database)) == 1


async def test_the_ownership_of_rows_ends_with_the_learner(database: AsyncEngine) -> None:
    async with transaction(database) as connection:
        for statement in (
            "INSERT INTO learner VALUES (1, '2026-01-01 00:00:00')",
            "INSERT INTO attempt VALUES (1, 1, 900, 'one', 1, 'a', 'asking', NULL, 0,"
            " '2026-01-01 00:00:00', '2026-01-01 00:00:00')",
            "INSERT INTO guess VALUES (1, 'a', 'B', 0.7, 0, '2026-01-01 00:00:00',"
            " NULL, NULL, '[]', NULL, false, 1)",
            "DELETE FROM learner",
        ):
            await connection.execute(text(statement))
        for table in ("attempt", "guess"):
            assert (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar() == 0


async def test_a_database_that_is_newer_than_the_program_is_refused_with_what_to_do(
    database: AsyncEngine,
) -> None:
    async with transaction(database) as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError) as refused:
        await migrate.upgrade(database)
    said = str(refused.value)
    assert "\n" not in said
    assert "9999" in said
    assert "newer" in said
    assert await tables_of(database) == {*SCHEMA.tables}


async def test_there_is_no_way_down_to_a_revision_that_never_was(database: AsyncEngine) -> None:
    with pytest.raises(StoreError) as refused:
        await migrate.downgrade(database, "no-such")
    assert "\n" not in str(refused.value)
    assert await tables_of(database) == {*SCHEMA.tables}


async def test_a_migration_that_fails_half_way_leaves_nothing_behind(
    empty: AsyncEngine,
) -> None:
    async with transaction(empty) as connection:  # the last table it makes is there already
        await connection.execute(text("CREATE TABLE trial (id INTEGER)"))
    with pytest.raises(StoreError):
        await migrate.upgrade(empty)
    assert await tables_of(empty) == {"trial"}
    assert (await migrate.revisions(empty))[0] is None


async def test_two_bots_that_start_together_migrate_once(empty_url: str) -> None:
    bots = [connect(empty_url) for _ in range(2)]
    async with asyncio.timeout(20):  # without a lock between them they wait for each other
        await asyncio.gather(*(migrate.upgrade(bot) for bot in bots))
    assert await tables_of(bots[0]) == {*SCHEMA.tables}
    assert await migrate.differences(bots[1]) == []
    for bot in bots:
        await bot.dispose()
