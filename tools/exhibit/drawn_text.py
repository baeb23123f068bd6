"""The text form of a table and of each part that is worth a picture, in monospace columns.

Every function returns lines of at most `width` columns; labels keep to one line.
"""

from collections.abc import Sequence
from itertools import combinations, zip_longest
from math import hypot

from tools.exhibit.exhibit import (
    Curve,
    Diagram,
    Grid,
    Lane,
    Scatter,
    Series,
    Span,
    Table,
    Timeline,
    Tree,
)
from tools.exhibit.monospace import columns, padded, wrapped
from tools.exhibit.visible import visible_prompt

_FIRST_CELL = 6  # the fewest columns to cut a row's name to
_GRID_ROWS = 24
_POINTS = 6  # of a curve, a series
_PAIRS = 8
_LANE_LABEL = 10
_KINDS = "█▒░▓=#+~"  # one look a kind of span
_NUMERIC = frozenset("0123456789+-−<>≈~×.")


def table_text(table: Table, width: int) -> str:
    """Return a table in aligned columns; where they don't fit, each row as a short list."""
    blank = "" if table.lit is None else "  "
    marks = ["▸ " if place == table.lit else blank for place in range(len(table.rows))]
    header = [one_line(cell) for cell in table.header]
    body = [[one_line(cell) for cell in row] for row in table.rows]
    room = width - len(blank)
    widths = [max(map(columns, cells)) for cells in zip_longest(header, *body, fillvalue="")]
    gaps = max(0, len(widths) - 1)
    if widths and sum(widths[1:]) + gaps + min(widths[0], _FIRST_CELL) > room:
        return _listed(header, body, marks, width)
    if widths:
        widths[0] = min(widths[0], room - gaps - sum(widths[1:]))
    rights = [_is_numeric(cells) for cells in zip_longest(header, *body, fillvalue="")]
    lines = [
        f"{mark}{_cells(row, widths, rights)}".rstrip()
        for mark, row in zip([blank, *marks], [header, *body], strict=True)
    ]
    return "\n".join(lines)


