"""The text form of a table: aligned columns, or short lists where there is no room for them."""

from collections.abc import Sequence
from itertools import zip_longest

from tools.exhibit.direction import isolated
from tools.exhibit.drawn_text import one_line
from tools.exhibit.exhibit import Table
from tools.exhibit.monospace import clipped, columns, is_steady

_FIRST_CELL = 6  # the fewest columns to cut a row's name to
_NUMERIC = frozenset("0123456789+-−<>≈~×.")


def table_text(table: Table, width: int) -> str:
    """Return a table in aligned columns; where they don't fit, each row as a short list.

    The first column gives way to the others. It stands last where its signs are of no sure width.
    """
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
    shaky = [not all(map(is_steady, cells)) for cells in zip_longest(*body, fillvalue="")]
    order = sorted(range(len(widths)), key=lambda place: any(shaky[place : place + 1]))
    lines = [
        f"{mark}{_cells(row, widths, rights, order)}".rstrip()
        for mark, row in zip([blank, *marks], [header, *body], strict=True)
    ]
    return "\n".join(lines)


def _listed(
    header: Sequence[str], body: Sequence[Sequence[str]], marks: Sequence[str], width: int
) -> str:
    """Return each row as its first cell and, below it, the others by name; no number is cut."""
    lines = []
    for mark, row in zip(marks, body, strict=True):
        lines.append(mark + isolated(clipped(row[0] if row else "", width - len(mark))))
        line = ""
        for name, cell in zip(header[1:], row[1:], strict=False):
            named = f"{isolated(name)} {isolated(cell)}"
            joined = f"{line} · {named}" if line else f"    {named}"
            if line and columns(joined) > width:
                lines.append(clipped(line, width))
                joined = f"    {named}"
            line = joined
        lines.extend([clipped(line, width)] if line else [])
    return "\n".join(lines)


def _is_numeric(cells: Sequence[str]) -> bool:
    """Is every cell below the header empty or a number?"""
    return all(cell[0] in _NUMERIC for cell in cells[1:] if cell)


def _cells(
    row: Sequence[str], widths: Sequence[int], rights: Sequence[bool], order: Sequence[int]
) -> str:
    """Return one row's cells in this order; a column of numbers stands flush right."""
    shown = []
    for place in order:
        text = clipped(row[place] if place < len(row) else "", widths[place])
        space = " " * (widths[place] - columns(text))
        alone = isolated(text)
        shown.append(f"{space}{alone}" if rights[place] else f"{alone}{space}")
    return " ".join(shown)
