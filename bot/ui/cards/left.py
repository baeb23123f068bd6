"""A card that was left: as it stood, with a line on where it goes on."""

from typing import Any

import discord
from discord import ui

from bot.ui.buttons.controls import PressButton
from bot.ui.cards.kit import Card, Item

GOES_ON = "-# ↓ It goes on below, at the end of this conversation."


def draw_left(message: discord.Message) -> Card | None:
    """Return a message's card with that line; None for a message that is no card.

    Its pictures are those that hang on the message, so they are kept with it.
    """
    container = next((c for c in message.components if isinstance(c, discord.Container)), None)
    if container is None:
        return None
    files = {file.filename for file in message.attachments}
    items = [_item(part, files) for part in container.children]
    said = [one.content for one in items if isinstance(one, ui.TextDisplay)]
    if GOES_ON not in said:
        items.append(ui.TextDisplay(GOES_ON))
    view = Card([])
    view.add_item(ui.Container(*(one for one in items if one is not None)))
    return view


def _item(part: Any, files: set[str]) -> Item | None:
    match part:
        case discord.TextDisplay():
            return ui.TextDisplay(part.content)
        case discord.ActionRow():
            buttons = [_button(one) for one in part.children if isinstance(one, discord.Button)]
            return ui.ActionRow[Any](*buttons) if buttons else None
        case discord.MediaGalleryComponent():
            return ui.MediaGallery(*(_picture(one, files) for one in part.items))
        case _:
            return None


def _button(part: discord.Button) -> Item:
    style = part.style
    return PressButton(ui.Button(label=part.label, style=style, custom_id=part.custom_id))


def _picture(one: discord.MediaGalleryItem, files: set[str]) -> discord.MediaGalleryItem:
    name = one.media.url.split("?")[0].rsplit("/", 1)[-1]
    url = f"attachment://{name}" if name in files else one.media.url
    return discord.MediaGalleryItem(url, description=one.description)
