"""What is closed is closed whatever becomes of the others, and what fails is told."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from bot import closing
from bot.closing import close_all
from bot.settings import Settings
from bot.wiring import bot as wiring
from tests.fakes.model import FakeEngine
from tools.bound import BoundCatalogue
from tools.engine.cluster.cluster import ClusterEngine


@pytest.fixture(autouse=True)
def uncached(monkeypatch: pytest.MonkeyPatch) -> None:
    """Log anew: a logger that was used before keeps to what was configured then."""
    monkeypatch.setattr(closing, "log", structlog.get_logger())


class Things:
    """Three things to close; some can't be."""

    def __init__(self, **failures: BaseException) -> None:
        self.failures = failures
        self.closed: list[str] = []

    def close(self, name: str) -> Callable[[], Any]:
        async def close() -> None:
            self.closed.append(name)
            if name in self.failures:
                raise self.failures[name]

        return close

    async def close_all(self) -> None:
        await close_all(one=self.close("one"), two=self.close("two"), three=self.close("three"))


async def test_one_failure_leaves_nothing_open_and_is_raised_and_logged() -> None:
    things = Things(one=OSError("stuck"))
    with capture_logs() as log, pytest.raises(OSError, match="stuck"):
        await things.close_all()
    assert things.closed == ["one", "two", "three"]
    assert [(line["log_level"], line["what"]) for line in log] == [("error", "one")]


async def test_several_failures_are_raised_as_a_group() -> None:
    things = Things(one=OSError("stuck"), three=ValueError("odd"))
    with capture_logs() as log, pytest.raises(ExceptionGroup) as raised:
        await things.close_all()
    assert [str(one) for one in raised.value.exceptions] == ["stuck", "odd"]
    assert [line["what"] for line in log] == ["one", "three"]


async def test_a_cancellation_in_the_middle_still_closes_the_rest_and_is_not_lost() -> None:
    things = Things(one=ValueError("odd"), two=asyncio.CancelledError())
    with pytest.raises(asyncio.CancelledError):
        await things.close_all()
    assert things.closed == ["one", "two", "three"]


async def test_what_fails_deep_inside_is_logged_once_with_the_way_to_it() -> None:
    things = Things(two=OSError("stuck"))
    with capture_logs() as log, pytest.raises(OSError, match="stuck") as raised:
        await close_all(plain=lambda: None, inner=things.close_all)
    assert [line["what"] for line in log] == ["two"]
    assert raised.value.__notes__ == ["while closing: two", "while closing: inner"]


class Stuck(FakeEngine):
    """An engine that can't be closed."""

    async def close(self) -> None:
        await super().close()
        raise OSError("the engine is stuck")


async def test_an_engine_that_cannot_be_closed_keeps_no_other_engine_open() -> None:
    other = FakeEngine()
    with pytest.raises(OSError, match="stuck"):
        await BoundCatalogue(Stuck(), other).close()
    assert other.calls["close"] == 1


async def test_an_engine_that_cannot_be_closed_keeps_no_database_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Any] = []

    def connect(url: str) -> Any:
        opened.append(real(url))
        return opened[-1]

    real = wiring.connect
    monkeypatch.setattr(wiring, "connect", connect)
    url = f"sqlite:///{tmp_path}/hunch.sqlite"
    bot = wiring.build_bot(Settings(database_url=url), Stuck())
    await bot._on_start()
    (store,) = opened
    assert store.sync_engine.pool.checkedin() == 1  # a file that is held open
    with pytest.raises(OSError, match="the engine is stuck"):
        await bot._on_stop()
    assert store.sync_engine.pool.checkedin() == 0


async def test_a_question_about_the_server_that_failed_keeps_no_connection_open() -> None:
    async def fail() -> None:
        raise RuntimeError("a fault of ours")

    engine = ClusterEngine("http://127.0.0.1:9/v1", "served", timeout_s=5)
    engine._asking = asyncio.create_task(fail())
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="a fault of ours"):
        await engine.close()
    assert engine._server._client.is_closed()
