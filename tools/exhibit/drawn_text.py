"""The text form of each part that is worth a picture, in monospace columns.

Every function returns lines of at most `width` columns; labels keep to one line.
"""

from itertools import combinations
from math import hypot

from tools.exhibit.direction import isolated
from tools.exhibit.exhibit import (
    Curve,
    Diagram,
    Grid,
    Lane,
    Scatter,
    Series,
    Span,
    Timeline,
    Tree,
)
from tools.exhibit.monospace import clipped, columns, padded, wrapped
from tools.exhibit.visible import visible_prompt

_GRID_ROWS = 24
_POINTS = 6  # of a curve, a series
_PAIRS = 8
_LANE_LABEL = 10
_KINDS = "█▒░▓=#+~"  # one look a kind of span


def grid_text(grid: Grid, width: int) -> str:
    """Return a heat map as digits, 9 for the high end and · for next to nothing."""
    labels = [one_line(label) for label in grid.rows[:_GRID_ROWS]]
    label = min(max(map(columns, labels), default=0), max(1, width // 3))
    step = 2 if label + 2 * len(grid.columns) <= width else 1
    fitting = min(len(grid.columns), (width - label - 1) // step)
    gap = " " * (step - 1)
    lines = [
        f"{isolated(padded(name, label))} {gap.join(_digit(grid, v) for v in row[:fitting])}"
        for name, row in zip(labels, grid.values, strict=False)
    ]
    notes = [f"{sign or '·'} {one_line(name)}" for sign, name in enumerate(grid.states)]
    notes = notes or [f"· is {short(grid.low)}, 9 is {short(grid.high)}"]
    if grid.columns:
        first, last = _apart(grid.columns[0]), _apart(grid.columns[fitting - 1])
        notes.append(f"{one_line(grid.column_title) or 'across'}: {first} to {last}")
    if grid.row_title:
        notes.append(f"down: {one_line(grid.row_title)}")
    if left := len(grid.columns) - fitting:
        notes.append(f"and {left} more columns")
    if left := len(grid.rows) - len(labels):
        notes.append(f"and {left} more rows")
    if grid.lit is not None:
        notes.append(f"▸ {lit_cell(grid)}")
    return "\n".join(clipped(line, width) for line in (*lines, *notes))


def lit_cell(grid: Grid) -> str:
    """Return the cell to look at in words, `␣sat, ␣cat: 0.62`; empty where none is lit."""
    if grid.lit is None:
        return ""
    row, column = grid.lit
    value = grid.values[row][column]
    shown = "nothing" if value is None else _said(grid, value)
    return f"{one_line(grid.rows[row])}, {one_line(grid.columns[column])}: {shown}"


def curve_text(curve: Curve, width: int) -> str:
    """Return a few points of each line as `x: y`, always with the first and the last."""
    lines = wrapped(f"{one_line(curve.y_title)} by {one_line(curve.x_title)}", width)
    for series in curve.series:
        if series.name:
            lines.append(one_line(series.name))
        points = "\n".join(f"  {short(x)}: {short(y)}" for x, y in chosen_points(series))
        lines.extend(points.split("\n") if points else [])
    return "\n".join(clipped(line, width) for line in lines)


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
        f"{isolated(padded(name, label))} {_lane(lane, start, scale, room, inside)}"
        for name, lane in zip(names, timeline.lanes, strict=True)
    ]
    lines.append(f"{short(start)} to {short(end)} {one_line(timeline.unit)}")
    apart = [(kind, name) for kind, name in kind_names(timeline) if kind not in inside]
    lines.extend(f"{_KINDS[kind]} {one_line(name)}" for kind, name in apart)
    return "\n".join(clipped(line, width) for line in lines)


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
        f"{isolated(clipped(one_line(one), room))} · {isolated(clipped(one_line(other), room))}"
        for one, other in pairs
    ]
    if not lines:
        return "\n".join(clipped(one_line(point.label), width) for point in scatter.points)
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


def _apart(text: str) -> str:
    return isolated(one_line(text))


def short(value: float) -> str:
    """Return a number as briefly as three figures say it: `5,450`, `0.0312`, `1.2e+09`."""
    if float(value).is_integer() and abs(value) < 1e7:
        return f"{value:,.0f}"
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if 1000 <= abs(rounded) < 1e7 else f"{rounded:g}"


def _said(grid: Grid, value: float) -> str:
    return one_line(grid.states[round(value)]) if grid.states else short(value)


def _digit(grid: Grid, value: float | None) -> str:
    if value is None:
        return " "
    if grid.states:
        return f"{value:.0f}" if round(value) else "·"
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
        label = f"{isolated(clipped(label, room - columns(note) - 1))} {isolated(note)}"
    else:
        label = isolated(clipped(label, room))
    return clipped(f"{mark}{branch}{label}", width)


def _hung(lead: str, words: str, width: int) -> list[str]:
    """Return words wrapped behind a lead, later lines flush with the first word."""
    first, *more = (clipped(line, width - len(lead)) for line in wrapped(words, width - len(lead)))
    return [f"{lead}{first}", *(f"{' ' * len(lead)}{line}" for line in more)]
