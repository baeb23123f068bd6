"""What was written in a window.

It is read from the interaction itself, so a window that was open when the bot restarted still
works.
"""

from collections.abc import Iterator
from typing import Any

import discord


def text_of(interaction: discord.Interaction[Any]) -> str:
    """Return what was written in the submitted window."""
    data: Any = interaction.data or {}  # a typed dict of each kind of interaction
    return next(_values(data.get("components", ())), "")


def _values(components: Any) -> Iterator[str]:
    for component in components:
        if "value" in component:
            yield str(component["value"])
        yield from _values(component.get("components", ()))
        if "component" in component:
            yield from _values((component["component"],))