def grid_text(grid: Grid, width: int) -> str:
    """Return a heat map as digits, 9 for the high end and · for next to nothing."""
    labels = [one_line(label) for label in grid.rows[:_GRID_ROWS]]
    label = min(max(map(columns, labels), default=0), max(1, width // 3))
    step = 2 if label + 2 * len(grid.columns) <= width else 1
    fitting = min(len(grid.columns), (width - label - 1) // step)
    lines = [
        f"{padded(name, label)} {(' ' * (step - 1)).join(_digit(grid, v) for v in row[:fitting])}"
        for name, row in zip(labels, grid.values, strict=False)
    ]
    notes = [f"· is {short(grid.low)}, 9 is {short(grid.high)}"]
    if grid.columns:
        first, last = one_line(grid.columns[0]), one_line(grid.columns[fitting - 1])
        notes.append(f"{one_line(grid.column_title) or 'across'}: {first} to {last}")
    if grid.row_title:
        notes.append(f"down: {one_line(grid.row_title)}")
    if left := len(grid.columns) - fitting:
        notes.append(f"and {left} more columns")
    if left := len(grid.rows) - len(labels):
        notes.append(f"and {left} more rows")
    if grid.lit is not None:
        notes.append(f"▸ {lit_cell(grid)}")
    return "\n".join(_clipped(line, width) for line in (*lines, *notes))


def lit_cell(grid: Grid) -> str:
    """Return the cell to look at in words, `␣sat, ␣cat: 0.62`; empty where none is lit."""
    if grid.lit is None:
        return ""
    row, column = grid.lit
    value = grid.values[row][column]
    shown = "nothing" if value is None else short(value)
    return f"{one_line(grid.rows[row])}, {one_line(grid.columns[column])}: {shown}"


def curve_text(curve: Curve, width: int) -> str:
    """Return a few points of each line as `x: y`, always with the first and the last."""
    lines = wrapped(f"{one_line(curve.y_title)} by {one_line(curve.x_title)}", width)
    for series in curve.series:
        if series.name:
            lines.append(one_line(series.name))
        points = "\n".join(f"  {short(x)}: {short(y)}" for x, y in chosen_points(series))
        lines.extend(points.split("\n") if points else [])
    return "\n".join(_clipped(line, width) for line in lines)


def chosen_points(series: Series) -> list[tuple[float, float]]:
    """Return up to six points of a series, evenly spread, first and last among them."""
    points = series.points
    if len(points) <= _POINTS:
        return list(points)
    return [points[round(n * (len(points) - 1) / (_POINTS - 1))] for n in range(_POINTS)]


def timeline_text(timeline: Timeline, width: int) -> str:
    """Return each lane as a line of blocks over the time that all of them take."""
    spans = [span for lane in timeline.lanes for span in lane.spans]
    start = min((span.start for span in spans), default=0.0)
    end = max((span.end for span in spans), default=0.0)
    names = [one_line(lane.label) for lane in timeline.lanes]
    label = min(max(map(columns, names), default=0), _LANE_LABEL, width // 3)
    room = width - label - 1
    scale = room / (end - start) if end > start else 0.0
    kinds = [span.kind for span in spans]
    inside = {
        span.kind
        for span in spans
        if kinds.count(span.kind) == 1 and columns(one_line(span.label)) + 4 <= _long(span, scale)
    }
    lines = [
        f"{padded(name, label)} {_lane(lane, start, scale, room, inside)}"
        for name, lane in zip(names, timeline.lanes, strict=True)
    ]
    lines.append(f"{short(start)} to {short(end)} {one_line(timeline.unit)}")
    apart = [(kind, name) for kind, name in kind_names(timeline) if kind not in inside]
    lines.extend(f"{_KINDS[kind]} {one_line(name)}" for kind, name in apart)
    return "\n".join(_clipped(line, width) for line in lines)


def kind_names(timeline: Timeline) -> list[tuple[int, str]]:
    """Return the kinds whose spans all bear one name, with it."""
    names: dict[int, set[str]] = {}
    for span in (span for lane in timeline.lanes for span in lane.spans):
        names.setdefault(span.kind % len(_KINDS), set()).add(span.label)
    only = [(kind, found.pop()) for kind, found in sorted(names.items()) if len(found) == 1]
    return [(kind, name) for kind, name in only if name]


def tree_text(tree: Tree, width: int) -> str:
    """Return a tree indented, children under their parent; what is lit has ▸ before it."""
    children: dict[int | None, list[int]] = {}
    for place, node in enumerate(tree.nodes):
        children.setdefault(node.parent, []).append(place)
    margin = any(node.is_lit for node in tree.nodes)
    lines: list[str] = []
    stack = [(place, "", "") for place in reversed(children.get(None, []))]
    while stack:
        place, lead, under = stack.pop()
        node = tree.nodes[place]
        mark = "" if not margin else "▸ " if node.is_lit else "  "
        lines.append(_tree_line(mark, lead, one_line(node.label), one_line(node.note), width))
        below = children.get(place, [])
        for child in reversed(below):
            turn, bar = ("└ ", "  ") if child == below[-1] else ("├ ", "│ ")
            stack.append((child, under + turn, under + bar))
    return "\n".join(lines)


def scatter_text(scatter: Scatter, width: int) -> str:
    """Return which points lie nearest to each other: places can't be told in text."""
    pairs = nearest_pairs(scatter)[:_PAIRS]
    room = (width - 5) // 2
    lines = [
        f"{_clipped(one_line(one), room)} · {_clipped(one_line(other), room)}"
        for one, other in pairs
    ]
    if not lines:
        return "\n".join(_clipped(one_line(point.label), width) for point in scatter.points)
    return "\n".join(["nearest pairs first:", *(f"  {line}" for line in lines)])


def nearest_pairs(scatter: Scatter) -> list[tuple[str, str]]:
    """Return all pairs of labels, the nearest first."""
    pairs = sorted(
        combinations(scatter.points, 2), key=lambda p: hypot(p[0].x - p[1].x, p[0].y - p[1].y)
    )
    return [(one.label, other.label) for one, other in pairs]


def diagram_text(diagram: Diagram, width: int) -> str:
    """Return the boxes in order, one a line, and the arrows that pass some of them."""
    lines = []
    for place, box in enumerate(diagram.boxes):
        mark, arrow = "▸" if box.is_lit else " ", "↓" if place else " "
        words = " · ".join(filter(None, [one_line(box.label), one_line(box.note)]))
        lines.extend(_hung(f"{mark}{arrow} ", words, width))
    for start, end in diagram.skips:
        lines.extend(_hung("↷  ", f"{box_name(diagram, start)} → {box_name(diagram, end)}", width))
    return "\n".join(lines)


def box_name(diagram: Diagram, place: int) -> str:
    """Return a box's label, with its number where other boxes share it."""
    label = diagram.boxes[place].label
    alike = [n for n, box in enumerate(diagram.boxes) if box.label == label]
    return one_line(label) + (f" {alike.index(place) + 1}" if len(alike) > 1 else "")


def one_line(text: str) -> str:
    """Return outside text on one line; what hides in it shows."""
    return visible_prompt(text).replace("\n", "⏎")


def short(value: float) -> str:
    """Return a number as briefly as three figures say it: `5,450`, `0.0312`, `1.2e+09`."""
    if float(value).is_integer() and abs(value) < 1e7:
        return f"{value:,.0f}"
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if 1000 <= abs(rounded) < 1e7 else f"{rounded:g}"


def _listed(
    header: Sequence[str], body: Sequence[Sequence[str]], marks: Sequence[str], width: int
) -> str:
    """Return each row as its first cell and, below it, the others by name; no number is cut."""
    lines = []
    for mark, row in zip(marks, body, strict=True):
        lines.append(_clipped(f"{mark}{row[0] if row else ''}", width))
        line = ""
        for name, cell in zip(header[1:], row[1:], strict=False):
            joined = f"{line} · {name} {cell}" if line else f"    {name} {cell}"
            if line and columns(joined) > width:
                lines.append(_clipped(line, width))
                joined = f"    {name} {cell}"
            line = joined
        lines.extend([_clipped(line, width)] if line else [])
    return "\n".join(lines)


def _is_numeric(cells: Sequence[str]) -> bool:
    """Is every cell below the header empty or a number?"""
    return all(cell[0] in _NUMERIC for cell in cells[1:] if cell)


def _cells(row: Sequence[str], widths: Sequence[int], rights: Sequence[bool]) -> str:
    """Return one row's cells; a column of numbers stands flush right."""
    shown = []
    for place, (width, is_right) in enumerate(zip(widths, rights, strict=True)):
        text = _clipped(row[place] if place < len(row) else "", width)
        space = " " * (width - columns(text))
        shown.append(f"{space}{text}" if is_right else f"{text}{space}")
    return " ".join(shown)


def _digit(grid: Grid, value: float | None) -> str:
    if value is None:
        return " "
    share = (value - grid.low) / (grid.high - grid.low) if grid.high > grid.low else 0.0
    digit = int(min(1.0, max(0.0, share)) * 9 + 0.5)
    return str(digit) if digit else "·"


def _long(span: Span, scale: float) -> int:
    return int((span.end - span.start) * scale)


def _lane(lane: Lane, start: float, scale: float, room: int, inside: set[int]) -> str:
    """Return spans as blocks, one column at the least; kinds `inside` bear their name in them."""
    cells = ["·"] * room
    for span in lane.spans:
        left = min(room - 1, int((span.start - start) * scale))
        right = min(room, max(left + 1, round((span.end - start) * scale)))
        cells[left:right] = _KINDS[span.kind % len(_KINDS)] * (right - left)
        if span.kind in inside and span.label:
            name = f" {one_line(span.label)} "
            at = (left + right - columns(name)) // 2
            cells[at : at + columns(name)] = [name, *[""] * (columns(name) - 1)]
    return "".join(cells)


def _tree_line(mark: str, lead: str, label: str, note: str, width: int) -> str:
    """Return a node's line; a deep one loses the start of its branch, a long label its end."""
    branch = lead if len(lead) <= width // 2 else f"…{lead[1 - width // 2 :]}"
    room = width - len(mark) - len(branch)
    if note and room - columns(note) - 1 >= min(3, columns(label)):
        label = f"{_clipped(label, room - columns(note) - 1)} {note}"
    return _clipped(f"{mark}{branch}{label}", width)


def _hung(lead: str, words: str, width: int) -> list[str]:
    """Return words wrapped behind a lead, later lines flush with the first word."""
    first, *more = (_clipped(line, width - len(lead)) for line in wrapped(words, width - len(lead)))
    return [f"{lead}{first}", *(f"{' ' * len(lead)}{line}" for line in more)]


def _clipped(text: str, width: int) -> str:
    return padded(text, width).rstrip()
