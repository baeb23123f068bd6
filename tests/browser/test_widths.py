"""What stands in columns on a phone: no code block scrolls sideways, and the columns hold."""

from collections.abc import Sequence

import pytest
from playwright.async_api import Browser, Page

from bot.domain.instrument.trial import Trial
from bot.domain.lesson.projection import intro_of, screen_for
from bot.ui.cards.instrument import draw_instrument
from bot.ui.cards.kit import Card, card, code_block
from bot.ui.cards.lesson.draw import draw
from curriculum.schema import Course
from tests.browser.posted import posted
from tests.domain.lesson.walks import walked
from tests.tools.instruments.quick import quick
from tools import catalogue
from tools.engine.base import OF_A_SERVER
from tools.engine.local.local import LocalEngine
from tools.exhibit.exhibit import Bar, Bars, Part, Table
from tools.exhibit.monospace import PHONE
from tools.exhibit.text import part_text

NAMES = [name for name, found in catalogue.INSTRUMENTS.items() if not found.needs & OF_A_SERVER]
PROMPTS = {"as it comes": None, "wide": "日本の首都は東京です。猫 👩‍💻 नमस्ते", "bytes": "猫🦭 ☃️"}
LABELS = ("␣cat", "日本", "🦭", "नमस्ते", "␣猫x", "‹e7 8c›", "⏎")
WIDER = """
() => [...document.querySelectorAll(".code-block")]
  .filter((block) => block.scrollWidth > block.clientWidth)
  .map((block) => block.innerText)
"""
ENDS = """
() => [...document.querySelectorAll(".code-block code")].map((code) => {
  const text = code.firstChild, found = [];
  for (const part of text.data.matchAll(/%/g)) {
    const range = document.createRange();
    range.setStart(text, part.index);
    range.setEnd(text, part.index + 1);
    found.push(Math.round(range.getBoundingClientRect().right * 10) / 10);
  }
  return found;
})
"""


MOST_CARDS = 20  # at once: the page shows the newest messages alone


async def too_wide_of(chromium: Browser, cards: Sequence[Card]) -> list[str]:
    """Return the code blocks on these cards that have to be scrolled sideways."""
    found = []
    for first in range(0, len(cards), MOST_CARDS):
        async with posted(chromium, cards[first : first + MOST_CARDS]) as page:
            found += await too_wide(page)
            assert "\ufffd" not in await page.inner_text("main")
    return found


async def too_wide(page: Page) -> list[str]:
    """Return the code blocks that have to be scrolled sideways."""
    found: list[str] = await page.evaluate(WIDER)
    return found


async def test_the_phone_s_columns_are_those_that_fit_and_no_fewer(chromium: Browser) -> None:
    tall = "\n" * 60  # so that the page has a scrollbar of its own
    fits = card(code_block("0" * PHONE + tall))
    wider = card(code_block("0" * (PHONE + 2) + tall))
    async with posted(chromium, [fits]) as page:
        assert await too_wide(page) == []
    async with posted(chromium, [wider]) as page:
        assert len(await too_wide(page)) == 1


@pytest.mark.parametrize("prompt", PROMPTS)
async def test_no_instrument_s_card_scrolls_sideways(
    prompt: str, chromium: Browser, embedded: LocalEngine
) -> None:
    cards = []
    for name in NAMES:
        chosen = quick(name)
        if text := PROMPTS[prompt]:
            if not {"prompt", "text"} & set(chosen):
                continue
            chosen |= {key: text for key in ("prompt", "text") if key in chosen}
        shown = await catalogue.run(embedded, name, chosen)
        cards.append(draw_instrument(Trial(1, 1, name, {}, 9), shown))
    assert await too_wide_of(chromium, cards) == []


async def test_no_card_of_the_first_lesson_scrolls_sideways(
    chromium: Browser, shipped: Course
) -> None:
    lesson = shipped.lessons[0]
    screens = [intro_of(lesson)]
    for is_right in (True, False):
        screens += [screen_for(one, lesson) for one in walked(lesson, is_right=is_right)]
    cards: list[Card] = [draw(screen) for screen in screens]
    assert await too_wide_of(chromium, cards) == []


BARS = Bars(tuple(Bar(label, 0.9 / n, f"{90 / n:.1f} %") for n, label in enumerate(LABELS, 1)))
ROWS = tuple((label, f"{90 / n:.1f} %", str(n)) for n, label in enumerate(LABELS, 1))
TABLE = Table(("token", "share", "n"), ROWS, lit=1)


@pytest.mark.parametrize("part", [BARS, TABLE])
async def test_figures_stand_in_one_column_whatever_script_the_labels_are_in(
    part: Part, chromium: Browser
) -> None:
    async with posted(chromium, [card(code_block(part_text(part, PHONE)))]) as page:
        (ends,) = await page.evaluate(ENDS)
        assert len(ends) == len(LABELS)
        assert len(set(ends)) == 1
        assert await too_wide(page) == []
