"""Lines over two axes: a measured staircase, a loss, a latency."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, hypot, isfinite, log10

from bot.ui.pictures.font import text_width
from bot.ui.pictures.svg import (
    EDGE,
    FAINT,
    KINDS,
    LINE,
    PANEL,
    SMALL,
    WIDTH,
    Anchor,
    Sheet,
    n,
    ticks,
)
from tools.exhibit.drawn_text import short
from tools.exhibit.exhibit import Curve, Series

_LEFT, _PLOT = 44.0, 170.0
_STEPS = ((1,), (1, 3), (1, 2, 5))  # of a power of ten: what is marked on a logarithmic axis
_FEWEST_TICKS = 3
_BESIDE: tuple[tuple[float, float, Anchor], ...] = (  # where a value stands, from a line's end
    (-2, -8, "end"),
    (-2, 17, "end"),
    (0, -12, "middle"),
    (0, 20, "middle"),
    (7, -8, "start"),
    (8, 4, "start"),
    (-8, 4, "end"),
    (7, 17, "start"),
    (-6, -20, "end"),
    (-6, 28, "end"),
)
_Place = tuple[float, float]
_DASHES = ("", "7 4", "2 4", "10 3 2 3", "4 2", "1 3", "12 4", "6 2 2 2")


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the plot stands on the sheet, and which numbers its edges are."""

    low: tuple[float, float]
    high: tuple[float, float]
    top: float
    is_log: bool = False

    def x(self, value: float) -> float:
        return _LEFT + self._share(value, 0) * (WIDTH - EDGE - 8 - _LEFT)

    def y(self, value: float) -> float:
        return self.top + _PLOT * (1 - self._share(value, 1))

    def ticks(self, axis: int, about: int) -> list[float]:
        low, high = self.low[axis], self.high[axis]
        if not self.is_log:
            return ticks(low, high, about)
        powers = range(floor(log10(low)), floor(log10(high)) + 1)
        for steps in _STEPS:
            found = [s * 10.0**p for p in powers for s in steps if low <= s * 10.0**p <= high]
            if len(found) >= _FEWEST_TICKS:
                return found
        return found or [low]

    def _share(self, value: float, axis: int) -> float:
        low, high = self.low[axis], self.high[axis]
        if self.is_log:
            value, low, high = log10(value), log10(low), log10(high)
        return (value - low) / (high - low) if high > low else 0.5


def draw_curve(curve: Curve) -> str:
    """Return lines over two axes as SVG; each line has its own dash, mark and name."""
    sheet = Sheet()
    top = _names(sheet, curve) + 26
    frame = _frame(curve, top)
    _axes(sheet, curve, frame)
    drawn = [(kind, one) for kind, one in enumerate(curve.series) if _placed(curve, one)]
    inked = [spot for kind, one in drawn for spot in _line(sheet, curve, frame, one, kind)]
    for _, series in drawn:
        inked += _value(sheet, curve, frame, series, inked)
    return sheet.svg(top + _PLOT + 44)


def mark(kind: int, x: float, y: float, size: float) -> str:
    """Return the outline of a mark: a shape for each kind, so that colour isn't needed."""
    s = size
    corners = (
        ((-s, -s), (s, -s), (s, s), (-s, s)),
        ((0, -1.3 * s), (1.2 * s, s), (-1.2 * s, s)),
        ((0, -1.4 * s), (1.4 * s, 0), (0, 1.4 * s), (-1.4 * s, 0)),
        ((0, 1.3 * s), (1.2 * s, -s), (-1.2 * s, -s)),
        ((-1.5 * s, -0.6 * s), (1.5 * s, -0.6 * s), (1.5 * s, 0.6 * s), (-1.5 * s, 0.6 * s)),
        ((-0.6 * s, -1.5 * s), (0.6 * s, -1.5 * s), (0.6 * s, 1.5 * s), (-0.6 * s, 1.5 * s)),
        ((-1.3 * s, 0), (s, -1.2 * s), (s, 1.2 * s)),
    )
    if kind % 8 == 0:
        arc = f"a{n(s)} {n(s)} 0 1 0"
        return f"M{n(x - s)} {n(y)}{arc} {n(2 * s)} 0{arc} {n(-2 * s)} 0z"
    points = " ".join(f"{n(x + dx)} {n(y + dy)}" for dx, dy in corners[kind % 8 - 1])
    return f"M{points}z"


def _names(sheet: Sheet, curve: Curve) -> float:
    """Write each line's name beside a piece of it; return where that ends."""
    y = EDGE
    for kind, series in enumerate(curve.series):
        if not series.name:
            continue
        y += 15
        if series.is_joined:
            _stroke(sheet, f"M{n(EDGE)} {n(y - 4)}h30", kind)
        sheet.shape(mark(kind, EDGE + 15, y - 4, 3.5), KINDS[kind % 8])
        sheet.text(EDGE + 38, y, series.name, room=WIDTH - 2 * EDGE - 38)
    return y


