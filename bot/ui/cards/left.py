"""A card that stands already, drawn once more: with a line on where it goes on, or what failed.

Its pictures are those that hang on the message, so they are kept with it.
"""

from typing import Any

import discord
from discord import ui

from bot.ui.buttons.controls import PressButton, PressMenu
from bot.ui.cards.kit import CARD_CHARS, FAILED, Card, Item, note_lines, safe

_BELOW = "-# ↓ "  # begins a line on what stands below
GOES_ON = f"{_BELOW}It goes on below, at the end of this conversation."
_WAITING = "⏳ "  # begins a line on what is done
_MOST_PARTS = 40  # of a message
_RAN_SHOWN = 60  # characters of a prompt


def waiting(doing: str, else_do: str) -> str:
    """Return the line on what is done, and what to do if nothing comes of it."""
    return f"{_WAITING}{doing} …\n-# Nothing after a minute? Then {else_do}."


def opened_below(ran: str = "") -> str:
    """Return the line on a card of its own that a press has led to, and what it was run on."""
    what = (
        f"**{safe(' '.join(ran.split()), _RAN_SHOWN)}**: it stands" if ran.strip() else "It opens"
    )
    return f"{_BELOW}{what} below, at the end of this conversation. The lesson goes on here."


def draw_left(message: discord.Message) -> Card | None:
    """Return a message's card with a line on where it goes on; None for one that is no card."""
    items = _items(message)
    if items is None:
        return None
    return _drawn([*items, ui.TextDisplay(GOES_ON)])


def draw_said(message: discord.Message, pressed: str, said: str) -> Card | None:
    """Return a message's card with a line of ours below the button that was pressed.

    Args:
        message: What stands there.
        pressed: The id of the button or menu.
        said: The line.

    Returns:
        None for a message that is no card, or one that holds no more.
    """
    items = _items(message)
    if items is None:
        return None
    at = next((n for n, one in enumerate(items, 1) if pressed in _ids(one)), len(items))
    return _fitting([*items[:at], ui.TextDisplay(said), *items[at:]])


def draw_failed(message: discord.Message, failure: str) -> Card | None:
    """Return a message's card with what went wrong at its top; None as for `draw_said`."""
    items = _items(message)
    return None if items is None else _fitting([ui.TextDisplay(note_lines(failure) or ""), *items])


def is_near_top(message: discord.Message, pressed: str) -> bool:
    """Whether a button is in the first row of a card, so that its top is in view."""
    rows = [one for one in _items(message) or () if isinstance(one, ui.ActionRow)]
    return bool(rows) and pressed in _ids(rows[0])


def draw_rid(message: discord.Message) -> Card | None:
    """Return a message's card without the line of `waiting`; None where there is none."""
    container, items = _container(message), _items(message)
    if container is None or items is None:
        return None
    has_line = any(_is_waiting(part) for part in container.children)
    return _drawn(items) if has_line else None


def _container(message: discord.Message) -> discord.Container | None:
    return next((c for c in message.components if isinstance(c, discord.Container)), None)


def _items(message: discord.Message) -> list[Item] | None:
    """Return what is on a message's card, without lines of ours; None for one that is no card."""
    container = _container(message)
    if container is None:
        return None
    files = {file.filename for file in message.attachments}
    items = [_item(part, files) for part in container.children]
    return [one for one in items if one is not None and not _is_ours(one)]


def _drawn(items: list[Item]) -> Card:
    view = Card([])
    view.add_item(ui.Container(*items))
    return view


def _fitting(items: list[Item]) -> Card | None:
    view = _drawn(items)
    parts = sum(1 for _ in view.walk_children())
    return view if parts <= _MOST_PARTS and view.content_length() <= CARD_CHARS else None


def _is_ours(part: Any) -> bool:
    return str(getattr(part, "content", "")).startswith((_WAITING, _BELOW, FAILED))


def _is_waiting(part: Any) -> bool:
    return str(getattr(part, "content", "")).startswith(_WAITING)


def _ids(item: Item) -> list[str]:
    if not isinstance(item, ui.ActionRow):
        return []
    return [one.custom_id for one in item.children if isinstance(one, PressButton | PressMenu)]


def _item(part: Any, files: set[str]) -> Item | None:
    match part:
        case discord.TextDisplay():
            return ui.TextDisplay(part.content)
        case discord.ActionRow():
            pressed = [found for one in part.children if (found := _control(one)) is not None]
            return ui.ActionRow[Any](*pressed) if pressed else None
        case discord.MediaGalleryComponent():
            return ui.MediaGallery(*(_picture(one, files) for one in part.items))
        case _:
            return None


def _control(part: Any) -> Item | None:
    match part:
        case discord.Button(label=label, style=style, custom_id=custom_id):
            return PressButton(ui.Button(label=label, style=style, custom_id=custom_id))
        case discord.SelectMenu(custom_id=custom_id, placeholder=shown, options=options):
            return PressMenu(ui.Select(custom_id=custom_id, placeholder=shown, options=options))
        case _:
            return None


def _picture(one: discord.MediaGalleryItem, files: set[str]) -> discord.MediaGalleryItem:
    name = one.media.url.split("?")[0].rsplit("/", 1)[-1]
    url = f"attachment://{name}" if name in files else one.media.url
    return discord.MediaGalleryItem(url, description=one.description)
