"""A moving picture of the page: a frame for each card, and a ring round what is pressed."""

import io
from pathlib import Path

from PIL import Image
from playwright.async_api import FloatRect, Locator

from tests.browser.page import PlayPage

COLOURS = 96  # few are enough for a page, and keep the file small
LOOK_MS, READ_MS, PRESS_MS = 1200, 2800, 800
_ROUND = "one => { one.style.outline = '4px solid #f0b232'; one.style.outlineOffset = '2px'; }"
_BARE = "one => { one.style.outline = ''; }"
_TO_TOP = "one => one.scrollIntoView({block: 'start'})"


class Film:
    """Frames of the conversation alone, and how long each stays."""

    def __init__(self, person: PlayPage) -> None:
        self.person, self.page = person, person.page
        self.frames: list[tuple[Image.Image, int]] = []

    async def take(self, stays_ms: int = LOOK_MS, top: str | None = None) -> None:
        """Take a frame; with some words of the newest card on top, if they are given."""
        if top is not None:
            await self._card().get_by_text(top).last.evaluate(_TO_TOP)
        await self.page.mouse.move(0, 0)
        await self.page.wait_for_timeout(300)  # what fades has faded
        shot = Image.open(io.BytesIO(await self.page.screenshot(clip=await self._conversation())))
        self.frames.append((shot.convert("RGB"), stays_ms))

    async def press(self, label: str, stays_ms: int = PRESS_MS) -> None:
        """Take a frame with a ring round a button, then press it."""
        button = self.page.get_by_role("button", name=label, exact=True).last
        await button.scroll_into_view_if_needed()
        await button.evaluate(_ROUND)
        await self.take(stays_ms)
        await button.evaluate(_BARE)
        await self.person.press(label)

    def save(self, file: Path) -> int:
        """Write it as a GIF that goes on for ever; return its size in bytes."""
        shots = [shot.quantize(COLOURS, dither=Image.Dither.NONE) for shot, _ in self.frames]
        stays = [stay for _, stay in self.frames]
        shots[0].save(file, save_all=True, append_images=shots[1:], duration=stays, loop=0)
        return file.stat().st_size

    def _card(self) -> Locator:
        return self.page.locator(".component-container").last

    async def _conversation(self) -> FloatRect:
        """Return where the conversation is on the page, without the page's own tools."""
        box = await self.page.locator("main").bounding_box()
        assert box
        return box
