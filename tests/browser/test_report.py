"""The instructor's page in a browser that may go nowhere."""

import os
import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from bot.report.page import page_of
from curriculum.schema import Course
from tests.browser.reading import faults, seal
from tests.report.samples import NAMES, sample

DESK: ViewportSize = {"width": 900, "height": 1060}
PHONE: ViewportSize = {"width": 360, "height": 780}


class Opened:
    """The page from a file, what it asked the network for, and what it complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []

    async def open(self, file: Path) -> None:
        """Open it; whatever isn't the file itself is refused and noted."""
        await seal(self.page, file.as_uri(), self.asked, self.complaints)
        await self.page.goto(file.as_uri())
        await expect(self.page.locator(".chart svg")).to_have_count(3)

    async def column(self, heading: str, head: str) -> list[str]:
        """Return the cells of a column of the table under a heading."""
        section = self.page.locator("section", has=self.page.get_by_role("heading", name=heading))
        heads = await section.locator("th").all_inner_texts()
        place = [re.sub(r" [▲▼]$", "", text) for text in heads].index(head) + 1
        return await section.locator(f"tbody td:nth-child({place})").all_inner_texts()

    async def sort(self, heading: str, head: str) -> list[str]:
        """Press a column's head; return its cells then."""
        section = self.page.locator("section", has=self.page.get_by_role("heading", name=heading))
        await section.get_by_role("button", name=head, exact=True).click()
        return await self.column(heading, head)


@pytest.fixture
def file(shipped: Course, tmp_path: Path) -> Path:
    file = tmp_path / "class.html"
    file.write_bytes(page_of(sample(shipped)))
    return file


@pytest.fixture
async def opened(chromium: Browser, file: Path) -> Opened:
    opened = Opened(await chromium.new_page(viewport=DESK))
    await opened.open(file)
    return opened


async def test_the_page_asks_nobody_for_anything_and_runs_no_learners_script(
    opened: Opened,
) -> None:
    page = opened.page
    assert await page.evaluate("typeof window.hacked") == "undefined"
    found = await page.locator("img, iframe, link, form:not(.vega-bindings), a").evaluate_all(
        "all => all.map(one => one.outerHTML.slice(0, 200))"
    )
    assert found == []
    assert await page.locator("script").count() == 3
    assert opened.asked == []
    assert opened.complaints == []
    blocked = await page.evaluate("fetch('https://example.org/').then(() => 'sent', () => 'no')")
    assert blocked == "no"


async def test_a_bar_tells_its_figures_though_the_page_may_compile_nothing(opened: Opened) -> None:
    assert (await opened.page.content()).count("unsafe-") == 0
    bar = opened.page.locator("#chart-steps .mark-rect path").first
    await bar.hover(force=True)
    await expect(opened.page.locator("#vg-tooltip-element.visible table")).to_contain_text(
        "guesses60"
    )
    assert opened.complaints == []


async def test_a_table_sorts_by_number_and_by_name_and_back(opened: Opened) -> None:
    up = [float(text.rstrip("%")) for text in await opened.sort("Learners", "Right")]
    assert up == sorted(up)
    down = [float(text.rstrip("%")) for text in await opened.sort("Learners", "Right")]
    assert down == sorted(up, reverse=True)
    await opened.sort("Learners", "Learner")
    section = opened.page.locator("section", has_text="Those who agreed")
    head = section.get_by_role("columnheader", name="Learner", exact=True)
    await expect(head).to_have_attribute("aria-sort", "ascending")
    assert len(await opened.column("Learners", "Learner")) == len(NAMES)


async def test_the_page_is_readable_on_a_phone_in_the_dark_and_on_paper(
    chromium: Browser, file: Path, tmp_path: Path
) -> None:
    page = await chromium.new_page(viewport=PHONE, color_scheme="dark")
    await Opened(page).open(file)
    wide = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    assert await clipped(page) == []
    ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(22, 26, 33)"
    await page.screenshot(path=tmp_path / "phone.png")
    paper = await page.pdf(format="A4")
    assert paper.startswith(b"%PDF")


async def clipped(page: Page) -> list[str]:
    """Return the heads of columns that begin or end outside the window."""
    heads: list[str] = await page.locator("th").evaluate_all(
        "all => all.filter(one => { const at = one.getBoundingClientRect();"
        " return at.left < 0 || at.right > window.innerWidth; }).map(one => one.innerText)"
    )
    return heads


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK])
async def test_a_screen_reader_finds_its_way_and_everything_can_be_told_from_its_ground(
    chromium: Browser, file: Path, viewport: ViewportSize, scheme: Literal["light", "dark"]
) -> None:
    page = await chromium.new_page(viewport=viewport, color_scheme=scheme)
    await Opened(page).open(file)
    assert await faults(page) == []
    order = await page.locator("h1, h2, .chart, table").evaluate_all(
        "all => all.map(one => one.tagName === 'DIV' ? 'chart' : one.tagName.toLowerCase())"
    )
    assert order[:7] == ["h1", "h2", "chart", "table", "h2", "chart", "table"]
    told = await page.locator(".chart").evaluate_all(
        "all => all.map(one => one.getAttribute('aria-label'))"
    )
    assert "Lesson 1: 20 done, 20 under way." in told[0]
    assert "Least often: step" in told[1]
    assert "Of those 85% sure," in told[2]


async def test_a_picture_of_the_page_for_the_documentation(
    chromium: Browser, shipped: Course, tmp_path: Path
) -> None:
    plain = ("Ada", "Björn", "Chidi", "Dora", "Emeka", "Farah")
    file = tmp_path / "class.html"
    file.write_bytes(page_of(sample(shipped, names=plain)))
    opened = Opened(await chromium.new_page(viewport=DESK))
    await opened.open(file)
    picture = os.environ.get("HUNCH_REPORT_PICTURE", str(tmp_path / "report.png"))
    assert len(await opened.page.screenshot(path=picture)) > 10_000
