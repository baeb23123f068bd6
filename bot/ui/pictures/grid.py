"""A heat map: attention, positions, whatever is measured over two lists."""

from collections import defaultdict
from collections.abc import Sequence

from bot.ui.pictures.svg import (
    EDGE,
    FAINT,
    GROUND,
    INK,
    LINE,
    SHADES,
    SMALL,
    TALLEST,
    WIDTH,
    Sheet,
    n,
    shade,
    widest,
)
from tools.exhibit.drawn_text import lit_cell, short
from tools.exhibit.exhibit import Grid

_LABEL = 76.0  # points for a row's name, and for a column's
_SMALLEST, _LARGEST = 4.0, 28.0  # of a cell
_LEGEND = 62.0


def draw_grid(grid: Grid) -> str:
    """Return a heat map as SVG: dark is low, light is high, nothing is left empty."""
    sheet = Sheet()
    left = EDGE + min(_LABEL, widest(grid.rows, SMALL)) + 6
    head = EDGE + 14.0 * (bool(grid.row_title) + bool(grid.column_title))
    top = head + min(_LABEL, widest(grid.columns, SMALL)) + 8
    cell, columns, rows = _sizes(grid, WIDTH - EDGE - left, TALLEST - top - _LEGEND)
    _titles(sheet, grid)
    _cells(sheet, grid, left, top, cell, columns, rows)
    for place in range(0, rows, _every(cell)):
        y = top + place * cell + cell / 2 + 4
        sheet.text(left - 5, y, grid.rows[place], room=_LABEL, size=SMALL, anchor="end")
    _name_columns(sheet, grid.columns[:columns], left, top, cell)
    bottom = top + rows * cell
    return sheet.svg(_legend(sheet, grid, bottom, len(grid.columns) - columns))


def _sizes(grid: Grid, width: float, height: float) -> tuple[float, int, int]:
    """Return a cell's side, and how many columns and rows there is room for."""
    side = min(width / max(1, len(grid.columns)), height / max(1, len(grid.rows)), _LARGEST)
    side = max(_SMALLEST, int(side * 10) / 10)  # as it is written, so that no seam shows
    return (
        side,
        min(len(grid.columns), int(width / side + 0.01)),
        min(len(grid.rows), int(height / side + 0.01)),
    )


