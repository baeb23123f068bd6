"""How the process of `hunch run` ends: in order when told to, in one line when it can't go on."""

import signal
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.run.discord_stub import DiscordStub, serving
from tests.run.process import CLUSTER, Ended, hunch_run

pytestmark = pytest.mark.timeout(150)


@pytest.fixture
async def stub() -> AsyncIterator[DiscordStub]:
    """A Discord that takes every token."""
    async with serving(DiscordStub()) as stub:
        yield stub


async def test_sigterm_closes_the_connection_first_and_no_model_library_was_ever_loaded(
    stub: DiscordStub, tmp_path: Path
) -> None:
    async with hunch_run(tmp_path, stub) as running:
        await running.logged("ready")
        ended = await running.stopped(signal.SIGTERM)
        await stub.until(lambda: stub.closed_with)

    assert ended.code == 0
    assert "SIGTERM" in ended.err
    assert "Traceback" not in ended.err
    assert stub.closed_with == [1000]
    assert "bot.cli.run" in ended.modules
    assert not ended.modules & {"torch", "transformers", "simcord", "numpy", "safetensors", "gguf"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_it_ends_in_order_too_where_event_loops_take_no_signals(
    stub: DiscordStub, tmp_path: Path, number: signal.Signals
) -> None:
    async with hunch_run(tmp_path, stub, CLUSTER | {"STUB_LOOP": "like Windows"}) as running:
        await running.logged("ready")
        ended = await running.stopped(number)
        await stub.until(lambda: stub.closed_with)

    assert ended.code == 0
    assert number.name in ended.err
    assert "Traceback" not in ended.err
    assert stub.closed_with == [1000]


async def test_ctrl_c_while_logging_in_ends_it_too(stub: DiscordStub, tmp_path: Path) -> None:
    stub.holds_login = True
    async with hunch_run(tmp_path, stub) as running:
        await stub.request("GET", "/users/@me")
        ended = await running.stopped(signal.SIGINT)

    assert ended.code == 0
    assert "SIGINT" in ended.err
    assert "Traceback" not in ended.err


async def test_a_refused_token_is_one_line(stub: DiscordStub, tmp_path: Path) -> None:
    stub.is_token_refused = True

    ended = await _ended(stub, tmp_path)

    assert ended.code == 1
    assert "refused the token" in _one_line(ended)


async def test_no_discord_is_one_line(stub: DiscordStub, tmp_path: Path) -> None:
    stub.url = "http://127.0.0.1:9/api/v10"  # the discard port: nobody listens

    ended = await _ended(stub, tmp_path)

    assert ended.code == 1
    assert "Can't reach Discord" in _one_line(ended)


@pytest.mark.parametrize(
    ("close_code", "advice"),
    [
        (4004, "refused the token"),
        (4014, "needs none that is privileged"),
        (4011, "HUNCH_SHARDS=0"),
    ],
)
async def test_a_connection_closed_for_good_is_one_line(
    stub: DiscordStub, tmp_path: Path, close_code: int, advice: str
) -> None:
    stub.close_code = close_code

    ended = await _ended(stub, tmp_path)

    assert ended.code == 1
    assert advice in _one_line(ended)


async def test_a_database_newer_than_the_program_is_one_line(
    stub: DiscordStub, tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "hunch.sqlite") as database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
        database.execute("INSERT INTO alembic_version VALUES ('9999')")
    database.close()

    ended = await _ended(stub, tmp_path)

    assert ended.code == 1
    assert "9999" in _one_line(ended)


async def _ended(stub: DiscordStub, folder: Path) -> Ended:
    async with hunch_run(folder, stub) as running:
        return await running.ended()


def _one_line(ended: Ended) -> str:
    lines = [line for line in ended.err.splitlines() if line.startswith("hunch: ")]
    assert len(lines) == 1, ended.err
    assert "Traceback" not in ended.err
    return lines[0]
