"""PostgreSQL goes away and comes back: each transaction is whole or refused, and no restart."""

from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bot.domain.errors import RecordsAway
from bot.domain.learner import Learner
from bot.store.database import Database, opened
from bot.store.errors import StoreError
from bot.store.lesson.records import open_with
from curriculum.schema import Course
from tests.fakes.clock import NOW
from tests.store.test_database import guess, one_line

pytestmark = pytest.mark.parametrize("url", ["postgresql"], indirect=True)


class Server:
    """The server as its administrator sees it."""

    def __init__(self, url: str) -> None:
        told = conninfo_to_dict(url)
        self.name = str(told["dbname"])
        self._link = psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True)

    def cut(self) -> None:
        """End every connection, as a restart does."""
        ending = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        self._link.execute(ending, (self.name,))

    def take(self, *, is_taking: bool) -> None:
        """Take connections, or refuse them all."""
        self._link.execute(
            psycopg.sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(
                psycopg.sql.Identifier(self.name), psycopg.sql.Literal(is_taking)
            )
        )

    def close(self) -> None:
        """Let go of it."""
        self._link.close()


@pytest.fixture
async def server(url: str) -> AsyncIterator[Server]:
    one = Server(url)
    yield one
    one.close()


@pytest.fixture
async def store(url: str) -> AsyncIterator[Database]:
    async with opened(url) as engine:
        yield engine


async def test_a_restart_between_two_guesses_is_noticed_by_nobody(
    store: Database, server: Server, course: Course
) -> None:
    await guess(store, course, Learner(1, 900))
    server.cut()
    await guess(store, course, Learner(2, 900))
    assert await learners(store) == 2


async def test_a_restart_within_a_guess_keeps_nothing_of_it_and_says_so(
    store: Database, server: Server
) -> None:
    async def be_cut() -> None:
        async with open_with(store)() as records:
            await records.enrol(Learner(1), NOW)
            server.cut()
            await records.enrol(Learner(2), NOW)

    with pytest.raises(StoreError) as failed:
        await be_cut()
    assert isinstance(failed.value, RecordsAway)
    assert one_line(failed)
    assert await learners(store) == 0


async def test_a_server_that_is_gone_for_a_while_is_told_each_time_and_used_again(
    store: Database, server: Server, course: Course
) -> None:
    await guess(store, course, Learner(1, 900))
    server.take(is_taking=False)
    server.cut()
    for number in (2, 3):
        with pytest.raises(StoreError) as failed:
            await guess(store, course, Learner(number, 900))
        assert isinstance(failed.value, RecordsAway)
    server.take(is_taking=True)
    await guess(store, course, Learner(4, 900))
    assert await learners(store) == 2


async def test_a_server_that_only_reads_is_told(
    store: Database, server: Server, course: Course, url: str
) -> None:
    with psycopg.connect(url, autocommit=True) as link:
        read_only = psycopg.sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on")
        link.execute(read_only.format(psycopg.sql.Identifier(server.name)))
    with pytest.raises(StoreError) as failed:
        await guess(store, course, Learner(1, 900))
    assert isinstance(failed.value, RecordsAway)
    assert "read-only" in one_line(failed)


async def learners(store: Database) -> int:
    async with store.begin() as connection:
        found = await connection.run_sync(
            lambda c: c.exec_driver_sql("SELECT count(*) FROM learner").scalar()
        )
    return int(found or 0)
