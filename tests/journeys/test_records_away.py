"""The database fails under a press: told in a sentence, nothing pretended, well again by itself."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from bot.domain.errors import RecordsAway
from bot.store import database, write_log
from tests.journeys.player import Player


@contextmanager
def locked(file: Path) -> Iterator[None]:
    with closing(sqlite3.connect(file, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def moved(file: Path) -> Iterator[None]:
    away = file.rename(file.with_name("away.sqlite"))
    yield
    away.rename(file)


@contextmanager
def failing_disk(_: Path) -> Iterator[None]:
    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(write_log, "send", refuse)
        yield


@pytest.fixture(autouse=True)
def short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask again for a locked file a moment only. It is read when the bot is built."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.05)


@pytest.mark.parametrize("fault", [locked, moved, failing_disk])
async def test_a_press_that_cant_be_kept_is_told_so_and_the_next_one_goes_on(
    alice: Player,
    tmp_path: Path,
    fault: Callable[[Path], AbstractContextManager[None]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    file = tmp_path / "hunch.sqlite"
    await alice.type("lesson")
    await alice.press("Start")
    await alice.press("B")
    with fault(file):
        await alice.press("sure")
        assert alice.told == RecordsAway.TOLD
    assert "records away" in caplog.text
    assert "Traceback" not in caplog.text
    shown = await alice.press("sure")
    assert "✓ B: It adds" in shown or "locked in" in shown
    with closing(sqlite3.connect(file)) as reader:
        assert reader.execute("SELECT count(*) FROM guess").fetchone() == (1,)
        assert reader.execute("SELECT sum(votes) FROM tally").fetchone() == (1,)
