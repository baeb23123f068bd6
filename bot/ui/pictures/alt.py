"""What a picture shows, in words: for those who don't see it."""

from collections import Counter
from typing import assert_never

from bot.ui.pictures.font import drawable
from tools.exhibit.drawn_text import box_name, kind_names, lit_cell, nearest_pairs, short
from tools.exhibit.exhibit import (
    Curve,
    Diagram,
    Drawn,
    Grid,
    Portions,
    Scatter,
    Series,
    Timeline,
    Tree,
)
from tools.exhibit.monospace import padded
from tools.exhibit.portions_text import said

LONGEST = 1024  # characters, by Discord's limit
_NAME = 24


def alt(part: Drawn, title: str = "") -> str:
    """Return a picture's alt text: what kind it is, and its main numbers."""
    words = _said(part)
    told = f"{title}: {words}" if title else words
    return told if len(told) <= LONGEST else told[: LONGEST - 1] + "…"


def _said(part: Drawn) -> str:
    match part:
        case Grid():
            return _grid(part)
        case Curve():
            lines = ". ".join(_series(series) for series in part.series if series.points)
            return f"Curve of {_name(part.y_title)} by {_name(part.x_title)}. {lines}."
        case Timeline():
            return _timeline(part)
        case Tree():
            lit = " ".join(_name(node.label) for node in part.nodes if node.is_lit)
            path = f" The lit path: {lit}." if lit else ""
            return f"Tree of {len(part.nodes)} nodes.{path} {_leaves(part)}".strip()
        case Scatter():
            pairs = "; ".join(f"{_name(a)} and {_name(b)}" for a, b in nearest_pairs(part)[:5])
            near = f" Nearest: {pairs}." if pairs else ""
            return f"Map of {len(part.points)} words.{near}"
        case Portions():
            return _shares(part)
        case Diagram():
            return _diagram(part)
        case _:
            assert_never(part)


def _grid(grid: Grid) -> str:
    cells = [
        (value, row, column)
        for row, values in enumerate(grid.values)
        for column, value in enumerate(values)
        if value is not None
    ]
    size = f"{len(grid.rows)} rows ({_name(grid.row_title) or 'rows'})"
    wide = f"{len(grid.columns)} columns ({_name(grid.column_title) or 'columns'})"
    said = f"Heat map, {size} by {wide}."
    if grid.states:
        counts = Counter(round(value) for value, _, _ in cells)
        told = (f"{counts[place]} {_name(name)}" for place, name in enumerate(grid.states))
        said += f" {'; '.join(told)}."
    elif cells:
        value, row, column = max(cells)
        said += (
            f" Highest: {short(value)} at {_name(grid.rows[row])}, {_name(grid.columns[column])}."
        )
    return f"{said} Lit: {lit_cell(grid)}." if grid.lit else said


def _series(series: Series) -> str:
    (x0, y0), (x1, y1) = series.points[0], series.points[-1]
    name = _name(series.name) or "It"
    said = f"{name} goes from {short(y0)} at {short(x0)} to {short(y1)} at {short(x1)}"
    top_y, top_x = max((y, x) for x, y in series.points)
    low_y, low_x = min((y, x) for x, y in series.points)
    if top_y > max(y0, y1):
        said += f", highest {short(top_y)} at {short(top_x)}"
    if low_y < min(y0, y1):
        said += f", lowest {short(low_y)} at {short(low_x)}"
    return said


def _shares(shares: Portions) -> str:
    if len(shares.series) < 2:
        rows = "; ".join(
            f"{_name(row.label)} {row.note or said(row.values[0])}" for row in shares.rows
        )
        return f"Bars: {rows}."
    was, now = shares.series
    rows = "; ".join(
        f"{_name(row.label)} {said(row.values[0])}, then {said(row.values[-1])}"
        for row in shares.rows
    )
    lit = ", ".join(_name(row.label) for row in shares.rows if row.is_lit)
    return f"Bars, {_name(was)} and then {_name(now)}: {rows}." + (f" Lit: {lit}." if lit else "")


def _timeline(timeline: Timeline) -> str:
    spans = [span for lane in timeline.lanes for span in lane.spans]
    start = min((span.start for span in spans), default=0.0)
    end = max((span.end for span in spans), default=0.0)
    kinds = ", ".join(_name(name) for _, name in kind_names(timeline))
    shown = f" It shows {kinds}." if kinds else ""
    lanes = "; ".join(
        f"{_name(lane.label)} until {short(max(span.end for span in lane.spans))}"
        for lane in timeline.lanes
        if lane.spans
    )
    head = f"Timeline of {len(timeline.lanes)} lanes, {short(start)} to {short(end)} "
    return f"{head}{_name(timeline.unit)}.{shown} {lanes}.".replace(" .", "")


def _leaves(tree: Tree) -> str:
    parents = {node.parent for node in tree.nodes}
    leaves = [node for place, node in enumerate(tree.nodes) if place not in parents]
    said = "; ".join(f"{_name(node.label)} {_name(node.note)}".strip() for node in leaves)
    return f"It ends in {said}."


def _diagram(diagram: Diagram) -> str:
    chain = " → ".join(_name(box.label) for box in diagram.boxes)
    lit = ", ".join(_name(box.label) for box in diagram.boxes if box.is_lit)
    said = f"Diagram from top to bottom: {chain}."
    for start, end in diagram.skips:
        said += f" An arrow passes by from {box_name(diagram, start)} to {box_name(diagram, end)}."
    return f"{said} Lit: {lit}." if lit else said


def _name(text: str) -> str:
    return padded(drawable(text), _NAME).rstrip()
