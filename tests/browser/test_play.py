"""`hunch play` from the browser, with the real model: what a newcomer does first."""

import os
from pathlib import Path

from playwright.async_api import Browser, expect

from tests.browser.conftest import Play
from tests.browser.page import PlayPage

PHONE = {"width": 360, "height": 780}
DESK = {"width": 1000, "height": 1120}


async def guess_and_reveal(person: PlayPage) -> None:
    await person.reads("Guess what it is.")
    await person.press("Start")
    await person.reads("How does a reply come into being?")
    await person.press("A")
    await person.reads("How sure are you?")
    await person.press("likely")
    await person.reads("You said A. It's B")


async def test_a_newcomer_guesses_reveals_and_asks_the_model(
    chromium: Browser, play: Play, tmp_path: Path
) -> None:
    async with play() as playing:
        person = PlayPage(await chromium.new_page(viewport=DESK))
        await person.open(playing.url)
        await person.type("lesson")
        await guess_and_reveal(person)
        await person.type("nexttoken", prompt="The pods of Kubernetes are scheduled by the")
        await person.reads(
            "live · SmolLM2-135M-Instruct, Q4_1, raw text without its chat template (embedded)"
        )
        await person.reads("Append ␣Ku")
        await person.page.mouse.move(0, 0)
        picture = os.environ.get("HUNCH_PICTURE", str(tmp_path / "play.png"))
        assert len(await person.page.screenshot(path=picture)) > 10_000
        await person.press("Append ␣Ku")
        await person.reads("Undo")
        code, last = await playing.stop()
    assert code == 0, last
    assert "Your progress is kept." in last
    assert "Traceback" not in last


async def test_a_second_evening_goes_on_where_the_first_ended(
    chromium: Browser, play: Play
) -> None:
    async with play() as playing:
        person = PlayPage(await chromium.new_page(viewport=PHONE))
        await person.open(playing.url)
        await person.press("Start")  # of the welcome card: no command needs to be known
        await guess_and_reveal(person)
        assert await person.widest() == 0
        await playing.stop()
    async with play() as playing:
        person = PlayPage(await chromium.new_page(viewport=PHONE))
        await person.open(playing.url)
        await person.type("lesson")
        await person.reads("You said A. It's B")
        await person.press("Next")
        await person.press("Run it")
        await person.reads(
            "live · SmolLM2-135M-Instruct, Q4_1, raw text without its chat template (embedded)"
        )
        await person.type("more progress")
        await person.reads("right at first try")
        assert await person.widest() == 0
