"""Each part of an exhibit as text: for a phone, a terminal and a screen reader alike."""

from typing import assert_never

from tools.exhibit.direction import isolated, isolated_runs
from tools.exhibit.drawn_text import (
    curve_text,
    diagram_text,
    grid_text,
    scatter_text,
    timeline_text,
    tree_text,
)
from tools.exhibit.exhibit import (
    Bar,
    Bars,
    Code,
    Curve,
    Diagram,
    Exhibit,
    Fact,
    Grid,
    Origin,
    Part,
    Portions,
    Prose,
    Provenance,
    Scatter,
    Stages,
    Table,
    Timeline,
    Tokens,
    Tree,
)
from tools.exhibit.monospace import WIDTH, columns, is_steady, padded, wrapped
from tools.exhibit.portions_text import as_bars
from tools.exhibit.table_text import table_text
from tools.exhibit.titles import titled

_LABEL = 12
_NOTE = 18
_LEAST_BAR = 3
_EIGHTHS = " ▏▎▍▌▋▊▉█"


def part_text(part: Part, width: int = WIDTH) -> str:
    """Return a part as monospace text, at most `width` columns wide (code is left as it is)."""
    match part:
        case Bars(rows):
            return bars_text(rows, width)
        case Tokens(texts, fresh):
            return tokens_text(texts, fresh, width)
        case Stages(lines, lit):
            return "\n".join(_stage(line, place, lit, width) for place, line in enumerate(lines))
        case Prose(text):
            return "\n".join(wrapped(text, width))
        case Code(text):
            return text
        case Table():
            return table_text(part, width)
        case Grid():
            return grid_text(part, width)
        case Curve():
            return curve_text(part, width)
        case Timeline():
            return timeline_text(part, width)
        case Tree():
            return tree_text(part, width)
        case Scatter():
            return scatter_text(part, width)
        case Diagram():
            return diagram_text(part, width)
        case Portions():
            return bars_text(as_bars(part).rows, width)
        case _:
            assert_never(part)


def exhibit_text(exhibit: Exhibit) -> str:
    """Return a whole exhibit for a terminal: title, parts, facts, where it is from."""
    blocks = [exhibit.title, *(part_text(part) for part in exhibit.parts)]
    facts = " · ".join(fact_text(fact) for fact in exhibit.facts)
    blocks.append("\n".join(filter(None, [facts, provenance_line(exhibit.provenance)])))
    return "\n\n".join(blocks)


def bars_text(rows: tuple[Bar, ...], width: int = WIDTH) -> str:
    """Return horizontal bars, one row each, the longest filling what labels and notes leave."""
    if not rows:
        return ""
    notes = _notes(rows, width)
    note = min(_NOTE, width // 2, max(columns(text) for text in notes))
    names = max(columns(row.label) for row in rows)
    label = min(_LABEL, width * 2 // 5, width - note - _LEAST_BAR - 2, names)
    room = max(_LEAST_BAR, width - label - note - 2)
    most = max(row.share for row in rows) or 1.0
    bars = [padded(_bar(row.share / most, room), room) for row in rows]
    is_aligned = all(is_steady(row.label) for row in rows)
    lines = []
    for row, bar, text in zip(rows, bars, notes, strict=True):
        name, said = padded(row.label, label), padded(text, note)
        # nothing may follow signs that keep to no columns
        last = isolated(name.rstrip())
        lines.append(f"{name} {bar} {said}" if is_aligned else f"{bar} {said} {last}")
    return "\n".join(line.rstrip() for line in lines)


def tokens_text(texts: tuple[str, ...], fresh: int = 0, width: int = WIDTH) -> str:
    """Return tokens with a bar between each, the fresh ones in ‹ ›, wrapped."""
    old = len(texts) - fresh
    pieces = [
        isolated(text) if place < old else f"‹{isolated(text)}›" for place, text in enumerate(texts)
    ]
    lines, line = [], ""
    for place, piece in enumerate(pieces, 1):
        joined = f"{line}|{piece}" if line else piece
        bar = place < len(pieces)  # at the end of each line but the last
        if line and columns(joined) + bar > width:
            lines.append(f"{line}|")
            joined = piece
        line = joined
    return "\n".join([*lines, line])


def provenance_line(provenance: Provenance) -> str:
    """Return where an exhibit's numbers come from, in one line."""
    match provenance.origin:
        case Origin.LIVE:
            how = "kept" if provenance.is_kept else "live"
            where = titled(provenance.model, provenance.engine)
            took = provenance.elapsed_ms
            return " · ".join([how, where, *([] if took is None else [f"{took:,.0f} ms"])])
        case Origin.RECORDED:
            on = f"{provenance.at:%Y-%m-%d}" if provenance.at else ""
            return "recorded: " + ", ".join(filter(None, [provenance.model, provenance.engine, on]))
        case Origin.COMPUTED:
            return "computed: worked out by code"
        case Origin.ILLUSTRATIVE:
            return "illustrative: made up to show the shape"
        case _:
            assert_never(provenance.origin)


def fact_text(fact: Fact) -> str:
    """Return one fact, `entropy 5.10 bits`."""
    value = fact.value if isinstance(fact.value, str) else _number(fact.value)
    return " ".join(filter(None, [fact.name, value, fact.unit]))


def _notes(rows: tuple[Bar, ...], width: int) -> list[str]:
    """Return what stands behind the bars: notes flush right, details where there is room."""
    widest = max(columns(row.note) for row in rows)
    notes = [" " * (widest - columns(row.note)) + row.note for row in rows]
    if width < WIDTH:
        return notes
    return [f"{note} {row.detail}".rstrip() for note, row in zip(notes, rows, strict=True)]


def _stage(line: str, place: int, lit: int | None, width: int) -> str:
    """Return a stage's line; the margin for the sign is there only where one is lit."""
    margin = "" if lit is None else "▸ " if place == lit else "  "
    return isolated_runs(padded(f"{margin}{line}", width).rstrip())


def _bar(share: float, room: int) -> str:
    """Return a bar `share` of `room` columns long, in eighths; a trace for any share above 0."""
    eighths = round(min(1.0, max(0.0, share)) * room * 8)
    if share > 0:
        eighths = max(1, eighths)
    full, part = divmod(eighths, 8)
    return "█" * full + (_EIGHTHS[part] if part else "")


def _number(value: float) -> str:
    if float(value).is_integer() or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.2f}".rstrip("0")
