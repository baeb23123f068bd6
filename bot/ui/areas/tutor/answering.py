"""Answers on their way: each in one message, cut short on request, ended before the bot ends."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace

import structlog

from bot.closing import raise_all
from bot.domain.errors import TutorError
from bot.domain.learner import Learner
from bot.domain.tutor.passages import Source
from bot.domain.tutor.talk import LookingUp, Ran, Said, Venue
from bot.ui.areas.tutor.outlets import Outlet
from bot.ui.cards.kit import Card
from bot.ui.cards.tutor.answer import Writing, draw_ended, draw_writing
from bot.ui.edge.failures import failures_told, sentence
from bot.ui.edge.streaming import REFUSALS, Beat, Edits
from bot.usecases.catalogue import UseCases
from bot.usecases.tutor.asking import Answered
from tools.catalogue import INSTRUMENTS
from tools.errors import ToolError

log = structlog.get_logger()

STOPPED = "Stopped, as you asked."
RESTARTED = "I was restarted in the middle of this answer. Please ask again."
_REFUSED = (
    "I have your answer, but Discord wouldn't let me show it here. Ask again with `/ask`, or in a"
    " direct message."
)
_LOOKED = 3  # things named at a time


@dataclass(frozen=True, slots=True)
class IncomingQuestion:
    """A question, as it came in; `is_quoted` where the answer doesn't stand in reply to it."""

    text: str
    learner: Learner
    place: Venue
    is_quoted: bool = False
    about: Source | None = None  # the step whose card it was asked from


Finish = Callable[
    [Answered, IncomingQuestion], Awaitable[tuple[Card, Callable[[], Awaitable[None]]]]
]


@dataclass(eq=False)
class Running:
    """One answer, as it is shown."""

    asked: IncomingQuestion
    outlet: Outlet
    edits: Edits
    writing: Writing
    task: asyncio.Task[None] = field(init=False)

    def take(self, event: LookingUp | Said | Ran) -> None:
        """Show what happened on the way."""
        match event:
            case LookingUp(what):
                verb = "running" if what in INSTRUMENTS else "reading"
                looked = (*self.writing.looked, f"{verb}: {what}")[-_LOOKED:]
                self.writing = replace(self.writing, looked=looked)
            case Said(text):
                self.writing = replace(self.writing, text=text)
            case Ran():
                return
        draw = self.writing
        self.edits.offer(lambda: draw_writing(draw), is_filler=not draw.text)

    async def end(self, card: Card, *, is_urgent: bool = False) -> bool:
        """Show the card that stays; return whether it was. One that is refused is told of."""
        try:
            await self.edits.last(card, is_urgent=is_urgent)
        except REFUSALS as refused:
            log.warning("an answer was refused", reason=str(refused))
            with suppress(*REFUSALS):
                await self.outlet.tell(_REFUSED)
            return False
        return not self.edits.is_gone

    async def fail(self, error: Exception) -> None:
        """End it with what went wrong; what was refused would be refused again."""
        is_refused = isinstance(error, TutorError | ToolError)
        await self.break_off(sentence(error), asks_again=not is_refused)

    async def break_off(
        self, why: str, *, asks_again: bool = True, is_urgent: bool = False
    ) -> None:
        """End it, with the reason on what stands."""
        card = draw_ended(self.writing, why, asks_again=asks_again)
        await self.end(card, is_urgent=is_urgent)


class Answers:
    """All answers that are being written."""

    def __init__(self, use: UseCases, finish: Finish, beat: Beat) -> None:
        """Begin with none.

        Args:
            use: What learners can do.
            finish: Draws a whole answer, and says what to do once it was seen.
            beat: The clock that edits keep to.
        """
        self._use, self._finish, self._beat = use, finish, beat
        self._running: set[Running] = set()

    def begin(self, asked: IncomingQuestion, outlet: Outlet) -> None:
        """Answer a question; returns at once."""
        question = asked.text if asked.is_quoted else None
        edits = Edits(outlet.show, self._beat, lambda: running.task.cancel())
        running = Running(asked, outlet, edits, Writing(asked.learner.id, question))
        running.task = asyncio.create_task(self._run(running), name="hunch-answer")
        self._running.add(running)
        running.task.add_done_callback(lambda _: self._running.discard(running))

    async def stop(self, learner_id: int, why: str = STOPPED) -> list[str]:
        """Stop what is being written for a learner; return the questions."""
        mine = [one for one in self._running if one.asked.learner.id == learner_id]
        await asyncio.gather(*(self._halt(one, why) for one in mine))
        return [one.asked.text for one in mine]

    async def message_gone(self, message_id: int) -> None:
        """Stop an answer whose question, or whose message, was deleted."""
        gone = [one for one in self._running if one.outlet.holds(message_id)]
        await asyncio.gather(*(self._halt(one, None) for one in gone))

    async def close(self) -> None:
        """Stop everything, and say on each card that it broke off.

        Raises:
            Exception: some could not be told, or an ExceptionGroup of those; the others were.
        """
        halts = [self._halt(one, RESTARTED) for one in set(self._running)]
        told = await asyncio.gather(*halts, return_exceptions=True)
        raise_all([one for one in told if isinstance(one, BaseException)])

    async def _halt(self, running: Running, why: str | None) -> None:
        """Stop one; without a reason to tell, what stands is left as it is, and not finished."""
        self._running.discard(running)
        running.task.cancel()
        await asyncio.wait([running.task])
        if why is not None:
            await running.break_off(why, is_urgent=why == RESTARTED)
        elif running.edits.has_shown:
            await running.break_off("The question was deleted.", asks_again=False)
        else:
            await running.edits.drop()

    async def _run(self, running: Running) -> None:
        async with failures_told(running.fail):
            answered = await self._hear(running)
            card, then = await self._finish(answered, running.asked)
            if await running.end(card):
                await then()

    async def _hear(self, running: Running) -> Answered:
        """Show what comes until the answer is whole; the tutor is left in order, come what may."""
        asked, is_seen = running.asked, False
        is_instructor = await self._use.check_instructor(asked.learner)
        events = self._use.ask_tutor(
            asked.text,
            asked.learner,
            asked.place,
            is_instructor=is_instructor,
            about=asked.about,
        )
        async with aclosing(events):
            async for event in events:
                if isinstance(event, Answered):
                    return event
                if not is_seen:
                    is_seen = True
                    with suppress(*REFUSALS):
                        await running.outlet.wait()
                if isinstance(event, LookingUp | Said | Ran):
                    running.take(event)
        raise RuntimeError("the tutor ended without an answer")
