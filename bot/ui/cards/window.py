"""A window with a field to write in, and maybe a choice of how sure."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.domain.lesson.confidence import Level
from bot.ui.buttons import custom_ids
from bot.ui.buttons.custom_ids import Press

LONGEST_TITLE, LONGEST_DESCRIPTION = 45, 100
OPEN_S = 900  # forget a window that nobody sends; Discord's token is dead by then
FIELD, SURE = "text", "sure"


class Window(ui.Modal):
    """A field or two, maybe below what they answer.

    `on_submit` stays empty: the client reads submissions by their custom_id.
    """

    def __init__(self, press: Press, title: str, *fields: ui.Label[Any] | ui.TextDisplay[Any]):
        super().__init__(
            title=_cut(title, LONGEST_TITLE), custom_id=custom_ids.encode(press), timeout=OPEN_S
        )
        for one in fields:
            self.add_item(one)


def field(label: str, note: str, longest: int, *, is_long: bool = False) -> ui.Label[Any]:
    """Return a box for at most `longest` characters, with a note whose end is kept."""
    style = discord.TextStyle.paragraph if is_long else discord.TextStyle.short
    box: ui.TextInput[Any] = ui.TextInput(custom_id=FIELD, style=style, max_length=longest)
    return ui.Label(
        text=_cut(label, LONGEST_TITLE),
        description=_end(note.replace("*", ""), LONGEST_DESCRIPTION) or None,
        component=box,
    )


def sureness(levels: Sequence[Level]) -> ui.Label[Any]:
    """Return the choice of how sure, with what each level stands for."""
    options = [
        discord.RadioGroupOption(label=f"{one.label} · {one.probability:.0%}", value=str(place))
        for place, one in enumerate(levels)
    ]
    group: ui.RadioGroup[Any] = ui.RadioGroup(custom_id=SURE, options=options)
    return ui.Label(text="How sure are you?", component=group)


def _end(text: str, longest: int) -> str:
    """Keep the end: that is what the words to be written follow on from."""
    return text if len(text) <= longest else "…" + text[1 - longest :]


def _cut(text: str, longest: int) -> str:
    """Keep the beginning, up to the end of a word; a word that is longer than all is broken."""
    if len(text) <= longest:
        return text
    room = text[:longest]  # whose last sign makes room for the mark
    return (room.rsplit(maxsplit=1)[0] if " " in room else room[:-1]).rstrip(",;:.– ") + "…"
