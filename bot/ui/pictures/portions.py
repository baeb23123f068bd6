"""Portions of a whole as bars: one a row, or what was above what is now."""

from bot.ui.pictures.svg import EDGE, FAINT, INK, LINE, LIT, SMALL, TALLEST, WIDTH, Sheet, n, widest
from tools.exhibit.exhibit import Portion, Portions
from tools.exhibit.portions_text import said

_LABEL, _VALUE = 92.0, 90.0  # points for a name, and for a figure
_BAR, _ROW_GAP = 9.0, 9.0
_WAS, _NOW = "#8a93a3", "#56b4e9"


def draw_portions(shares: Portions) -> str:
    """Return bars as SVG: what was as an outline, what is now filled; what was cut has none."""
    sheet = Sheet()
    y = _legend(sheet, shares)
    left = EDGE + min(_LABEL, widest([_name(row) for row in shares.rows])) + 8
    figures = [_figure(row, value) for row in shares.rows for value in row.values]
    room = WIDTH - EDGE - min(_VALUE, widest(figures, SMALL)) - 6 - left
    values = [value for row in shares.rows for value in row.values if value is not None]
    most = max(values, default=0.0) or 1.0
    for row in shares.rows:
        high = _height(row)
        if y + high + EDGE > TALLEST:
            break
        if row.is_rest:
            sheet.path(f"M{n(EDGE)} {n(y - _ROW_GAP / 2)}H{n(WIDTH - EDGE)}", LINE, 1)
        _row(sheet, row, y, left, (room, most))
        y += high
    return sheet.svg(y + EDGE / 2)


def _height(row: Portion) -> float:
    return len(row.values) * (_BAR + 3) + _ROW_GAP + (4 if len(row.values) == 1 else 0)


def _legend(sheet: Sheet, shares: Portions) -> float:
    """Name the two series; return where the rows begin."""
    if len(shares.series) < 2:
        return EDGE
    x = EDGE
    for place, name in enumerate(shares.series):
        _bar(sheet, x, EDGE, 22, is_now=place > 0)
        x += 28 + sheet.text(x + 28, EDGE + 9, name, room=WIDTH / 2 - 40, size=SMALL, fill=FAINT)
        x += 18
    return EDGE + 26


def _row(sheet: Sheet, row: Portion, y: float, left: float, scale: tuple[float, float]) -> None:
    room, most = scale  # the longest bar, and the value that it stands for
    middle = y + (_height(row) - _ROW_GAP) / 2 + 4
    ink = LIT if row.is_lit else INK
    sheet.text(EDGE, middle, _name(row), room=left - EDGE - 6, fill=ink)
    for place, value in enumerate(row.values):
        at = y + place * (_BAR + 3) + (2 if len(row.values) == 1 else 0)
        is_now = place == len(row.values) - 1
        long = max(1.0, value / most * room) if value else 0.0
        if long:
            _bar(sheet, left, at, long, is_now=is_now)
        fill = ink if is_now else FAINT
        sheet.text(
            left + long + 6, at + 8.5, _figure(row, value), room=_VALUE, size=SMALL, fill=fill
        )


def _name(row: Portion) -> str:
    return f"▸ {row.label}" if row.is_lit else row.label


def _figure(row: Portion, value: float | None) -> str:
    return row.note if row.note and value is not None else said(value)


def _bar(sheet: Sheet, x: float, y: float, long: float, *, is_now: bool) -> None:
    if is_now:
        sheet.rect(x, y, long, _BAR, _NOW)
    else:
        sheet.rect(x, y + 0.5, max(1.0, long - 1), _BAR - 1, "none", stroke=_WAS, stroke_width=1.2)
