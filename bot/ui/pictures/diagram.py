"""Boxes with arrows: the inside of a block, from top to bottom."""

from bot.ui.pictures.svg import (
    EDGE,
    FAINT,
    INK,
    KINDS,
    LINE,
    LIT,
    PANEL,
    SMALL,
    TALLEST,
    WIDTH,
    Sheet,
    n,
)
from tools.exhibit.exhibit import Box, Diagram

_LEFT = 24.0
_BYWAY = 16.0  # between two arrows that pass by


def draw_diagram(diagram: Diagram) -> str:
    """Return boxes from top to bottom as SVG; arrows that skip some pass by on the right."""
    sheet = Sheet()
    count = max(1, len(diagram.boxes))
    each = min(60.0, (TALLEST - 2 * EDGE) / count)
    gap = 0.3 * each
    tall = each - gap
    ways = _ways(diagram)
    right = WIDTH - EDGE - 8 - _BYWAY * (max(ways, default=0) + (1 if ways else 0))
    tops = [EDGE + place * (tall + gap) for place in range(len(diagram.boxes))]
    for place, box in enumerate(diagram.boxes):
        _box(sheet, box, tops[place], tall, right)
        if place:
            _arrow(sheet, (_LEFT + right) / 2, tops[place] - gap, tops[place], min(7.0, gap))
    for (start, end), way in zip(diagram.skips, ways, strict=True):
        x = right + _BYWAY * (way + 1)
        _byway(sheet, x, right, tops[start] + tall * 0.7, tops[end] + tall * 0.3)
    return sheet.svg(2 * EDGE + count * (tall + gap) - gap)


def _ways(diagram: Diagram) -> list[int]:
    """Return how far out each skip runs, so that two that overlap don't touch."""
    ways: list[int] = []
    for place, (start, end) in enumerate(diagram.skips):
        taken = {
            ways[other]
            for other, (first, last) in enumerate(diagram.skips[:place])
            if start < last and first < end
        }
        ways.append(next(way for way in range(len(diagram.skips)) if way not in taken))
    return ways


def _box(sheet: Sheet, box: Box, y: float, tall: float, right: float) -> None:
    wide, middle = right - _LEFT, (_LEFT + right) / 2
    frame = {"stroke": LIT, "stroke_width": 3.0} if box.is_lit else {"stroke": LINE}
    sheet.rect(_LEFT, y, wide, tall, PANEL, rx=6, **frame)
    label = f"▸ {box.label}" if box.is_lit else box.label
    two = bool(box.note) and tall >= 34
    base = y + tall / 2 + (-3 if two else 4.5)
    sheet.text(middle, base, label, room=wide - 14, fill=INK, anchor="middle")
    if two:
        sheet.text(
            middle, base + 16, box.note, room=wide - 14, size=SMALL, fill=FAINT, anchor="middle"
        )


def _arrow(sheet: Sheet, x: float, top: float, bottom: float, head: float) -> None:
    sheet.path(f"M{n(x)} {n(top)}V{n(bottom - head + 1)}", LINE, 1.5)
    sheet.shape(f"M{n(x - 5)} {n(bottom - head)}h10l-5 {n(head)}z", LINE)


def _byway(sheet: Sheet, x: float, right: float, start: float, end: float) -> None:
    sheet.path(f"M{n(right)} {n(start)}H{n(x)}V{n(end)}H{n(right + 6)}", KINDS[0], 2)
    sheet.shape(f"M{n(right + 8)} {n(end - 5)}v10l-8 -5z", KINDS[0])
