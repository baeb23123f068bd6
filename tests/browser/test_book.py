"""The book in a browser that may go nowhere."""

import asyncio
import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from bot.book.recording import ShownSteps, StepShown, record
from bot.wiring.book import write_page
from curriculum.kinds.base import AskedStep
from curriculum.schema import Course
from tests.browser.reading import faults, seal
from tests.fakes.clock import NOW
from tests.report.samples import SCRIPT
from tests.ui.pictures.examples import EXAMPLES
from tests.written_numbers import PLAIN, READ, REFUSED, UNSURE
from tools.bound import BoundCatalogue
from tools.engine.local.local import LocalEngine
from tools.exhibit.exhibit import (
    Bar,
    Bars,
    Code,
    Exhibit,
    Origin,
    Prose,
    Provenance,
    Stages,
    Table,
    Tokens,
)
from tools.numerals import POINT, UnreadableNumber, read_number

DESK: ViewportSize = {"width": 900, "height": 1060}
PHONE: ViewportSize = {"width": 360, "height": 780}
EVERY_PART = Exhibit(
    "Every part",
    (
        Prose("In words."),
        Bars((Bar("␣one", 0.6, "60 %"), Bar("others", 0.4, "40 %", is_rest=True))),
        Tokens(("The", "␣cat", "␣sat"), fresh=1),
        Stages(("ids = tokens(text)", "while not done:"), lit=1),
        Code('curl -s http://127.0.0.1:8000/v1/completions -d \'{"prompt": "A cat"}\''),
        Table(("", "a long heading", "another", "and one more"), (("row", "1", "2", "3"),) * 2, 1),
        *EXAMPLES.values(),
    ),
    Provenance(Origin.COMPUTED),
)
WRONG = {"pick": "A", "how-many": "12", "next": " Ku", "check-one": "B"}


class Book:
    """The book from a file, what it asked the network for, and what it complained of."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page = page
        self.address = file.as_uri()
        self.asked: list[str] = []
        self.complaints: list[str] = []

    async def open(self, at: str = "lesson-1") -> "Book":
        """Open it; whatever isn't the file itself is refused and noted."""
        await seal(self.page, self.address, self.asked, self.complaints)
        await self.page.goto(f"{self.address}#{at}")
        return self

    def step(self, name: str) -> Locator:
        """Return a step of the first lesson."""
        return self.page.locator(f"[id='1-{name}']")

    async def commit(self, name: str, answer: str, sure: str = "sure") -> Locator:
        """Guess at a step, say how sure, and return it."""
        step = self.step(name)
        kind = await step.get_attribute("class") or ""
        if "picked" in kind:
            await step.locator(f"input[value='{answer}']").check()
        elif "arranged" in kind:
            for letter in answer:
                await step.locator(f".put[value='{letter}']").click()
        else:
            await step.locator(".own :is(input, textarea)").fill(answer)
        await step.get_by_role("button", name=sure, exact=True).click()
        return step

    async def letter(self, name: str, key: str) -> str:
        """Return the letter that stands before an option of a step."""
        return await self.step(name).locator(f"input[value={key}] + .letter").inner_text()

    async def walk(self) -> None:
        """Go to the end of the lesson, on a guess of some kind at each step."""
        asking = self.page.locator(".page:not(.turned) .step:not(.ahead, .told, .look, .skipped)")
        while await asking.count():
            step = asking.first
            name = (await step.get_attribute("id") or "").removeprefix("1-")
            letters = await step.locator(".put").evaluate_all("all => all.map(one => one.value)")
            answer = "".join(letters) or WRONG.get(name, "A")
            if await step.locator(".level").count():
                await self.commit(name, answer)
            else:
                boxes = step.locator(".own textarea")
                if await boxes.count():
                    await boxes.fill("It scores, picks and starts again.")
                await step.locator(".look-up").click()
            rating = self.step(name).locator(".rate:visible")
            if await rating.count():
                await rating.first.click()


Made = Callable[..., Path]


@pytest.fixture(scope="module")
def shown(course: Course, embedded: LocalEngine) -> ShownSteps:
    recorded = asyncio.run(record(course, BoundCatalogue(embedded)))
    return {**recorded, ("every-kind", "passage"): StepShown(EVERY_PART)}


