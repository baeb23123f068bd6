"""What was written in a window.

It is read from the interaction itself, so a window that was open when the bot restarted still
works.
"""

from collections.abc import Iterator
from typing import Any

import discord

from bot.ui.cards.window import SURE


def text_of(interaction: discord.Interaction[Any]) -> str:
    """Return what was written in the submitted window."""
    data: Any = interaction.data or {}  # a typed dict of each kind of interaction
    parts = _parts(data.get("components", ()))
    return next((str(p["value"]) for p in parts if "value" in p and p["custom_id"] != SURE), "")


def level_of(interaction: discord.Interaction[Any]) -> int | None:
    """Return how sure the submitted window says they are; None where it didn't ask."""
    data: Any = interaction.data or {}
    chosen = (part for part in _parts(data.get("components", ())) if part["custom_id"] == SURE)
    value = str(next((part.get("value") for part in chosen), ""))
    return int(value) if value.isascii() and value.isdecimal() else None


def _parts(components: Any) -> Iterator[Any]:
    for component in components:
        if "custom_id" in component:
            yield component
        yield from _parts(component.get("components", ()))
        if "component" in component:
            yield from _parts((component["component"],))
