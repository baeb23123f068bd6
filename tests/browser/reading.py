"""What axe-core finds wrong with a page for those who don't see it, or see it badly."""

import gzip
from pathlib import Path

from playwright.async_api import Page

_AXE = Path(__file__).parent / "axe" / "axe.min.js.gz"
_TOLD = "one => `${one.id}: ${one.nodes.map(node => node.target).join(', ')}`"


async def faults(page: Page, inside: str = "html") -> list[str]:
    """Return each rule that a part of the page breaks, and where."""
    await page.evaluate(gzip.decompress(_AXE.read_bytes()).decode())
    found: list[str] = await page.evaluate(
        f"async place => (await axe.run(place)).violations.map({_TOLD})", inside
    )
    return found