def _every(cell: float) -> int:
    """Return which labels have room: each, or each second, third."""
    return max(1, -int(-12 // cell))


def _name_columns(sheet: Sheet, names: Sequence[str], left: float, top: float, cell: float) -> None:
    """Write them upright where they are short, which is read more easily; turned, where not."""
    every = _every(cell)
    wide = widest(names, SMALL) + 5
    is_upright = wide <= 2 * every * cell
    every *= 2 if is_upright and wide > every * cell else 1
    for place in range(0, len(names), every):
        middle = left + place * cell + cell / 2
        if is_upright:
            sheet.text(middle, top - 5, names[place], size=SMALL, anchor="middle")
        else:
            sheet.text(middle + 4, top - 5, names[place], room=_LABEL, size=SMALL, turned=True)


def _titles(sheet: Sheet, grid: Grid) -> None:
    titles = [f"→ {grid.column_title}"] if grid.column_title else []
    titles += [f"↓ {grid.row_title}"] if grid.row_title else []
    for place, title in enumerate(titles):
        y = EDGE + 9 + 14 * place
        sheet.text(EDGE, y, title, room=WIDTH - 2 * EDGE, size=SMALL, fill=FAINT)


def _cells(
    sheet: Sheet, grid: Grid, left: float, top: float, cell: float, columns: int, rows: int
) -> None:
    """Draw the cells, all of one shade as one path: a few paths, however many cells."""
    gap = 1.0 if cell >= 8 else 0.0
    side = n(cell - gap)
    square = f"h{side}v{side}h-{side}z"
    places = [n(left + column * cell) for column in range(columns)]
    paths: defaultdict[int, list[str]] = defaultdict(list)
    for row, values in enumerate(grid.values[:rows]):
        down = n(top + row * cell)
        for across, value in zip(places, values, strict=False):
            if value is not None:
                paths[_step(grid, value)].append(f"M{across} {down}{square}")
    for step, squares in sorted(paths.items()):
        sheet.shape("".join(squares), shade(step), shape_rendering="crispEdges")
    frame = f"M{n(left - 1)} {n(top - 1)}h{n(columns * cell + 1)}v{n(rows * cell + 1)}"
    sheet.path(f"{frame}h-{n(columns * cell + 1)}z", LINE, 1)
    if grid.states and cell >= SMALL:
        _signs(sheet, grid, left, top, cell)
    if grid.lit is not None and grid.lit[0] < rows and grid.lit[1] < columns:
        x, y = left + grid.lit[1] * cell, top + grid.lit[0] * cell
        sheet.rect(x - 1, y - 1, cell + 1, cell + 1, "none", stroke=INK, stroke_width=2.5)


def _signs(sheet: Sheet, grid: Grid, left: float, top: float, cell: float) -> None:
    """Write each cell's state into it, so that colour isn't needed; the lowest has no sign."""
    for row, values in enumerate(grid.values):
        for column, value in enumerate(values):
            if value:
                x, y = left + (column + 0.5) * cell, top + (row + 0.5) * cell + 4
                _sign(sheet, grid, x, y, value)


def _sign(sheet: Sheet, grid: Grid, x: float, y: float, value: float) -> None:
    fill = GROUND if _step(grid, value) > SHADES // 2 else INK
    sheet.text(x, y, f"{value:.0f}", size=SMALL, fill=fill, anchor="middle")


def _step(grid: Grid, value: float) -> int:
    share = (value - grid.low) / (grid.high - grid.low) if grid.high > grid.low else 0.0
    return round(min(1.0, max(0.0, share)) * (SHADES - 1))


def _legend(sheet: Sheet, grid: Grid, bottom: float, left_out: int) -> float:
    """Draw what the shades mean and the lit cell in words; return where the picture ends."""
    y = bottom + 14
    if grid.states:
        return _lit(sheet, grid, _state_names(sheet, grid, y))
    x = EDGE + sheet.text(EDGE, y + 9, short(grid.low), size=SMALL) + 6
    for step in range(SHADES):
        sheet.rect(x + 3 * step, y, 3.4, 10, shade(step), shape_rendering="crispEdges")
    sheet.text(x + 3 * SHADES + 7, y + 9, short(grid.high), size=SMALL)
    y += 10
    if left_out > 0:
        sheet.text(WIDTH - EDGE, y - 1, f"+{left_out} columns", size=SMALL, anchor="end")
    return _lit(sheet, grid, y)


def _state_names(sheet: Sheet, grid: Grid, y: float) -> float:
    """Name the states, two in a row; return where that ends."""
    half = (WIDTH - 2 * EDGE) / 2
    for place, name in enumerate(grid.states):
        x, down = EDGE + half * (place % 2), y + 19 * (place // 2)
        sheet.rect(x, down, 14, 14, shade(_step(grid, place)), stroke=LINE)
        if place:
            _sign(sheet, grid, x + 7, down + 11, place)
        sheet.text(x + 20, down + 11, name, room=half - 22, size=SMALL)
    return y + 19 * -(-len(grid.states) // 2) - 5


def _lit(sheet: Sheet, grid: Grid, y: float) -> float:
    """Say in words which cell is lit; return where the picture ends."""
    if grid.lit is not None:
        y += 18
        sheet.rect(EDGE, y - 8, 8, 8, "none", stroke=INK, stroke_width=2)
        sheet.text(EDGE + 14, y, lit_cell(grid), room=WIDTH - 2 * EDGE - 14)
    return y + EDGE
