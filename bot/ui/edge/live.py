"""One card of a lesson is live before a learner: an older one says that it goes on below."""

from collections import OrderedDict
from typing import Any, Protocol, cast

import discord

from bot.ui.cards.left import draw_left, draw_said
from bot.ui.edge.streaming import REFUSALS

MOST = 2_000  # conversations; a card can be changed for a quarter of an hour after a press


class LiveLessons:
    """The card of a lesson that each saw last in a conversation, as far as this process knows.

    After a restart nothing is known: a card that was left then answers a press with the present
    one, as it always does.
    """

    def __init__(self) -> None:
        self._live: OrderedDict[tuple[int, int], discord.Message] = OrderedDict()

    def put(self, channel_id: int, person_id: int, message: discord.Message) -> None:
        """Take a message for the live card."""
        self._live[channel_id, person_id] = message
        self._live.move_to_end((channel_id, person_id))
        if len(self._live) > MOST:
            self._live.popitem(last=False)

    def of(self, channel_id: int, person_id: int) -> discord.Message | None:
        """Return the live card, if one is known."""
        return self._live.get((channel_id, person_id))


class _KeepsLive(Protocol):
    """A client that remembers which lessons are live."""

    live: LiveLessons


async def keep_one(interaction: discord.Interaction[Any], message: discord.Message) -> None:
    """Make this the live card of a lesson; on another one, say that it goes on below."""
    live, channel_id = _live_of(interaction), interaction.channel_id
    if channel_id is None:
        return
    former = live.of(channel_id, interaction.user.id)
    live.put(channel_id, interaction.user.id, message)
    if former is None or former.id == message.id or not (left := draw_left(former)):
        return
    try:
        await former.edit(view=left, attachments=former.attachments)
    except REFUSALS:
        return  # too old to be changed: a press on it shows the present card


async def say_below(interaction: discord.Interaction[Any], pressed: str, said: str) -> None:
    """On the live card that was pressed, say below that button where what it led to stands.

    Args:
        interaction: The press, or the window that it opened; its answer is a card of its own.
        pressed: The button's id.
        said: The line, as `opened_below` has it.
    """
    live, message, channel_id = _live_of(interaction), interaction.message, interaction.channel_id
    if message is None or channel_id is None:
        return
    stands = live.of(channel_id, interaction.user.id)
    if stands is None or stands.id != message.id or not (view := draw_said(message, pressed, said)):
        return
    try:
        edited = await stands.edit(view=view, attachments=message.attachments)
    except REFUSALS:
        return  # too old to be changed
    live.put(channel_id, interaction.user.id, edited)


def _live_of(interaction: discord.Interaction[Any]) -> LiveLessons:
    return cast(_KeepsLive, interaction.client).live
