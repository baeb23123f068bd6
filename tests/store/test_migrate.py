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
    assert await migrate.revision(empty) is None

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
    assert await migrate.revision(empty) is None
    with pytest.raises(StoreError, match=r"has no tables yet; .*Run `hunch db upgrade`\.$"):
        await migrate.require_newest(empty)
    await migrate.upgrade(empty)
    assert await migrate.require_newest(empty) == await migrate.revision(empty)


async def test_migrating_twice_changes_nothing(database: AsyncEngine) -> None:
    before = await migrate.revision(database)
    await migrate.upgrade(database)
    assert await migrate.revision(database) == before
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


TABLES_OF_REVISIONS = {  # how a table of revisions can be odd: its rows, what has to be said
    "newer": (["9999"], "A newer Hunch made the database (at 9999; this one knows 0"),
    "of another program": (["ae1027a6acf"], "belongs to another program: it is at 'ae1027a6acf'"),
    "two at once": (["0011", "0006"], "at 2 revisions at once (0006, 0011). Restore a copy; or"),
    "two, one of them unknown": (["0011", "zz"], "at 2 revisions at once (0011, zz)."),
    "emptied": ([], "its table alembic_version is empty. Restore a copy, or"),
}


@pytest.mark.parametrize("kind", TABLES_OF_REVISIONS)
async def test_an_odd_table_of_revisions_is_told_with_what_to_do_and_left_as_it_is(
    database: AsyncEngine, kind: str
) -> None:
    rows, says = TABLES_OF_REVISIONS[kind]
    async with transaction(database) as connection:
        await connection.execute(text("DELETE FROM alembic_version"))
        for row in rows:
            await connection.execute(text(f"INSERT INTO alembic_version VALUES ('{row}')"))
    for attempt in (migrate.upgrade, migrate.require_newest, _to_the_ground):
        with pytest.raises(StoreError) as refused:
            await attempt(database)
        said = str(refused.value)
        assert says in said
        assert "\n" not in said
        assert "db upgrade" not in said
    async with transaction(database) as connection:
        kept = await connection.execute(text("SELECT version_num FROM alembic_version"))
        assert sorted(kept.scalars()) == sorted(rows)


async def _to_the_ground(database: AsyncEngine) -> None:
    await migrate.downgrade(database, "base")


async def test_a_database_that_is_older_is_told_to_be_upgraded(database: AsyncEngine) -> None:
    await migrate.downgrade(database, "0006")
    with pytest.raises(
        StoreError, match=r"is at 0006; this Hunch needs .* Run `hunch db upgrade`\.$"
    ):
        await migrate.require_newest(database)


@pytest.mark.parametrize(
    "revision", ["no-such", "", " ", "-1", "+1", "head", "0001:0002", "00", "@"]
)
async def test_there_is_no_way_down_to_a_revision_that_never_was(
    database: AsyncEngine, revision: str
) -> None:
    with pytest.raises(StoreError, match=r"There are 0001 to \d{4}, and base\.$") as refused:
        await migrate.downgrade(database, revision)
    assert repr(revision) in str(refused.value)
    assert await tables_of(database) == {*SCHEMA.tables}


async def test_a_migration_that_fails_half_way_leaves_nothing_behind(
    empty: AsyncEngine,
) -> None:
    async with transaction(empty) as connection:  # the last table it makes is there already
        await connection.execute(text("CREATE TABLE trial (id INTEGER)"))
    with pytest.raises(StoreError):
        await migrate.upgrade(empty)
    assert await tables_of(empty) == {"trial"}
    assert await migrate.revision(empty) is None


async def test_two_bots_that_start_together_migrate_once(empty_url: str) -> None:
    bots = [connect(empty_url) for _ in range(2)]
    async with asyncio.timeout(20):  # without a lock between them they wait for each other
        await asyncio.gather(*(migrate.upgrade(bot) for bot in bots))
    assert await tables_of(bots[0]) == {*SCHEMA.tables}
    assert await migrate.differences(bots[1]) == []
    for bot in bots:
        await bot.dispose()