@pytest.fixture
def made(course: Course, shown: ShownSteps, tmp_path: Path) -> Made:
    def write(of: Course = course) -> Path:
        file = tmp_path / "book.html"
        file.write_text(write_page(of, shown, NOW), encoding="utf-8")
        return file

    return write


@pytest.fixture
async def book(chromium: Browser, made: Made) -> Book:
    return await Book(await chromium.new_page(viewport=PHONE), made()).open()


async def test_a_guess_is_locked_told_to_its_guesser_and_still_there_after_a_reload(
    book: Book,
) -> None:
    first = book.step("pick")
    await expect(first.locator(".answer")).to_be_hidden()
    await expect(first.get_by_role("button", name="sure", exact=True)).to_be_hidden()
    await expect(book.step("how-many")).to_be_hidden()  # it could give the first away

    letter = {
        key: await first.locator(f"input[value={key}] + .letter").inner_text() for key in "AB"
    }
    await book.commit("pick", "A")
    for _ in ("at once", "after a reload"):
        told = f"✗ You said {letter['A']}: All at once"
        await expect(first.locator(".verdict")).to_have_text(told)
        await expect(first.get_by_text("Nothing is planned ahead.")).to_be_visible()
        right = f"It's {letter['B']}: One token at a time"
        await expect(first.get_by_text(right)).to_be_visible()
        await expect(first.get_by_text("There is no such list.")).to_be_hidden()
        await expect(first.locator(".worth")).to_contain_text("85 % sure, and it wasn't so")
        await expect(first.locator("input[value=A]")).to_be_checked()
        await expect(first.locator("input[value=B]")).to_be_disabled()
        await expect(book.step("how-many")).to_be_visible()
        await expect(book.step("next")).to_be_hidden()
        await book.page.reload()

    await first.get_by_role("button", name="What the other answers are told").click()
    await expect(first.get_by_text("There is no such list.")).to_be_visible()
    assert (book.asked, book.complaints) == ([], [])


async def test_every_kind_of_step_can_be_gone_through_to_the_recap(book: Book) -> None:
    await book.walk()
    number, order, match = book.step("how-many"), book.step("in-order"), book.step("who-holds")
    await expect(number.locator(".verdict")).to_have_text("✗ You said 12 tokens")
    await expect(number.get_by_text("More than that: 49,152.")).to_be_visible()
    await expect(book.step("next").locator(".verdict")).to_contain_text(
        "✓ Yours, “␣Ku”, was number 1"
    )
    await expect(order.locator(".verdict")).to_have_text("✗ 0 of 4 in place")
    await expect(match.get_by_text("Go by how long each is there.")).to_be_visible()
    end = book.page.locator("#lesson-1 .end")
    await expect(end.locator(".signs")).to_have_text("✗✗✓✗✗✓✗✗✗")
    await expect(end).to_contain_text("Boldest miss, 85 % sure: How is a reply made?")
    await expect(end).to_contain_text("A step scores every token.")

    await book.page.goto(f"{book.address}#cover")
    await expect(book.page.locator(".done")).to_have_text("✓ done")
    chart = book.page.get_by_role("img", name="85 % sure:")
    await expect(chart).to_be_visible()
    assert (book.asked, book.complaints) == ([], [])


async def test_what_was_skipped_can_be_come_back_to_and_counts_for_nothing(book: Book) -> None:
    await book.step("pick").get_by_role("button", name="Skip this one").click()
    await expect(book.step("how-many")).to_be_visible()
    await expect(book.step("pick").locator(".answer")).to_be_hidden()
    await book.page.reload()
    await expect(book.step("how-many")).to_be_visible()
    await book.commit("pick", "B", "certain")
    right = f"✓ {await book.letter('pick', 'B')}: One token at a time"
    await expect(book.step("pick").locator(".verdict")).to_have_text(right)


async def test_a_number_that_cant_be_read_is_refused_and_asked_again(book: Book) -> None:
    await book.commit("pick", "B")
    await book.commit("how-many", "many")
    await expect(book.step("how-many").get_by_role("alert")).to_contain_text("like 40 or 2 million")
    await expect(book.step("how-many").locator(".answer")).to_be_hidden()
    await book.commit("how-many", "49 thousand")
    await expect(book.step("how-many").locator(".verdict")).to_have_text("✓ 49,000 tokens")