def _frame(curve: Curve, top: float) -> _Frame:
    points = [point for series in curve.series for point in _placed(curve, series)]
    xs, ys = [x for x, _ in points] or [1.0], [y for _, y in points] or [1.0]
    if curve.is_log:
        return _Frame((min(xs), min(ys)), (max(xs), 1.3 * max(ys)), top, is_log=True)
    low = min(0.0, *ys) if min(ys) >= 0 or max(ys) <= 0 else min(ys)
    high = max(*ys, low)
    room = (high - low) * 0.06 or 1.0
    return _Frame((min(xs), low), (max(xs), high + room), top)


def _axes(sheet: Sheet, curve: Curve, frame: _Frame) -> None:
    bottom, right = frame.top + _PLOT, WIDTH - EDGE
    sheet.text(
        EDGE, frame.top - 10, f"↑ {curve.y_title}", room=right - EDGE, size=SMALL, fill=FAINT
    )
    for value in frame.ticks(1, 4):
        y = frame.y(value)
        sheet.path(f"M{n(_LEFT)} {n(y)}H{n(right)}", PANEL, 1)
        sheet.text(_LEFT - 6, y + 4, _round(value), room=_LEFT - 8, size=SMALL, anchor="end")
    for value in frame.ticks(0, 5):
        x = frame.x(value)
        sheet.path(f"M{n(x)} {n(bottom)}v5", LINE, 1)
        sheet.text(x, bottom + 17, _round(value), size=SMALL, anchor="middle")
    sheet.path(f"M{n(_LEFT)} {n(frame.top)}V{n(bottom)}H{n(right)}", LINE, 1)
    title = f"{curve.x_title} →"
    sheet.text(right, bottom + 34, title, room=right - EDGE, size=SMALL, fill=FAINT, anchor="end")


def _round(value: float) -> str:
    """Return a tick's number; a round ten thousand and more as `10k`, for which there is room."""
    if value < 10_000 or value % 1000:
        return short(value)
    return f"{value / 1e6:g}M" if value >= 1e6 else f"{value / 1e3:g}k"


def _placed(curve: Curve, series: Series) -> list[tuple[float, float]]:
    """Return the points that have a place: a loss may run off to infinity."""
    finite = [(x, y) for x, y in series.points if isfinite(x) and isfinite(y)]
    return [(x, y) for x, y in finite if x > 0 and y > 0] if curve.is_log else finite


def _line(sheet: Sheet, curve: Curve, frame: _Frame, series: Series, kind: int) -> Iterator[_Place]:
    """Draw a line with its marks; yield spots on it, near enough for a letter to meet one."""
    places = [(frame.x(x), frame.y(y)) for x, y in _placed(curve, series)]
    corners = places[:1]
    for x, y in places[1:]:
        corners += [(x, corners[-1][1]), (x, y)] if curve.is_stepped else [(x, y)]
    if len(places) > 1 and series.is_joined:
        _stroke(sheet, "M" + "L".join(f"{n(x)} {n(y)}" for x, y in corners), kind)
        for (x, y), (to_x, to_y) in pairwise(corners):
            steps = int(hypot(to_x - x, to_y - y) / 3) + 1
            yield from (
                (x + (to_x - x) * k / steps, y + (to_y - y) * k / steps) for k in range(steps)
            )
    marked = places if curve.has_dots or not series.is_joined else places[-1:]
    sheet.shape("".join(mark(kind, x, y, 3.5) for x, y in marked), KINDS[kind % 8])
    for x, y in marked:
        yield from ((x + dx, y + dy) for dx in (-3, 0, 3) for dy in (-3, 0, 3))


def _value(
    sheet: Sheet, curve: Curve, frame: _Frame, series: Series, inked: Sequence[_Place]
) -> Iterator[_Place]:
    """Write a line's last value beside its end, where it covers least; yield spots on that."""
    last_x, last_y = _placed(curve, series)[-1]
    x, y, value = frame.x(last_x), frame.y(last_y), short(last_y)
    wide = text_width(value, SMALL)

    def left_of(dx: float, anchor: Anchor) -> float:
        return x + dx - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]

    def cost(side: tuple[float, float, Anchor]) -> float:
        dx, dy, anchor = side
        left, base = left_of(dx, anchor), y + dy
        covers = sum(left - 1 < a < left + wide + 1 and base - 10 < b < base + 2 for a, b in inked)
        off = max(0.0, _LEFT + 2 - left, left + wide - WIDTH + 2, base - frame.top - _PLOT + 2)
        return covers + 10 * off

    dx, dy, anchor = min(_BESIDE, key=cost)
    sheet.text(x + dx, y + dy, value, size=SMALL, anchor=anchor, is_over=True)
    left = left_of(dx, anchor)
    for part in range(int(wide / 3) + 1):
        yield from ((left + 3 * part, y + dy - up) for up in (0, 3, 6, 9))


def _stroke(sheet: Sheet, d: str, kind: int) -> None:
    dash = _DASHES[kind % 8]
    if dash:
        sheet.path(d, KINDS[kind % 8], 2, stroke_dasharray=dash)
    else:
        sheet.path(d, KINDS[kind % 8], 2)
