"""A sortable table in HTML."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.report.plain import escaped


@dataclass(frozen=True, slots=True)
class Cell:
    """What is shown, and by what it is sorted if by something else; "" is unknown."""

    text: str
    value: str | None = None


def number(value: float | None, shown: str) -> Cell:
    """Return the cell of a number; None is unknown."""
    return Cell("", "") if value is None else Cell(shown, f"{value:g}")


def table(heads: Sequence[tuple[str, bool]], rows: Iterable[Sequence[Cell]]) -> str:
    """Return the table; each head says whether its column holds numbers."""
    above = "".join(
        f'<th scope="col"{_kind(is_number)}><button type="button">{escaped(head)}</button></th>'
        for head, is_number in heads
    )
    body = "".join(
        "<tr>" + "".join(_cell(c, is_n) for c, (_, is_n) in zip(row, heads, strict=True)) + "</tr>"
        for row in rows
    )
    inside = f"<thead><tr>{above}</tr></thead><tbody>{body}</tbody>"
    return f'<div class="scroll"><table>{inside}</table></div>'


def _cell(cell: Cell, is_number: bool) -> str:
    value = "" if cell.value is None else f' data-value="{escaped(cell.value)}"'
    return f"<td{_kind(is_number)}{value}><bdi>{escaped(cell.text)}</bdi></td>"


def _kind(is_number: bool) -> str:
    return ' class="number"' if is_number else ""