async def test_a_guess_that_an_edited_lesson_no_longer_has_is_asked_anew(book: Book) -> None:
    await book.commit("pick", "A")
    name = "hunch/book/A course to test with"
    kept = json.loads(await book.page.evaluate("name => localStorage.getItem(name)", name))
    assert kept["steps"]["every-kind/pick"]["version"] == 1
    kept["steps"]["every-kind/pick"]["answer"] = "E"
    told = [name, json.dumps(kept)]
    await book.page.evaluate("([name, text]) => localStorage.setItem(name, text)", told)
    await book.page.reload()
    await expect(book.step("pick").locator(".answer")).to_be_hidden()
    await expect(book.step("pick").locator("input[value=A]")).to_be_enabled()


async def test_what_others_put_into_the_browsers_store_breaks_nothing(book: Book) -> None:
    name = "hunch/book/A course to test with"
    for kept in ("{", "null", '{"steps": 3}', '{"steps": {"every-kind/pick": 1}}'):
        told = [name, kept]
        await book.page.evaluate("([name, kept]) => localStorage.setItem(name, kept)", told)
        await book.page.reload()
        await expect(book.step("pick").locator("input[value=A]")).to_be_enabled()
    await book.commit("pick", "A")
    await expect(book.step("pick").locator(".verdict")).to_be_visible()
    assert book.complaints == []


def _read_here(typed: str, unit: str) -> list[object]:
    try:
        found = read_number(typed, unit)
    except UnreadableNumber as refused:
        return [refused.understood, refused.rest, refused.asked]
    return [f"{found.value:.10g}", found.is_plain, found.rule]


def _mixed(count: int) -> list[tuple[str, str]]:
    """Return texts that are nearly numbers, the same ones each time."""
    dice = random.Random(13)
    pieces = (*"0123456789", *"0123456789", *" .,-+'_^/%~x×", "⁶", "½", "٫", "٬", "٤", "e", "10^",
              "k", "m", "b", "t/s", " GB", " ms", " or ", "million", "万", " tokens")  # fmt: skip
    units = ("", "tokens", "MB", "seconds", "%")
    return [
        ("".join(dice.choices(pieces, k=dice.randint(1, 7))), dice.choice(units))
        for _ in range(count)
    ]


async def test_numbers_are_read_as_the_bot_reads_them(book: Book) -> None:
    asked = [*READ, *REFUSED, *UNSURE, *PLAIN, *_mixed(3000)]
    theirs = await book.page.evaluate(
        """all => all.map(([raw, unit]) => {
          const { value, isPlain, rule, understood, rest, asked } = readNumber(raw, unit);
          return value === undefined ? [understood, rest, asked] : [value, isPlain, rule];
        })""",
        asked,
    )
    for one, found in zip(asked, theirs, strict=True):
        if isinstance(found[0], int | float):
            found[0] = f"{found[0]:.10g}"
        assert found == _read_here(*one), one


async def test_the_page_says_how_it_reads_a_number_before_it_is_locked_in(book: Book) -> None:
    await book.commit("pick", "A")
    field = book.step("how-many").locator(".own input")
    reading = book.step("how-many").locator(".reading")
    await field.fill("1.234")
    await expect(reading).to_contain_text("I read that as 1.234")
    await expect(reading).to_contain_text(POINT)
    await field.fill("12")
    await expect(reading).to_be_hidden()
    await field.fill("12,34,56")
    await book.step("how-many").locator(".level").first.click()
    await expect(book.step("how-many").locator(".problem")).to_contain_text(
        "I read 12.34, then “,56”"
    )


@pytest.mark.parametrize(("typed", "found"), [("Paris", 1), (" Paris", 0), ("Parisian", 1)])
async def test_after_a_space_a_guess_is_meant_as_typed(book: Book, typed: str, found: int) -> None:
    place = "([guess, isSpaced]) => placeAmong([[' Paris'], ['Paris']], guess, isSpaced)"
    assert await book.page.evaluate(place, [typed, True]) == found
    assert await book.page.evaluate(place, [typed, False]) == 0  # the likelier of both forms


