"""The page of `hunch play`, as a person uses it: type a command, press a button, read a card."""

from contextlib import suppress

from playwright.async_api import Locator, Page, expect

PATIENCE_MS = 60_000  # the first answer waits for the model to load
TRIES = 4
# the page passes over a press while another is under way, or while it waits to draw its outcome
_READY = (
    "() => { const now = window.simcordPreview;"
    " return now.ready && (now.awaitingRevision ?? 0) <= now.publishedRevision; }"
)
_LAST = "() => window.simcordPreview.lastAction?.requestId ?? null"
_TAKEN = (
    "before => { const now = window.simcordPreview;"
    " return now.pendingAction?.kind === 'click' || now.transport.uncertainRequestId !== null"
    " || (now.lastAction?.requestId ?? null) !== before; }"
)


class PlayPage:
    """One person at the page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def open(self, url: str) -> None:
        """Open the page and wait until commands can be typed."""
        await self.page.goto(url)
        await expect(self.page.locator("#channel-composer-input")).to_be_enabled()
        await expect(
            self.page.get_by_text("What does your model do on every call?").first
        ).to_be_visible()

    async def type(self, command: str, **options: str) -> None:
        """Type a slash command, pick it from the list, fill its options, send it."""
        box = self.page.locator("#channel-composer-input")
        await box.click()
        await box.press_sequentially(f"/{command}")
        commands = self.page.get_by_role("listbox", name="Application commands")
        await expect(commands.get_by_role("option").first).to_be_visible()
        await box.press("Enter")
        for value in options.values():
            await self.page.keyboard.type(value)
        await self.page.locator("#send-message").click()

    async def offered(self, typed: str) -> str:
        """Type the beginning of a command; return the first that is offered."""
        await self.page.locator("#channel-composer-input").press_sequentially(f"/{typed}")
        commands = self.page.get_by_role("listbox", name="Application commands")
        return await commands.get_by_role("option").first.inner_text()

    async def say(self, text: str) -> None:
        """Write a message."""
        box = self.page.locator("#channel-composer-input")
        await box.press_sequentially(text)
        for _ in range(TRIES):  # the page passes over an Enter that comes while it draws
            await expect(self.page.locator("#send-message")).to_be_enabled(timeout=PATIENCE_MS)
            await box.press("Enter")
            with suppress(AssertionError):
                return await expect(box).to_have_value("", timeout=PATIENCE_MS / TRIES)
        raise AssertionError(f"{text!r} is still in the box")

    async def reply(self, text: str) -> None:
        """Reply to the newest message."""
        message = self.page.locator("#channel-message-list > *").last
        await message.hover()
        await message.get_by_role("button", name="Reply").click()
        await self.say(text)

    async def press(self, label: str) -> None:
        """Press the newest button of this label."""
        button = self.page.get_by_role("button", name=label, exact=True).last
        await expect(button).to_be_visible(timeout=PATIENCE_MS)
        for _ in range(TRIES):
            await self.page.wait_for_function(_READY, timeout=PATIENCE_MS)
            before = await self.page.evaluate(_LAST)
            await button.click(timeout=PATIENCE_MS)
            if await self.page.evaluate(_TAKEN, before):
                return
        raise AssertionError(f"the page took no press of {label!r}")

    async def letter_of(self, option: str) -> str:
        """Return the letter that an option has on the newest card that lists it."""
        cards = self.page.locator(".component-container").filter(has_text=option)
        await expect(cards.last).to_be_visible(timeout=PATIENCE_MS)
        lines = (await cards.last.inner_text()).splitlines()
        return next(line.strip()[0] for line in lines if line.strip()[1:].strip() == option)

    async def offers(self, label: str) -> None:
        """Wait until there is a button of this label."""
        button = self.page.get_by_role("button", name=label, exact=True).last
        await expect(button).to_be_visible(timeout=PATIENCE_MS)

    async def reads(self, text: str) -> Locator:
        """Wait until the page says this."""
        found = self.page.locator("main").get_by_text(text).last
        await expect(found).to_be_visible(timeout=PATIENCE_MS)
        return found

    async def widest(self) -> int:
        """Return how many points a card sticks out of the window; 0 when all fits."""
        overflow: int = await self.page.evaluate(
            "Math.max(0, document.documentElement.scrollWidth - window.innerWidth)"
        )
        return overflow
