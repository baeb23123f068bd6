"""PostgreSQL behind a pool that gives each transaction another connection."""

import asyncio
from collections.abc import AsyncIterator, Callable

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from bot.domain.learner import Learner
from bot.store import migrate
from bot.store.database import connect
from bot.store.lesson.records import open_with
from bot.usecases.lesson.turns import BeginLesson
from curriculum.schema import Course
from tests.fakes.clock import at_noon
from tests.fakes.pooler import pooled

ONE_AFTER_ANOTHER = 12  # psycopg prepares what is asked for the sixth time
AT_ONCE = 12


@pytest.fixture
async def pool(postgres: Callable[[str], str]) -> AsyncIterator[str]:
    """The address of an empty database, behind a pool."""
    told = conninfo_to_dict(postgres("template1"))
    socket = f"{told['host']}/.s.PGSQL.{told.get('port', 5432)}"
    async with pooled(socket, "postgres", str(told["dbname"])) as port:
        yield f"postgresql://postgres@127.0.0.1:{port}/anything"


async def test_the_pool_is_one_that_forgets_what_was_prepared(pool: str) -> None:
    """Else the tests below would show nothing."""

    async def ask_again_and_again() -> None:
        async with await psycopg.AsyncConnection.connect(
            pool, autocommit=True, prepare_threshold=0
        ) as connection:
            for _ in range(4):
                await connection.execute("SELECT 1")

    with pytest.raises(psycopg.errors.InvalidSqlStatementName):
        await ask_again_and_again()


@pytest.mark.parametrize("asked_for", ["", "?prepare_threshold=0", "?prepare_threshold=5"])
async def test_lessons_begin_through_it_whatever_the_address_asks_for(
    pool: str, course: Course, asked_for: str
) -> None:
    """psycopg takes the address's number as text, and fails comparing it with one."""
    engine = connect(f"{pool}{asked_for}")
    try:
        await migrate.upgrade(engine)
        begin = BeginLesson(course, open_with(engine), at_noon)
        for number in range(ONE_AFTER_ANOTHER):
            await begin("every-kind", Learner(1 + number, 900))
        await asyncio.gather(
            *(begin("every-kind", Learner(100 + number, 900)) for number in range(AT_ONCE))
        )
        assert await migrate.require_newest(engine)
    finally:
        await engine.dispose()
