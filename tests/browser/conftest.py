"""A headless Chromium, and `hunch play` in a process of its own."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from tests.conftest import EVERY_KIND

ROOT = Path(__file__).parents[2]
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

expect.set_options(timeout=30_000)  # of what a busy machine draws late

Play = Callable[..., AbstractAsyncContextManager["Playing"]]


@pytest.fixture(scope="session")
def running_chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Debian's chromium, started once a run: where it takes orders.

    CI must have it; elsewhere its absence is said loudly.
    """
    path = shutil.which("chromium")
    if path is None:
        why = "no chromium on this machine: apt-get install chromium, then run this again"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    folder = tmp_path_factory.mktemp("chromium")
    command = [path, *QUIET, f"--user-data-dir={folder}", "--remote-debugging-port=0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        yield _where_it_listens(folder / "DevToolsActivePort", process)
        process.terminate()


def _where_it_listens(told: Path, process: subprocess.Popen[bytes]) -> str:
    """Wait for the file in which chromium names its port."""
    for _ in range(1200):
        if told.exists() and (lines := told.read_text().split()):
            return f"http://127.0.0.1:{lines[0]}"
        assert process.poll() is None, "chromium ended at once"
        time.sleep(0.05)
    raise AssertionError("chromium names no port")


@pytest.fixture
async def chromium(running_chromium: str) -> AsyncIterator[Browser]:
    """That chromium for one test: what it opens is closed and forgotten with it."""
    async with async_playwright() as driver:
        browser = await driver.chromium.connect_over_cdp(running_chromium)
        yield browser
        await browser.close()


@dataclass
class Playing:
    """A running `hunch play`."""

    url: str
    process: asyncio.subprocess.Process

    async def stop(self) -> tuple[int, str]:
        """Press Ctrl-C; return the exit code and the last words."""
        self.process.send_signal(signal.SIGINT)
        last, _ = await asyncio.wait_for(self.process.communicate(), 60)
        assert self.process.returncode is not None
        return self.process.returncode, last.decode()


@pytest.fixture
def course_dir(request: pytest.FixtureRequest) -> Path | None:
    """The shipped course; `@pytest.mark.every_kind` takes the one for tests."""
    return EVERY_KIND if request.node.get_closest_marker("every_kind") else None


@pytest.fixture
def play(tmp_path: Path, course_dir: Path | None) -> Play:
    """Start `hunch play` over one database; the same each time, as on a second evening."""
    course = {"HUNCH_COURSE_DIR": str(course_dir)} if course_dir else {}

    @asynccontextmanager
    async def started(*options: str) -> AsyncIterator[Playing]:
        database = f"sqlite:///{tmp_path}/hunch.sqlite"
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "play", *options,
            cwd=ROOT,
            env={**os.environ, "HUNCH_DATABASE_URL": database, **course},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        try:
            yield Playing(await _address(process), process)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    return started


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stdout
    said = []
    while line := (await asyncio.wait_for(process.stdout.readline(), 300)).decode():
        said.append(line)
        if line.startswith("Open http"):
            return line.removeprefix("Open ").strip()
    raise AssertionError("play ended: " + "".join(said))
