"""Right-to-left text beside its numbers, as a browser draws a code block."""

import pytest
from playwright.async_api import Browser

from tools.exhibit.exhibit import Bar, Bars, Part, Stages, Table, Tokens
from tools.exhibit.monospace import PHONE, WIDTH
from tools.exhibit.text import part_text
from tools.exhibit.visible import safe_code, visible

TEXTS = (" port", " שלום", " عليكم")
SHARES = ("40 %", "20 %", "10 %")
PARTS: dict[str, Part] = {
    "bars": Bars(
        tuple(Bar(visible(t), 0.1, s, "id 1") for t, s in zip(TEXTS, SHARES, strict=True))
    ),
    "table": Table(
        ("token", "share"), tuple((visible(t), s) for t, s in zip(TEXTS, SHARES, strict=True))
    ),
    "lines": Stages(tuple(f"{visible(t)} {s}" for t, s in zip(TEXTS, SHARES, strict=True))),
    "tokens": Tokens(("4", *map(visible, TEXTS), "7")),
}
# For each line, where the digits and the signs of percent stand, from the left.
PLACES = """
() => {
  const node = document.querySelector("pre").firstChild, found = [];
  let start = 0;
  for (const line of node.data.split("\\n")) {
    found.push([...line.matchAll(/[0-9%|]/g)].map(({ index }) => {
      const range = document.createRange();
      range.setStart(node, start + index);
      range.setEnd(node, start + index + 1);
      return range.getBoundingClientRect().left;
    }));
    start += line.length + 1;
  }
  return found;
}
"""


@pytest.mark.parametrize("width", [PHONE, WIDTH])
@pytest.mark.parametrize("part", PARTS)
async def test_label_and_share_keep_their_order(chromium: Browser, part: str, width: int) -> None:
    page = await chromium.new_page()
    text = safe_code(part_text(PARTS[part], width))
    await page.set_content(f'<pre dir=ltr style="font: 16px monospace">{text}</pre>')
    lines = await page.evaluate(PLACES)
    assert sum(map(len, lines)) >= 4
    for places in lines:
        assert places == sorted(places)


@pytest.mark.parametrize("width", [PHONE, WIDTH])
async def test_shares_stand_below_each_other(chromium: Browser, width: int) -> None:
    page = await chromium.new_page()
    text = safe_code(part_text(PARTS["bars"], width))
    await page.set_content(f'<pre dir=ltr style="font: 16px monospace">{text}</pre>')
    lines = await page.evaluate(PLACES)
    assert len({round(places[0]) for places in lines}) == 1
