"""A person's inbox, which they may have closed to the bot."""

from collections.abc import Awaitable, Callable

import discord
import structlog

from bot.ui.cards.kit import Card
from bot.ui.edge.streaming import REFUSALS

log = structlog.get_logger()

# Discord's codes: they take no messages from the bot, or are no user any more
_ENDS_HERE = frozenset({50007, 10013})
# the bot opens inboxes too fast, or was flagged for it: it is nobody's inbox that refuses
_TOO_FAST = frozenset({40003, 20026})
_TOO_MANY, _THEIR_FAULT = 429, 500  # HTTP

Deliver = Callable[[int, Card], Awaitable[bool]]  # what `deliver` is to whoever knows no client


async def deliver(client: discord.Client, learner_id: int, card: Card) -> bool:
    """Send a direct message; False if the learner's inbox is closed to the bot."""
    try:
        person = client.get_user(learner_id) or await client.fetch_user(learner_id)
        await person.send(view=card)
    except REFUSALS as refused:
        log.info("a direct message was refused", reason=str(refused))
        return False
    return True


def ends_here(refused: Exception) -> bool:
    """Whether this person can't be written to, today or ever; all else may go better later."""
    return isinstance(refused, discord.HTTPException) and refused.code in _ENDS_HERE


def is_everyones(refused: Exception) -> bool:
    """Whether whoever is written to now would be refused as well."""
    if not isinstance(refused, discord.HTTPException):
        return True  # there is no way to Discord
    is_theirs = refused.status == _TOO_MANY or refused.status >= _THEIR_FAULT
    return is_theirs or refused.code in _TOO_FAST
