"""Direct messages that nobody asked for at this moment: sent when due, never twice.

A letter is claimed before it is sent, so that several processes can look at once. What can't be
sent is put off, and holds up nobody else's.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import discord
import structlog
from discord.ext import tasks

from bot.ui.cards.kit import Card
from bot.ui.cards.practice.reminder import draw_nudge
from bot.ui.edge.failures import failures_logged
from bot.ui.edge.inbox import ends_here, is_everyones
from bot.ui.edge.streaming import REFUSALS, Beat
from bot.usecases.practising import Practising

log = structlog.get_logger()

EVERY_S = 60
APART_S = 0.5  # between two letters
LAST_LETTER_S = 3.0  # at a stop
REST_S = 600.0  # after Discord said that they come too fast, or of whom no letter can be made

Then = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Letter:
    """A card for one person's inbox.

    Attributes:
        learner_id: The person.
        card: What to send.
        on_closed: Awaited if their inbox is closed for good, so that it isn't tried again.
        put_off: Awaited if it couldn't be sent this time.
    """

    learner_id: int
    card: Card
    on_closed: Then
    put_off: Then


class LetterSource(Protocol):
    """What there is to send."""

    async def who(self) -> Sequence[int]:
        """Return for whom something is due."""
        ...

    async def claim(self, learner_id: int) -> Letter | None:
        """Return what to send to one of them, claimed for this process; None: nothing."""
        ...


Chore = Callable[[], Awaitable[object]]


class Reminders:
    """Looks every minute at what is due, and sends it."""

    def __init__(self, client: discord.Client, sources: Sequence[LetterSource], beat: Beat) -> None:
        """Remember whom to ask; nothing runs before `start`.

        Args:
            client: Sends.
            sources: Of letters.
            beat: The clock that letters keep to.
        """
        self._client, self._sources, self._beat = client, tuple(sources), beat
        self._chores: list[Chore] = []
        self.on_sent: Callable[[Letter], Awaitable[None]] | None = None  # told of what arrived
        self._loop = tasks.loop(seconds=EVERY_S)(self.look)
        self._looking, self._is_ending, self._free_at = asyncio.Lock(), False, 0.0
        self._left_alone: dict[int, float] = {}  # of whom no letter could be made, until when

    def start(self) -> None:
        """Look now, and every minute from then on."""
        self._loop.start()

    async def close(self) -> None:
        """Stop looking; a letter that was claimed is sent before."""
        self._is_ending = True
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_LETTER_S), self._looking:
                pass
        self._loop.cancel()

    def also(self, chore: Chore) -> None:
        """Do something else at each look too."""
        self._chores.append(chore)

    async def look(self) -> None:
        """Do the chores, and send all that is due; what fails is logged, and tried again."""
        async with self._looking:
            for job in (*self._chores, self.send_due):
                async with failures_logged("reminders failed"):
                    await job()

    async def send_due(self) -> int:
        """Send what is due now, one by one; return how many letters arrived.

        Where it is Discord that fails, and no single inbox, the others stay due until the next
        look.
        """
        sent = 0
        for source in self._sources:
            for learner_id in self._awake(await source.who()):
                if self._is_ending or self._free_at > self._beat.now() + EVERY_S:
                    return sent
                if letter := await self._claimed(source, learner_id):
                    await self._beat.sleep(max(0.0, self._free_at - self._beat.now()))
                    self._free_at = self._beat.now() + APART_S
                    if (arrived := await self._send(letter)) is None:
                        return sent
                    sent += arrived
        return sent

    def _awake(self, due: Sequence[int]) -> list[int]:
        now = self._beat.now()
        self._left_alone = {who: at for who, at in self._left_alone.items() if at > now}
        return [who for who in due if who not in self._left_alone]

    async def _claimed(self, source: LetterSource, learner_id: int) -> Letter | None:
        self._left_alone[learner_id] = self._beat.now() + REST_S
        async with failures_logged("a reminder can't be made"):
            letter = await source.claim(learner_id)
            del self._left_alone[learner_id]
            return letter
        return None

    async def _send(self, letter: Letter) -> bool | None:
        """Return whether it arrived; None: now others wouldn't either."""
        try:
            person = await self._client.fetch_user(letter.learner_id)
            await person.send(view=letter.card)
        except REFUSALS as refused:
            return await self._refused(letter, refused)
        if self.on_sent:
            await self.on_sent(letter)
        return True

    async def _refused(self, letter: Letter, refused: Exception) -> bool | None:
        code = refused.code if isinstance(refused, discord.HTTPException) else 0
        if ends_here(refused):
            log.info("an inbox is closed", code=code)
            await letter.on_closed()
            return False
        log.warning("a reminder is put off", failure=type(refused).__name__, code=code)
        await letter.put_off()
        if not is_everyones(refused):
            return False
        if code:  # it says that they come too fast
            self._free_at = self._beat.now() + REST_S
        return None


@dataclass(frozen=True, slots=True)
class ReviewLetters:
    """Reminders to review."""

    use: Practising

    async def who(self) -> Sequence[int]:
        """Return whose moment has come."""
        return await self.use.due_reminders.who()

    async def claim(self, learner_id: int) -> Letter | None:
        """Return what to send to one of them."""
        nudge = await self.use.due_reminders.claim(learner_id)
        if nudge is None:
            return None

        async def stop() -> None:
            await self.use.stop_reminders(learner_id, is_closed=True)

        async def put_off() -> None:
            await self.use.due_reminders.put_off(nudge)

        return Letter(learner_id, draw_nudge(nudge.due, nudge.streak, nudge.lessons), stop, put_off)
