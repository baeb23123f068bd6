"""What a message says that somebody points at: theirs, somebody's, or a card of a bot's."""

from collections.abc import Iterable, Iterator
from typing import Any

import discord

from bot.domain.errors import UnusableAnswer


def words_of(message: discord.Message) -> str:
    """Return the text of a message, as it stands.

    Raises:
        UnusableAnswer: it has none.
    """
    said = [message.content, *(embed.description or "" for embed in message.embeds)]
    said += _on_cards(message.components)
    words = "\n".join(filter(None, (one.strip() for one in said)))
    if not words:
        raise UnusableAnswer("There are no words in that message. Pick one that has some.")
    return words


def _on_cards(components: Iterable[Any]) -> Iterator[str]:
    for component in components:
        if isinstance(component, discord.TextDisplay):
            yield component.content
        yield from _on_cards(getattr(component, "children", ()))
