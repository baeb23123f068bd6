"""Direct messages that nobody asked for at this moment: sent when due, never twice.

A source claims what is due before it hands it out, so that several processes can look at once.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

import aiohttp
import discord
import structlog
from discord.ext import tasks

from bot.ui.cards.kit import Card
from bot.ui.cards.practice.reminder import draw_nudge
from bot.ui.edge.failures import failures_logged
from bot.usecases.practising import Practising

log = structlog.get_logger()

EVERY_S = 60
_CLOSED = (discord.Forbidden, discord.NotFound)  # they take none from the bot, or are gone


@dataclass(frozen=True, slots=True)
class Letter:
    """A card for one person's inbox.

    Attributes:
        learner_id: The person.
        card: What to send.
        on_closed: Awaited if their inbox refuses, so that it isn't tried again.
    """

    learner_id: int
    card: Card
    on_closed: Callable[[], Awaitable[None]]


Chore = Callable[[], Awaitable[object]]
LetterSource = Callable[[], AsyncIterator[Letter]]


class Reminders:
    """Looks every minute at what is due, and sends it."""

    def __init__(self, client: discord.Client, sources: Sequence[LetterSource]) -> None:
        """Remember whom to ask; nothing runs before `start`.

        Args:
            client: Sends.
            sources: Each yields letters that it has claimed for this process.
        """
        self._client, self._sources = client, tuple(sources)
        self._chores: list[Chore] = []
        self.on_sent: Callable[[Letter], Awaitable[None]] | None = None  # told of what arrived
        self._loop = tasks.loop(seconds=EVERY_S)(self.look)

    def start(self) -> None:
        """Look now, and every minute from then on."""
        self._loop.start()

    def close(self) -> None:
        """Stop looking."""
        self._loop.cancel()

    def also(self, chore: Chore) -> None:
        """Do something else at each look too."""
        self._chores.append(chore)

    async def look(self) -> None:
        """Send all that is due, and do the chores; what fails is logged, and tried again."""
        for job in (self.send_due, *self._chores):
            async with failures_logged("reminders failed"):
                await job()

    async def send_due(self) -> int:
        """Send all that is due now; return how many letters arrived."""
        sent = 0
        for source in self._sources:
            async for letter in source():
                sent += await self._send(letter)
        return sent

    async def _send(self, letter: Letter) -> bool:
        try:
            person = await self._client.fetch_user(letter.learner_id)
            await person.send(view=letter.card)
        except _CLOSED as refused:
            log.info("an inbox is closed", code=refused.code)
            await letter.on_closed()
            return False
        except (discord.HTTPException, aiohttp.ClientError, OSError) as failed:
            log.warning("a reminder was lost", failure=type(failed).__name__)
            return False
        if self.on_sent:
            await self.on_sent(letter)
        return True


def review_letters(use: Practising) -> LetterSource:
    """Return the source of reminders to review."""

    async def letters() -> AsyncIterator[Letter]:
        async for nudge in use.due_reminders():
            learner_id = nudge.learner_id

            async def stop(learner_id: int = learner_id) -> None:
                await use.stop_reminders(learner_id, is_closed=True)

            yield Letter(learner_id, draw_nudge(nudge.due, nudge.streak, nudge.lessons), stop)

    return letters