async def test_a_guess_of_nothing_is_kept(book: Book) -> None:
    await book.commit("pick", "A")
    await book.commit("how-many", "0")
    await expect(book.step("how-many").locator(".verdict")).to_contain_text("You said 0")
    await book.page.reload()
    await expect(book.step("how-many").locator(".verdict")).to_contain_text("You said 0")


async def test_on_paper_every_answer_stands_below_its_question(book: Book, course: Course) -> None:
    await book.page.emulate_media(media="print")
    for step in course.lessons[0].sequence:
        section = book.step(step.id)
        text = " ".join((await section.inner_text()).split())
        for said in step.told():
            asked = step.ask if isinstance(step, AskedStep) else ""
            assert -1 < text.find(asked) < text.rfind(said.split(".")[0]), step.id
        await expect(section.get_by_role("button", name="Skip this one")).to_be_hidden()
    assert (await book.page.pdf(format="A4")).startswith(b"%PDF")


async def test_text_of_a_course_runs_nothing_in_the_page(
    chromium: Browser, course: Course, made: Made
) -> None:
    (lesson,) = course.lessons
    steps = tuple(
        step.model_copy(update={"ask": SCRIPT}) if isinstance(step, AskedStep) else step
        for step in lesson.steps
    )
    evil = lesson.model_copy(update={"title": SCRIPT, "setup": SCRIPT, "steps": steps})
    outline = course.outline.model_copy(update={"title": SCRIPT})
    file = made(course.model_copy(update={"lessons": (evil,), "outline": outline}))
    book = await Book(await chromium.new_page(), file).open()
    await book.commit("pick", "A")
    assert await book.page.evaluate("typeof window.hacked") == "undefined"
    assert await book.page.locator("script").count() == 2
    blocked = await book.page.evaluate(
        "fetch('https://example.org/').then(() => 'sent', () => 'no')"
    )
    assert (blocked, book.asked) == ("no", [])


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"]
)
async def test_nothing_scrolls_sideways_and_a_screen_reader_finds_its_way(
    chromium: Browser, made: Made, viewport: ViewportSize, scheme: Literal["light", "dark"]
) -> None:
    page = await chromium.new_page(viewport=viewport, color_scheme=scheme)
    book = await Book(page, made()).open("cover")
    assert await faults(page) == []
    await page.goto(f"{book.address}#lesson-1")
    assert await faults(page) == []  # before a guess
    await book.walk()
    await expect(page.locator("#lesson-1 .end")).to_be_visible()
    for place in ("lesson-1", "cover", "glossary"):
        await page.goto(f"{book.address}#{place}")
        assert await faults(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


async def test_a_browser_that_keeps_nothing_takes_guesses_all_the_same_and_says_so(
    chromium: Browser, made: Made
) -> None:
    page = await chromium.new_page()
    nothing = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no'); }})"
    await page.add_init_script(nothing)
    book = await Book(page, made()).open()
    await expect(page.get_by_text("This browser keeps nothing for this page")).to_be_visible()
    await book.commit("pick", "B")
    right = f"✓ {await book.letter('pick', 'B')}: One token at a time"
    await expect(book.step("pick").locator(".verdict")).to_have_text(right)


async def test_a_picture_of_the_book_for_the_documentation(
    chromium: Browser, shipped: Course, embedded: LocalEngine, tmp_path: Path
) -> None:
    first = shipped.lessons[0]
    begins = first.model_copy(update={"steps": first.steps[:4]})
    course = shipped.model_copy(update={"lessons": (begins, *shipped.lessons[1:])})
    few = course.model_copy(update={"lessons": (begins,)})
    file = tmp_path / "book.html"
    shown = await record(few, BoundCatalogue(embedded))
    file.write_text(write_page(course, shown, NOW), encoding="utf-8")
    book = await Book(await chromium.new_page(viewport=DESK), file).open()
    await book.commit("how-produced", "B", "likely")
    await book.commit("one-step", "A")
    await book.step("one-step").scroll_into_view_if_needed()
    picture = os.environ.get("HUNCH_BOOK_PICTURE", str(tmp_path / "book.png"))
    assert len(await book.page.screenshot(path=picture)) > 10_000
