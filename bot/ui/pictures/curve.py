"""Lines over two axes: a measured staircase, a loss, a latency."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

from bot.ui.pictures.svg import EDGE, FAINT, INK, KINDS, LINE, PANEL, SMALL, WIDTH, Sheet, n, ticks
from tools.exhibit.drawn_text import short
from tools.exhibit.exhibit import Curve, Series

_LEFT, _PLOT = 44.0, 170.0
_VALUE_WIDTH = 36.0  # of what stands at a line's end
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
        powers = range(ceil(log10(low)), floor(log10(high)) + 1)
        return [10.0**power for power in powers] or [low]

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
    ends: list[tuple[float, float]] = []
    for kind, series in enumerate(curve.series):
        if _placed(curve, series):
            ends.append(_line(sheet, curve, frame, series, kind, ends))
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


def _line(
    sheet: Sheet,
    curve: Curve,
    frame: _Frame,
    series: Series,
    kind: int,
    ends: Sequence[tuple[float, float]],
) -> tuple[float, float]:
    """Draw a line, and its last value beside its end; return where that stands, off the others."""
    points = _placed(curve, series)
    places = [(frame.x(x), frame.y(y)) for x, y in points]
    pieces = [f"M{n(places[0][0])} {n(places[0][1])}"]
    for x, y in places[1:]:
        pieces.append(f"H{n(x)}V{n(y)}" if curve.is_stepped else f"L{n(x)} {n(y)}")
    if len(places) > 1 and series.is_joined:
        _stroke(sheet, "".join(pieces), kind)
    marked = places if curve.has_dots or not series.is_joined else places[-1:]
    dots = "".join(mark(kind, x, y, 3.5) for x, y in marked)
    sheet.shape(dots, KINDS[kind % 8])
    x, y = places[-1]
    value = short(points[-1][1])
    end = _apart((x - 2, y - 8), ends)
    sheet.text(*end, value, size=SMALL, fill=INK, anchor="end")
    return end


def _apart(
    wanted: tuple[float, float], taken: Sequence[tuple[float, float]]
) -> tuple[float, float]:
    """Return the place for a value: the one wanted, or the next below it that is free."""
    x, y = wanted
    while any(abs(x - a) < _VALUE_WIDTH and abs(y - b) < SMALL for a, b in taken):
        y += SMALL
    return x, y


def _stroke(sheet: Sheet, d: str, kind: int) -> None:
    dash = _DASHES[kind % 8]
    if dash:
        sheet.path(d, KINDS[kind % 8], 2, stroke_dasharray=dash)
    else:
        sheet.path(d, KINDS[kind % 8], 2)
