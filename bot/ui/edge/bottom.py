"""What stands last before a person: a lesson goes on there, so that nobody has to look for it."""

from collections import OrderedDict
from typing import Any, Protocol, cast

import discord

MOST = 20_000  # conversations; the one that was quiet longest is forgotten
_EVERYONE = 0


class Bottom:
    """The newest message of each conversation, as far as this process has seen.

    What only one person sees counts for them alone. After a restart the channel itself knows what
    everybody saw last.
    """

    def __init__(self) -> None:
        self._newest: OrderedDict[tuple[int, int], int] = OrderedDict()

    def posted(self, channel_id: int, message_id: int, person_id: int = _EVERYONE) -> None:
        """Remember a message; with a person, one that was put before them."""
        key = (channel_id, person_id)
        self._newest[key] = max(message_id, self._newest.get(key, 0))
        self._newest.move_to_end(key)
        if len(self._newest) > MOST:
            self._newest.popitem(last=False)

    def is_below(self, channel_id: int, message_id: int, person_id: int) -> bool:
        """Whether something stands below a message, for this person."""
        known = (self._newest.get((channel_id, who), 0) for who in (person_id, _EVERYONE))
        return max(known) > message_id


class _KeepsBottom(Protocol):
    """A client that remembers what stands last."""

    bottom: Bottom


def bottom_of(interaction: discord.Interaction[Any]) -> Bottom:
    """Return what the client of an interaction remembers."""
    return cast(_KeepsBottom, interaction.client).bottom


def has_more_below(interaction: discord.Interaction[Any]) -> bool:
    """Whether the card that was pressed isn't the last thing before whoever pressed it."""
    message, channel_id = interaction.message, interaction.channel_id
    if message is None or channel_id is None:
        return False
    newest = getattr(interaction.channel, "last_message_id", None) or 0
    is_known = bottom_of(interaction).is_below(channel_id, message.id, interaction.user.id)
    return is_known or newest > message.id
