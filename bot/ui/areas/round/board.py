"""The cards of class rounds in their channels: posted, kept up to date, missed when they are gone.

A vote doesn't edit the card: it marks the round as changed. Each card has a clock of its own, and
shows what the records say when its time has come, so that five hundred votes in a minute are at
most fifty edits, and none of them can put back an older state. Where the records or Discord give no
answer, it is tried again, ever less often, until the last state is shown.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import discord
import structlog

from bot.domain.errors import NotNow
from bot.domain.round.round import Round
from bot.ui.cards.kit import Card
from bot.ui.cards.round import draw_lost, draw_round
from bot.ui.edge.failures import failures_logged, failures_told
from bot.ui.edge.inbox import Deliver
from bot.ui.edge.streaming import GAP_S, REFUSALS, Beat
from bot.usecases.round.class_rounds import ClassRounds
from bot.usecases.round.rounds import RoundShown

log = structlog.get_logger()

LONGEST_PAUSE_S = 20.0  # between two tries, however many have failed
_MOST_DOUBLINGS = 5  # from GAP_S to beyond that

_NO_MESSAGE, _NO_CHANNEL, _NO_ACCESS = 10008, 10003, 50001
_TOO_MANY, _THEIR_FAULT = 429, 500  # HTTP


@dataclass
class Board:
    """All rounds' cards."""

    bot: discord.Client
    rounds: ClassRounds
    deliver: Deliver  # to a person's inbox
    beat: Beat
    _behind: set[int] = field(default_factory=set)
    _free_at: dict[int, float] = field(default_factory=dict)
    _running: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _catching_up: asyncio.Task[None] | None = None

    def changed(self, round_id: int) -> None:
        """Bring a round's card up to date as soon as may be."""
        self._behind.add(round_id)
        if round_id not in self._running:
            self._running[round_id] = asyncio.create_task(self._keep_up(round_id))

    def catch_up(self) -> None:
        """Bring every running round's card up to date: the bot may have been away."""
        if self._catching_up is None or self._catching_up.done():
            self._catching_up = asyncio.create_task(self._catch_up())

    async def post(self, shown: RoundShown) -> None:
        """Put a round's card at the end of its channel, and take away the one before it.

        Raises:
            NotNow: the bot may not write there; the round has ended.
        """
        channel = self.bot.get_partial_messageable(shown.round.channel_id)
        try:
            message = await channel.send(view=draw_round(shown.screen))
        except discord.Forbidden as refused:
            await self.rounds.lose.channel(shown.round.channel_id)
            raise NotNow(
                "I may not write in this channel. Give me *View Channel* and *Send Messages* here,"
                " then type it again."
            ) from refused
        await self.rounds.place(shown.round.id, message.id)
        self.changed(shown.round.id)  # votes may have come in meanwhile
        if shown.round.message_id is not None:
            await self._take_away(shown.round)

    async def message_gone(self, channel_id: int, message_id: int) -> None:
        """Tell the instructor, if it was a round's card."""
        await self._tell(await self.rounds.lose.message(channel_id, message_id))

    async def channel_gone(self, channel_id: int) -> None:
        """End the round of a channel that is gone, and tell the instructor."""
        await self._tell(await self.rounds.lose.channel(channel_id))

    async def close(self) -> None:
        """Stop; the next start brings every card up to date."""
        tasks = [*self._running.values(), *filter(None, [self._catching_up])]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _catch_up(self) -> None:
        failures = 0
        while not await self._succeeds(self._note_recent, failures):
            failures += 1
            await self.beat.sleep(pause_s(failures))

    async def _note_recent(self) -> None:
        for round_id in await self.rounds.see.recent():
            self.changed(round_id)

    async def _keep_up(self, round_id: int) -> None:
        failures = 0
        try:
            while round_id in self._behind:
                await self._until(self._free_at.get(round_id, 0.0))
                self._behind.discard(round_id)
                if await self._succeeds(lambda: self._redraw(round_id), failures):
                    failures = 0
                else:
                    failures += 1
                    self._behind.add(round_id)
                self._free_at[round_id] = self.beat.now() + pause_s(failures)
        finally:
            del self._running[round_id]
            self._forget_clocks()

    async def _succeeds(self, attempt: Callable[[], Awaitable[None]], failures: int) -> bool:
        """Try; False where it is to be tried again, after so many failures in a row."""

        async def tell(error: Exception) -> None:
            if isinstance(error, REFUSALS):
                log.warning("a round's card waits for Discord", reason=str(error))
                return
            first = None if failures else error  # the others are like it
            log.error("a round's card waits for the records", exc_info=first, reason=str(error))

        async with failures_told(tell):
            await attempt()
            return True
        return False

    async def _redraw(self, round_id: int) -> None:
        shown = await self.rounds.see(round_id)
        if shown is None or shown.round.message_id is None:
            return
        card: Card | None = None
        async with failures_logged("a round's card can't be drawn"):
            card = draw_round(shown.screen)
        if card is None:
            return
        channel = self.bot.get_partial_messageable(shown.round.channel_id)
        try:
            await channel.get_partial_message(shown.round.message_id).edit(view=card)
        except discord.HTTPException as refused:
            await self._refused(shown.round, refused)

    async def _refused(self, present: Round, refused: discord.HTTPException) -> None:
        """Take note of a card that is gone, or can't be as it is.

        Raises:
            discord.HTTPException: another time it may be taken.
        """
        if refused.code == _NO_MESSAGE and present.message_id is not None:
            await self.message_gone(present.channel_id, present.message_id)
        elif refused.code in (_NO_CHANNEL, _NO_ACCESS):
            await self.channel_gone(present.channel_id)
        elif refused.status == _TOO_MANY or refused.status >= _THEIR_FAULT:
            raise refused
        else:
            log.warning("a round's card was not edited", code=refused.code)

    async def _tell(self, lost: Round | None) -> None:
        if lost is not None and lost.asked_by is not None:
            await self.deliver(lost.asked_by, draw_lost(lost))

    async def _take_away(self, former: Round) -> None:
        assert former.message_id is not None
        channel = self.bot.get_partial_messageable(former.channel_id)
        try:
            await channel.get_partial_message(former.message_id).delete()
        except REFUSALS as refused:
            log.info("a round's former card stays", reason=type(refused).__name__)

    async def _until(self, moment: float) -> None:
        left = moment - self.beat.now()
        if left > 0:
            await self.beat.sleep(left)

    def _forget_clocks(self) -> None:
        now = self.beat.now()
        self._free_at = {key: at for key, at in self._free_at.items() if at > now}


def pause_s(failures: int) -> float:
    """Return the seconds until a card may be edited again, after so many failures in a row."""
    return min(LONGEST_PAUSE_S, GAP_S * 2.0 ** min(failures, _MOST_DOUBLINGS))
