"""A person's inbox, which they may have closed to the bot."""

from collections.abc import Awaitable, Callable

import discord
import structlog

from bot.ui.cards.kit import Card
from bot.ui.edge.streaming import REFUSALS

log = structlog.get_logger()

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
