"""The page of `hunch play`: its address, what is typed on it, and how it ends."""

import asyncio
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
import simcord

from bot.cli import page, play
from tests.journeys.player import Player


def test_the_address_ends_the_same_each_time_and_nobody_else_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    key = page.page_key(folder)
    assert len(key) >= 32
    assert page.page_key(folder) == key
    assert (folder / "play.key").stat().st_mode & 0o777 == 0o600
    (folder / "play.key").write_text("short")
    assert len(page.page_key(folder)) >= 32


def test_where_progress_is_kept_is_told_without_a_password() -> None:
    assert play.kept_in("sqlite:////home/me/hunch.sqlite") == "/home/me/hunch.sqlite"
    assert play.kept_in("postgresql+psycopg://me:secret@db/hunch") == "your database"


async def test_a_taken_port_is_told_where_it_was_asked_for_and_replaced_where_not(
    simcord_env: Any, channel: Any, alice: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr(play, "USUAL_PORT", port)
        with pytest.raises(simcord.SetupError):
            async with play._opened(simcord_env, channel, [alice.actor], "k" * 32, port):
                pass
        async with play._opened(simcord_env, channel, [alice.actor], "k" * 32, None) as page:
            assert f":{port}/" not in page.url
            assert page.url.endswith("#" + "k" * 32)
    async with play._opened(simcord_env, channel, [alice.actor], "k" * 32, None) as page:
        assert f":{port}/" in page.url


async def test_a_typed_name_is_a_mention(simcord_env: Any, alice: Player) -> None:
    send = play.mentioning(alice.actor.send, simcord_env.bot)
    await send(alice.channel, "@hunch: hi")
    assert "Good to see you" in alice.heard()
    await send(alice.channel, "write to a@hunchback.org")
    assert "hunchback" in alice.channel.history()[-1].content
    assert "<@" not in alice.channel.history()[-1].content


async def test_a_process_that_was_told_to_stop_ends_though_a_thread_is_busy() -> None:
    stuck = "import threading; threading.Thread(target=threading.Event().wait).start()"
    code = f"from bot.cli.play import _leave_soon; {stuck}; _leave_soon()"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    assert await asyncio.wait_for(process.wait(), 60) == 0
