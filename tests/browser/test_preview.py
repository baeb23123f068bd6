"""A lesson taken as a learner while it is being written."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from curriculum.starting import new_course
from tests.browser.conftest import ROOT, _address
from tests.browser.page import PlayPage

ASK = "Checkout fails for one user in five since a release an hour ago. What first?"
CAUSE_FIRST = "Read the logs until the cause is clear"
REPLY = "It feels right: how could you mend what you don't understand?"


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """The first lesson of a course of one's own."""
    new_course(tmp_path / "own")
    return tmp_path / "own" / "lessons" / "01-first-ten-minutes.yaml"


@pytest.fixture
async def previewed(
    written: Path, tmp_path: Path
) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    own = {"HUNCH_COURSE_DIR": str(written.parents[1])}
    own["HUNCH_DATABASE_URL"] = f"sqlite:///{tmp_path}/hunch.sqlite"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "lessons", "preview", "1",
        cwd=ROOT,
        env={**os.environ, **own},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    yield await _address(process), process
    process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(process.wait(), 60)


def edit(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


async def said(process: asyncio.subprocess.Process) -> str:
    """Return what is told until the page is said to stay as it was."""
    assert process.stdout
    lines: list[str] = []
    while not lines or "as it was" not in lines[-1]:
        lines.append((await asyncio.wait_for(process.stdout.readline(), 60)).decode())
    return "".join(lines)


async def test_what_an_author_saves_shows_in_the_open_page_and_their_guess_stays(
    chromium: Browser, written: Path, previewed: tuple[str, asyncio.subprocess.Process]
) -> None:
    url, process = previewed
    page = PlayPage(await chromium.new_page())
    await page.page.goto(url)
    await page.press("Start")
    await page.reads(ASK)

    edit(written, ASK, "Checkout fails since a release. What now?")
    await page.reads("Checkout fails since a release. What now?")

    await page.press(await page.letter_of(CAUSE_FIRST))
    await page.press("sure")
    await page.reads(REPLY)
    edit(written, "    ask: Checkout fails", "    asks: Checkout fails")
    assert "01-first-ten-minutes.yaml:27: `asks` is no field here" in await said(process)
    edit(written, "    asks: Checkout fails", "    ask: Checkout fails")
    edit(written, REPLY, "You'd like to know the cause first.")
    await page.reads("You'd like to know the cause first.")
    await page.reads("You said ")
    assert process.returncode is None
