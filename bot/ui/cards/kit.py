"""What every card is built from, and the limits that Discord sets on it."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.domain.lesson.screens import StepPlace
from bot.ui.pictures.alt import alt
from tools.exhibit.exhibit import Code, Drawn, Exhibit, Prose, ReadPart
from tools.exhibit.monospace import PHONE
from tools.exhibit.text import fact_text, part_text, provenance_line
from tools.exhibit.visible import safe_code, safe_markdown, visible

HELP = "💡"  # begins a note that helps; others say what went wrong
FAILED = "> ⚠️ "  # begins the line on what went wrong
CARD_CHARS = 4000
ROW_BUTTONS = 5
_TOKEN_SHOWN = 20
_PART_CHARS, _CODE_CHARS = 1200, 1800  # of one part of an exhibit
_BARS_APART = "|\u200b|"

Item = ui.Item[Any]
Button = ui.Item[Any]


class CardTooBigError(ValueError):
    """A card would be refused by Discord. A fault of ours, never of the learner."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing on a card, to be rendered when the card is sent."""

    name: str  # of the file, unique on the card
    part: Drawn
    alt: str


class Card(ui.LayoutView):
    """What is shown at one time, in one message, and the pictures that go with it."""

    def __init__(self, pictures: Sequence[Picture]) -> None:
        super().__init__(timeout=None)
        self.pictures = tuple(pictures)
        self.is_lesson = False  # one at a time is live before a learner
        self.then: Callable[[], Awaitable[Card | None]] | None = None  # what replaces it soon


def card(*items: Item | str | Picture | None) -> Card:
    """Return a card with one container; text, rows and pictures in the order given.

    What went wrong stands first, however tall the card is: that is where it is looked for.

    Raises:
        CardTooBigError: it is over one of Discord's limits.
    """
    parts: list[Item] = []
    for item in sorted(items, key=lambda item: not _is_failure(item)):
        if isinstance(item, str) and item:
            parts.append(ui.TextDisplay(item))
        elif isinstance(item, Picture):
            shown = discord.MediaGalleryItem(f"attachment://{item.name}", description=item.alt)
            parts.append(ui.MediaGallery(shown))
        elif item is not None and not isinstance(item, str):
            parts.append(item)
    view = Card([item for item in items if isinstance(item, Picture)])
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


def place_line(place: StepPlace, last: StepPlace | None = None) -> str:
    """Return the line on top of each step's card; `last` is of another step on it."""
    index = f"{place.index}–{last.index}" if last else f"{place.index}"
    where = f"Lesson {place.lesson} · {index} of {place.total}"
    along = gauge(last.index if last else place.index, place.total)
    has_room = last is None and place.minutes_left  # it stays one line on a phone
    return f"-# {where} {along}{f' {place.minutes_left} min left' if has_room else ''}"


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


def one_in(share: float) -> str:
    """Return a share of 1 in plain words: `38.9 %`, and `1 in 70` where it is small."""
    if share >= 0.1:
        return percent(share)
    return f"1 in {float(f'{1 / share:.2g}'):,.0f}" if share > 0 else "next to nothing"


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


def exhibit_items(exhibit: Exhibit | None, name: str = "part") -> list[str | Picture]:
    """Return an exhibit's parts in order, read or drawn, then its facts and where they are from.

    Its pictures are files called `name`-1.png and so on: unique on a card with two exhibits.
    """
    if exhibit is None:
        return []
    parts = [
        Picture(f"{name}-{number}.png", part, alt(part, exhibit.title))
        if isinstance(part, Drawn)
        else _part(part)
        for number, part in enumerate(exhibit.parts)
    ]
    facts = " · ".join(fact_text(fact) for fact in exhibit.facts)
    source = provenance_line(exhibit.provenance)
    last = f"-# {' · '.join(filter(None, [facts, source]))}"
    return [f"**{exhibit.title}**", *parts, last]


def note_lines(note: str | None) -> str | None:
    """Return what went wrong, or what helps, set apart."""
    if tells_of_failure(note):
        return f"{FAILED}{note}"
    return f"> {note}" if note else None


def tells_of_failure(note: str | None) -> bool:
    """Whether a note says what went wrong, so that trying again is of use."""
    return note is not None and not note.startswith(HELP)


def spoiler(text: str) -> str:
    """Return text that stays hidden until it is pressed; nothing in it ends the hiding."""
    apart = text.replace("||", _BARS_APART).replace("||", _BARS_APART)  # three in a row, too
    end = "\u200b" if apart.endswith("|") else ""
    return f"||{apart}{end}||"


def cut(text: str, longest: int, *, keep_end: bool = False) -> str:
    """Return text with at most `longest` characters; … marks what was cut."""
    if len(text) <= longest:
        return text
    return "…" + text[1 - longest :] if keep_end else text[: longest - 1] + "…"


def numbered(lines: Sequence[tuple[str, str]]) -> str:
    """Return lettered lines."""
    return "\n".join(f"**{key}**  {text}" for key, text in lines)


def _is_failure(item: Item | str | Picture | None) -> bool:
    return isinstance(item, str) and item.startswith(FAILED)


def _part(part: ReadPart) -> str:
    match part:
        case Prose(text):
            return safe(text, _PART_CHARS)
        case Code(text, language):
            if len(text) > _CODE_CHARS:
                return f"-# {len(text):,} characters of code: too long for a card"
            return f"```{language}\n{text}\n```"
        case _:
            return code_block(cut(part_text(part, PHONE), _PART_CHARS))
