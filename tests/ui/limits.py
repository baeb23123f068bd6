"""What Discord refuses, as its documentation states it; discord.py checks only some of this."""

from typing import Any

from discord import ui

from bot.ui.cards.fold import lines
from bot.ui.cards.kit import Picture
from tests.journeys.player import parts_of
from tools.exhibit.exhibit import Tree

BUTTON, SELECT, TEXT, ROW, CONTAINER = 2, 3, 10, 1, 17
GALLERY = 12
_PICTURE = Picture("any.png", Tree(()), "any")  # each takes up the same


def broken_limits(view: ui.LayoutView) -> list[str]:
    """Return each limit that a card breaks."""
    parts = list(parts_of(view.to_components()))
    text = sum(len(p["content"]) for p in parts if p["type"] == TEXT)
    ids = [p["custom_id"] for p in parts if "custom_id" in p]
    wrong = []
    if len(parts) > 40:
        wrong.append(f"{len(parts)} components, 40 are allowed")
    if text > 4000:
        wrong.append(f"{text} characters of text, 4,000 are allowed")
    if len(set(ids)) != len(ids):
        wrong.append(f"two clickables share an id: {sorted(ids)}")
    wrong += [f"an id of {len(i)} characters, 100 are allowed" for i in ids if len(i) > 100]
    for part in parts:
        wrong += _broken_by(part)
    return wrong


def lines_above(view: ui.LayoutView) -> int:
    """Return about how many lines of a phone stand above a card's first button."""
    drawn = list(parts_of(view.to_components()))
    first = next(n for n, part in enumerate(drawn) if part["type"] == ROW)
    texts = [part["content"] for part in drawn[:first] if part["type"] == TEXT]
    pictures = sum(part["type"] == GALLERY for part in drawn[:first])
    return lines([*texts, *[_PICTURE] * pictures])


def _broken_by(part: dict[str, Any]) -> list[str]:
    match part["type"]:
        case 2:
            return [] if 1 <= len(part["label"]) <= 80 else [f"label {part['label']!r}"]
        case 10:
            return [] if part["content"].strip() else ["an empty text"]
        case 1:
            children = part["components"]
            return [] if 1 <= len(children) <= 5 else [f"{len(children)} parts in a row"]
        case 3:
            return _broken_by_menu(part["options"])
        case _:
            return []


def _broken_by_menu(options: list[dict[str, Any]]) -> list[str]:
    wrong = [] if 1 <= len(options) <= 25 else [f"{len(options)} options"]
    values = [option["value"] for option in options]
    if len(set(values)) != len(values):
        wrong.append("two options share a value")
    for option in options:
        lengths = [
            len(option["value"]),
            len(option["label"]),
            len(option.get("description") or "-"),
        ]
        if not all(1 <= length <= 100 for length in lengths):
            wrong.append(f"an option of {lengths} characters")
    return wrong
