"""Lanes over time: requests on slots, prefill and decode, who waits."""

from dataclasses import dataclass

from bot.ui.pictures.svg import (
    EDGE,
    FAINT,
    GROUND,
    KINDS,
    LINE,
    PANEL,
    SMALL,
    TALLEST,
    WIDTH,
    Sheet,
    n,
    ticks,
    widest,
)
from tools.exhibit.drawn_text import kind_names, short
from tools.exhibit.exhibit import Span, Timeline

_LABEL = 84.0
_TALLEST_LANE = 28.0


@dataclass(frozen=True, slots=True)
class _Axis:
    """Time from left to right: when it starts, how long it lasts, where it stands."""

    start: float
    lasts: float
    left: float

    def x(self, time: float) -> float:
        """Return where a time stands, in points."""
        return self.left + self.wide(time - self.start)

    def wide(self, lasts: float) -> float:
        """Return how many points a stretch of time takes; never more than there are."""
        return lasts / self.lasts * (WIDTH - EDGE - self.left) if self.lasts > 0 else 0.0


def draw_timeline(timeline: Timeline) -> str:
    """Return lanes over time as SVG; each kind has its colour, its hatching and its name."""
    sheet = Sheet()
    axis = _axis(timeline)
    names = _names(timeline, axis)
    top = _legend(sheet, names) + 6
    lane = min(_TALLEST_LANE, (TALLEST - top - 50) / max(1, len(timeline.lanes)))
    gap = min(2.0, lane / 8)
    bottom = top + lane * len(timeline.lanes)
    _times(sheet, timeline, axis, top, bottom)
    for place, row in enumerate(timeline.lanes):
        y = top + place * lane
        if place % max(1, -int(-13 // lane)) == 0:  # where lanes are thin, only some are named
            sheet.text(axis.left - 8, y + lane / 2 + 4, row.label, room=_LABEL, anchor="end")
        for span in row.spans:
            width = max(1.5, axis.wide(span.end - span.start))
            named = span.kind % 8 in names
            _span(sheet, span, axis.x(span.start), y + gap, width, lane - 2 * gap, is_named=named)
    return sheet.svg(bottom + 40)


def _axis(timeline: Timeline) -> _Axis:
    """Return the time that all spans take together, right of the lanes' labels."""
    spans = _spans(timeline)
    start = min((span.start for span in spans), default=0.0)
    lasts = max((span.end for span in spans), default=0.0) - start
    return _Axis(start, lasts, EDGE + min(_LABEL, widest([x.label for x in timeline.lanes])) + 8)


def _spans(timeline: Timeline) -> list[Span]:
    return [span for lane in timeline.lanes for span in lane.spans]


def _names(timeline: Timeline, axis: _Axis) -> dict[int, str]:
    """Return the kinds to name apart: all of one name, and too many or too short to hold it."""
    apart = {}
    for kind, name in kind_names(timeline):
        lasts = [span.end - span.start for span in _spans(timeline) if span.kind % 8 == kind]
        if len(lasts) > 1 or axis.wide(lasts[0]) < widest([name]) + 8:
            apart[kind] = name
    return apart


def _legend(sheet: Sheet, names: dict[int, str]) -> float:
    """Draw what each look means; return where that ends."""
    x, y = EDGE, EDGE + 4
    for kind, name in names.items():
        wide = 26 + widest([name]) + 16
        if x > EDGE and x + wide > WIDTH:
            x, y = EDGE, y + 20
        _span(sheet, Span(0, 0, "", kind), x, y, 20, 13, is_named=True)
        sheet.text(x + 26, y + 11, name, room=WIDTH - EDGE - x - 26)
        x += wide
    return y + 20 if names else EDGE


def _times(sheet: Sheet, timeline: Timeline, axis: _Axis, top: float, bottom: float) -> None:
    for value in ticks(axis.start, axis.start + axis.lasts, 4):
        x = axis.x(value)
        sheet.path(f"M{n(x)} {n(top)}V{n(bottom + 4)}", PANEL, 1)
        sheet.text(x, bottom + 17, short(value), size=SMALL, anchor="middle")
    sheet.path(f"M{n(axis.left)} {n(bottom)}H{n(WIDTH - EDGE)}", LINE, 1)
    unit = f"{timeline.unit} →"
    sheet.text(WIDTH - EDGE, bottom + 32, unit, size=SMALL, fill=FAINT, anchor="end")


def _span(
    sheet: Sheet, span: Span, x: float, y: float, width: float, height: float, *, is_named: bool
) -> None:
    """Draw one span: hatched by its kind, its own name in it where that fits."""
    kind = span.kind % 8
    sheet.rect(x, y, width, height, KINDS[kind])
    hatch = _hatch(kind, x, y, width, height)
    if hatch:
        sheet.path(hatch, GROUND, 1.4, stroke_opacity="0.55")
    sheet.path(f"M{n(x)} {n(y)}v{n(height)}", GROUND, 1)
    if not is_named and widest([span.label]) + 8 <= width and height >= 14:
        label = widest([span.label]) + 6
        middle = x + width / 2
        sheet.rect(middle - label / 2, y + height / 2 - 8, label, 16, KINDS[kind])
        sheet.text(middle, y + height / 2 + 4.5, span.label, fill=GROUND, anchor="middle")


def _hatch(kind: int, x: float, y: float, width: float, height: float) -> str:
    """Return the lines over a span: none, falling, rising, level, upright, or crossed."""
    right, low = x + width, y + height
    down = [f"M{n(x)} {n(at)}H{n(right)}" for at in _steps(y, low, 5)]
    along = [f"M{n(at)} {n(y)}V{n(low)}" for at in _steps(x, right, 6)]
    rising = [
        f"M{n(at)} {n(low)}L{n(min(right, at + height))} {n(low - min(right - at, height))}"
        for at in _steps(x, right, 7)
    ]
    falling = [
        f"M{n(at)} {n(y)}L{n(min(right, at + height))} {n(y + min(right - at, height))}"
        for at in _steps(x, right, 7)
    ]
    plain: list[str] = []
    looks = (plain, rising, down, falling, along, down + along, rising + falling, down[1:2])
    return "".join(looks[kind])


def _steps(start: float, end: float, step: float) -> list[float]:
    return [start + step * (place + 0.5) for place in range(int((end - start) / step))]
