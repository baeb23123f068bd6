"""A page from a file: sealed off from the network, and what axe-core finds wrong with it."""

import gzip
from pathlib import Path

from playwright.async_api import Page, Route

_AXE = Path(__file__).parent / "axe" / "axe.min.js.gz"
_TOLD = "one => `${one.id}: ${one.nodes.map(node => node.target).join(', ')}`"


async def faults(page: Page, inside: str = "html") -> list[str]:
    """Return each rule that a part of the page breaks, and where."""
    await page.evaluate(gzip.decompress(_AXE.read_bytes()).decode())
    found: list[str] = await page.evaluate(
        f"async place => (await axe.run(place)).violations.map({_TOLD})", inside
    )
    return found


async def seal(page: Page, address: str, asked: list[str], complaints: list[str]) -> None:
    """Refuse all that isn't the file at this address, and note it; note what the page says too."""

    async def refuse(route: Route) -> None:
        if route.request.url.split("#")[0] == address:
            await route.continue_()
            return
        asked.append(route.request.url)
        await route.abort()

    await page.route("**/*", refuse)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text))
