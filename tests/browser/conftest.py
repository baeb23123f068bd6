"""A headless Chromium, and `hunch play` in a process of its own."""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from tests.conftest import EVERY_KIND

ROOT = Path(__file__).parents[2]
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

Play = Callable[..., AbstractAsyncContextManager["Playing"]]


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """Debian's chromium. CI must have it; elsewhere its absence is said loudly."""
    path = shutil.which("chromium")
    if path is None:
        why = "no chromium on this machine: apt-get install chromium, then run this again"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=path,
            args=list(QUIET),
            ignore_default_args=["--hide-scrollbars"],  # they take room, as in a person's window
        )
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
