"""Lesson 1 on the page of `hunch play`, as wide as a phone: from its start to its recap."""

import pytest
from playwright.async_api import Browser, Locator, expect

from curriculum.kinds.choice import ChoiceStep
from curriculum.kinds.exhibit import ExhibitStep
from curriculum.kinds.number import NumberStep
from curriculum.kinds.read import ReadStep
from curriculum.kinds.recall import RecallStep
from curriculum.kinds.registry import Step
from curriculum.kinds.teachback import TeachbackStep
from curriculum.kinds.token import TokenStep
from curriculum.schema import Course, Lesson
from tests.browser.conftest import Play
from tests.browser.page import PATIENCE_MS, PlayPage
from tests.browser.test_play import PHONE
from tests.browser.test_widths import too_wide
from tests.journeys.test_lesson_one import MOST_PRESSES, SLUG, wrong_of

MOST_LINES = 10
TOLD = "You said sure (85%)"
SAID = "It scores every token, a sampler picks one, it goes on the end, and round it goes."
# The page's own margins leave a card 257 of the 360 points. Lines are counted on a copy as wide as
# the phone, which holds the 40 characters a line that the lessons' budgets count with.
LINES = """
(card) => {
  const copy = card.cloneNode(true);
  copy.style.cssText = "position:fixed;left:0;top:0;width:360px;visibility:hidden";
  card.parentElement.append(copy);
  const all = document.createRange();
  all.setStart(copy, 0);
  all.setEndBefore(copy.querySelector(".component-row"));
  const ends = [...all.getClientRects()].filter((box) => box.height < 30 && box.width > 1)
    .map((box) => box.bottom).sort((a, b) => a - b);
  copy.remove();
  return ends.filter((end, n) => n === 0 || end - ends[n - 1] > 8).length;
}
"""


class Walk:
    """One person's way through the lesson; `presses` counts what the journey counts."""

    def __init__(self, person: PlayPage) -> None:
        self.person, self.page = person, person.page
        self.presses = 0

    async def press(self, label: str, until: str, leads: str | None = None) -> None:
        """Press a button, and see on the card what it leads to.

        Args:
            label: The button's.
            until: What the card says then. A question is in view, and how a guess went.
            leads: On a card that asks nothing: the button that has to be in view instead.
        """
        before = await self.card().inner_text()
        await self.person.press(label)
        try:
            await self.sees(until, PATIENCE_MS / 2)
        except AssertionError:  # the page passes over a press that comes while it draws
            if await self.card().inner_text() == before:
                await self.person.press(label)
            await self.sees(until, PATIENCE_MS)
        self.presses += 1
        await self.check(until, leads)

    async def write(self, label: str, text: str, until: str, *, leads: str | None = None) -> None:
        """Open a window, write in it, say how sure if that is asked, send it."""
        window = self.page.get_by_role("dialog")
        await self.person.press(label)
        try:
            await expect(window).to_be_visible(timeout=PATIENCE_MS / 2)
        except AssertionError:
            await self.person.press(label)
            await expect(window).to_be_visible(timeout=PATIENCE_MS)
        assert await self.person.widest() == 0
        await window.locator(".modal-input").first.fill(text)
        sure = window.locator("label", has_text="sure ·").locator("input")
        if await sure.count():
            await sure.check()
        await window.get_by_role("button", name="Submit").click()
        await self.sees(until, 2 * PATIENCE_MS)
        self.presses += 2
        await self.check(until, leads)

    def card(self) -> Locator:
        """Return the lesson's card; all that it becomes is the same message."""
        cards = self.page.locator(".component-container")
        return cards.filter(has_text="Lesson 1 ·").last

    async def sees(self, text: str, patience_ms: float) -> None:
        """Wait until the card says this, and has come to rest."""
        await expect(self.card()).to_contain_text(text, timeout=patience_ms)

    async def check(self, text: str, leads: str | None) -> None:
        """Hold the card to what a phone shows."""
        seen = self.card().get_by_text(text)
        if leads:
            seen = self.card().get_by_role("button", name=leads, exact=True)
        await expect(seen.last).to_be_in_viewport(ratio=0.9, timeout=PATIENCE_MS)
        assert await self.person.widest() == 0
        assert await too_wide(self.page) == []
        lines = await self.card().evaluate(LINES)
        assert lines <= MOST_LINES, f"{lines} lines: {await self.card().inner_text()}"


def first_of(step: Step) -> tuple[str, str | None]:
    """Return what a step's card says, and what leads on where nothing is asked."""
    if isinstance(step, ReadStep):
        return step.title, "Next"
    if isinstance(step, ExhibitStep):
        return step.title, "Run it"
    return step.ask.split("*")[0].strip(), None


async def through(walk: Walk, lesson: Lesson, *, is_right: bool) -> None:
    """Go from the first question to the recap."""
    came = [lesson.passage_with(step.id) for step in lesson.way]
    steps = [step for step in lesson.way if step not in came]
    ends = [*map(first_of, steps[1:]), ("Lesson 1 · done", "Course map")]
    await walk.press("Start", *first_of(steps[0]))
    for step, coming in zip(steps, ends, strict=True):
        match step:
            case ChoiceStep():
                option = step.option(step.answer if is_right else wrong_of(step))
                key = await walk.person.letter_of(option.text)
                if step in lesson.quick_check:
                    await walk.press(key, *coming)
                    continue
                await walk.press(key, "How sure are you?")
                await walk.press("sure", TOLD)
            case NumberStep():
                answer = step.answer if is_right else step.answer * 100
                await walk.write("Type your number", f"{answer:.0f}", TOLD)
            case TokenStep():
                await walk.write("Type what comes next", "kube" if is_right else "banana", TOLD)
            case RecallStep():
                await walk.press("Show me", step.answer.split(".")[0])
                await walk.press("I had it" if is_right else "I didn't", *coming)
                continue
            case ExhibitStep():
                await walk.press("Run it", "live · SmolLM2", leads="Next")
            case TeachbackStep():
                await walk.write("Write it", SAID, "In your words", leads="Next")
        if along := lesson.passage_with(step.id):
            await expect(walk.card()).to_contain_text(along.title)
        await walk.press("Next", *coming)


@pytest.mark.parametrize("is_right", [True, False], ids=["right", "wrong"])
async def test_lesson_one_on_a_phone_from_its_start_to_its_recap(
    chromium: Browser, play: Play, shipped: Course, is_right: bool
) -> None:
    async with play() as playing:
        person = PlayPage(await chromium.new_page(viewport=PHONE))  # type: ignore[arg-type]
        await person.open(playing.url)
        await person.type("lesson")
        await person.offers("Start")
        walk = Walk(person)
        await through(walk, shipped.lesson(SLUG), is_right=is_right)
        right = 9 if is_right else 0
        await expect(walk.card()).to_contain_text(f"{right} of 9 right at first try.")
        assert walk.presses <= MOST_PRESSES
        await playing.stop()
