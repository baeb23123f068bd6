"""Four lessons on the page, as wide as a phone: to the step that is for playing, and its knobs."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser

from curriculum.kinds.exhibit import ExhibitStep
from curriculum.schema import Course
from tests.browser.conftest import Play
from tests.browser.page import PlayPage
from tests.browser.test_play import PHONE


@pytest.mark.whole
@pytest.mark.parametrize("number", [2, 4, 8, 9])
async def test_what_is_for_playing_fits_a_phone_and_has_its_knobs(
    chromium: Browser, play: Play, shipped: Course, tmp_path: Path, number: int
) -> None:
    lesson = shipped.lessons[number - 1]
    target = next(step for step in lesson.steps if isinstance(step, ExhibitStep))
    folder = Path(os.environ.get("HUNCH_LESSON_PICTURES", tmp_path))
    async with play("--lesson", lesson.slug) as playing:
        page = await chromium.new_page(viewport=PHONE, device_scale_factor=2)  # type: ignore[arg-type]
        person = PlayPage(page)
        await page.goto(playing.url)
        await person.reads(lesson.setup.splitlines()[0])
        await person.press("Start")
        for step in lesson.steps[: lesson.steps.index(target)]:
            said = getattr(step, "ask", None) or getattr(step, "title", "")
            await person.reads(said.replace("`", "").replace("*", "").split("\n")[0])
            await person.press("Skip" if hasattr(step, "ask") else "Next")
        await person.reads(target.title)
        await person.press("Run it")
        await person.offers("Try it yourself")
        assert await person.widest() == 0
        await person.press("Try it yourself")
        await person.offers("Go on with my lesson")
        assert await person.widest() == 0
        await page.screenshot(path=folder / f"lesson-{number}.png")
        await playing.stop()
