"""A match on the page, as wide as a phone."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.conftest import Play
from tests.browser.page import PlayPage
from tests.browser.test_play import PHONE


@pytest.mark.every_kind
async def test_things_are_paired_on_a_phone(chromium: Browser, play: Play, tmp_path: Path) -> None:
    async with play() as playing:
        person = PlayPage(await chromium.new_page(viewport=PHONE))
        await person.open(playing.url)
        await person.press("Start")
        await person.reads("A lesson for tests.")
        await person.press("Start")
        for question in ("How is a reply made?", "How many tokens", "Which token", "Put the loop"):
            await person.reads(question)
            await person.press("Skip")
        await person.reads("What is each kept for?")
        assert await person.widest() == 0
        await person.page.screenshot(path=tmp_path / "match-1.png")
        for press in ("1 → B", "2 → C"):  # the third is the one left
            await person.press(press)
        await person.reads("How sure are you?")
        await person.page.screenshot(path=tmp_path / "match-2.png")
        await person.press("sure")
        await person.page.get_by_role("button", name="Next", exact=True).last.wait_for()
        assert await person.widest() == 0
        await person.page.screenshot(path=tmp_path / "match-3.png")
        await playing.stop()
