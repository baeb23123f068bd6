"""What every card is built from, and the limits that Discord sets on it."""

from collections.abc import Iterable, Sequence
from typing import Any

from discord import ui

from bot.domain.screens import Place
from tools.exhibit import Bars, Code, Exhibit, Part, Prose, Stages, Tokens
from tools.text import fact_text, part_text, provenance_line
from tools.visible import safe_code, safe_markdown, visible

CARD_CHARS = 4000
CARD_PARTS = 40
ROW_BUTTONS = 5
_TOKEN_SHOWN = 20
COLUMNS = 22  # of monospace that a card shows on a phone 360 points wide

Item = ui.Item[Any]
Button = ui.Item[Any]


class CardTooBigError(ValueError):
    """A card would be refused by Discord. A fault of ours, never of the learner."""


def card(*items: Item | str | None) -> ui.LayoutView:
    """Return a view with one container; text, rows and rules in the order given.

    Raises:
        CardTooBigError: it is over one of Discord's limits.
    """
    parts: list[Item] = []
    for item in items:
        if isinstance(item, str) and item:
            parts.append(ui.TextDisplay(item))
        elif item is not None and not isinstance(item, str):
            parts.append(item)
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*parts))
    if view.content_length() > CARD_CHARS:
        raise CardTooBigError(f"{view.content_length()} characters of text")
    return view


def row(buttons: Iterable[Button]) -> Item | None:
    """Return a row of up to five buttons; None for an empty one.

    Raises:
        CardTooBigError: there are more than five.
    """
    found = list(buttons)
    if len(found) > ROW_BUTTONS:
        raise CardTooBigError(f"{len(found)} buttons in a row")
    return ui.ActionRow[Any](*found) if found else None


def rule() -> Item:
    """Return a thin line."""
    return ui.Separator()


def place_line(place: Place) -> str:
    """Return the line on top of each step's card."""
    where = f"Lesson {place.lesson} · {place.index} of {place.total}"
    return f"-# {where}  {gauge(place.index, place.total)}"


def gauge(done: int, total: int, cells: int = 6) -> str:
    """Return how far along something is: ▰▰▱▱."""
    full = 0 if total == 0 else max(int(done > 0), round(done / total * cells))
    return "▰" * full + "▱" * (cells - full)


def percent(share: float) -> str:
    """Return a share of 1 as people say it: `38.9 %`, `100 %`, `<0.1 %`."""
    value = share * 100
    if value == 0 or value >= 99.95:
        return f"{value:.0f} %"
    return f"{value:.1f} %" if value >= 0.05 else "<0.1 %"


def odds(share: float) -> str:
    """Return a share of 1, where a tiny one is worth telling from a tinier: `1 in 4,300`."""
    if share >= 0.001:
        return percent(share)
    return f"1 in {float(f'{1 / share:.2g}'):,.0f}" if share > 0 else "nothing"


def code_block(text: str, language: str = "") -> str:
    """Return text in a fence that it can't close."""
    return f"```{language}\n{safe_code(text)}\n```"


def safe(text: str, longest: int, *, keep_end: bool = False) -> str:
    """Return outside text as Discord shows it as it stands, in at most `longest` characters."""
    room = longest
    while len(shown := safe_markdown(cut(text, room, keep_end=keep_end))) > longest:
        room = room * longest // len(shown)  # what is escaped takes more than what it shows
    return shown


def quote(text: str, longest: int) -> str:
    """Return the end of outside text set apart, as one paragraph; its line ends show as ⏎."""
    line = text.replace("\n", "⏎")
    return f"> {safe(line, longest, keep_end=True)}"


def token(text: str) -> str:
    """Return one token in code, each character of it visible."""
    return f"`{safe_code(cut(visible(text), _TOKEN_SHOWN))}`"


def exhibit_lines(exhibit: Exhibit | None) -> str | None:
    """Return an exhibit as one text: its parts, then facts and where the numbers are from."""
    if exhibit is None:
        return None
    blocks = [f"**{exhibit.title}**", *(_part(part) for part in exhibit.parts)]
    facts = " · ".join(fact_text(fact) for fact in exhibit.facts)
    source = provenance_line(exhibit.provenance)
    return "\n".join([*blocks, f"-# {' · '.join(filter(None, [facts, source]))}"])


def note_lines(note: str | None) -> str | None:
    """Return what went wrong, set apart."""
    return f"> ⚠️ {note}" if note else None


def cut(text: str, longest: int, *, keep_end: bool = False) -> str:
    """Return text with at most `longest` characters; … marks what was cut."""
    if len(text) <= longest:
        return text
    return "…" + text[1 - longest :] if keep_end else text[: longest - 1] + "…"


def numbered(lines: Sequence[tuple[str, str]]) -> str:
    """Return lettered lines."""
    return "\n".join(f"**{key}**  {text}" for key, text in lines)


def _part(part: Part) -> str:
    match part:
        case Prose(text):
            return text
        case Code(text, language):
            return f"```{language}\n{text}\n```"
        case Bars() | Tokens() | Stages():
            return code_block(part_text(part, COLUMNS))
