"""Ask the tutor: count the question, know the learner, stream the answer, keep the exchange."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from bot.domain.errors import NotNow
from bot.domain.learner import Learner
from bot.domain.tutor.letters import spelt_out
from bot.domain.tutor.passages import Source
from bot.domain.tutor.talk import (
    REMEMBERED,
    Brief,
    Event,
    Exchange,
    Outcome,
    Question,
    Reply,
    Venue,
    checked_question,
)
from bot.usecases.clock import Clock
from bot.usecases.lesson.ports import OpenRecords
from bot.usecases.round.ports import OpenRounds
from bot.usecases.tutor.knowing import brief_of
from bot.usecases.tutor.ports import OpenTalks, Tutor
from curriculum.schema import Course

BUSY = "I'm still on your last question. Let it end, or type `/more stop`; then ask again."


@dataclass(frozen=True, slots=True)
class Answered:
    """The end of an answer: what is kept, and how much of the day is left.

    Attributes:
        reply: What was answered.
        left: Questions that the learner has left today; None for instructors.
        on_list: Whether the question went to the instructors.
    """

    reply: Reply
    left: int | None
    on_list: bool


@dataclass(frozen=True, slots=True)
class AskTutor:
    """Answer one question of one learner at a time."""

    course: Course
    open_records: OpenRecords
    open_talks: OpenTalks
    tutor: Tutor
    now: Clock
    a_day: int
    open_rounds: OpenRounds | None = None  # where a class has no rounds, there are none to look up
    _busy: set[int] = field(default_factory=set)

    async def __call__(
        self,
        text: str,
        learner: Learner,
        place: Venue,
        *,
        is_instructor: bool = False,
        about: Source | None = None,
    ) -> AsyncGenerator[Event | Answered]:
        """Yield what happens on the way, and `Answered` at the end.

        Args:
            text: The question.
            learner: Who asks.
            place: Where.
            is_instructor: Whether they may ask without limit.
            about: The step whose card they asked from.

        Raises:
            UnusableAnswer: the question can't be read.
            NotNow: another question of theirs is being answered, or the day's are used up.
        """
        asked = checked_question(text)
        if learner.id in self._busy:
            raise NotNow(BUSY)
        self._busy.add(learner.id)
        try:
            left = await self._admit(learner, is_instructor=is_instructor)
            brief = await self._brief(learner, place)
            earlier = await self._earlier(learner, place)
            question, brief = _in_view(Question(asked, earlier), about, brief)
            async with aclosing(self.tutor.answer(question, brief)) as events:
                async for event in events:
                    if isinstance(event, Reply):
                        yield await self._kept(event, asked, learner, place, left)
                    else:
                        yield event
        finally:
            self._busy.discard(learner.id)

    async def _admit(self, learner: Learner, *, is_instructor: bool) -> int | None:
        """Count the question; return how many are left today.

        Raises:
            NotNow: there were none left.
        """
        async with self.open_talks() as talks:
            await talks.enrol(learner, self.now())
            used = await talks.count_question(learner.id, self._today())
        if is_instructor:
            return None
        if used > self.a_day:
            raise NotNow(
                f"You have asked {self.a_day} questions today, which is the limit. The next day"
                f" begins in {_until_midnight(self.now())}. Lessons and instruments go on."
            )
        return self.a_day - used

    async def _earlier(self, learner: Learner, place: Venue) -> tuple[Exchange, ...]:
        async with self.open_talks() as talks:
            return tuple(await talks.earlier(learner.id, place, REMEMBERED))

    async def _brief(self, learner: Learner, place: Venue) -> Brief:
        brief = await brief_of(
            self.course, self.open_records, self.open_rounds, learner, is_private=place.is_private
        )
        return replace(brief, learner_id=learner.id)

    async def _kept(
        self, reply: Reply, asked: str, learner: Learner, place: Venue, left: int | None
    ) -> Answered:
        # half a character, which a chat model may write, fits in no database
        reply = replace(reply, text=reply.text.encode("utf-8", "replace").decode())
        on_list = False
        async with self.open_talks() as talks:
            await talks.keep(learner, place, asked, reply, self.now())
            await talks.count_tokens(learner.id, self._today(), reply.tokens)
            if reply.outcome is Outcome.ABSTAINED:
                listed = await talks.put_question(learner, asked, reply.citations, self.now())
                on_list = listed is not None
        return Answered(reply, left, on_list)

    def _today(self) -> date:
        return self.now().astimezone(UTC).date()


@dataclass(frozen=True, slots=True)
class ForgetTalk:
    """Let go of a conversation."""

    open_talks: OpenTalks

    async def __call__(self, learner: Learner, place: Venue) -> int:
        """Return how many exchanges were forgotten."""
        async with self.open_talks() as talks:
            return await talks.forget(learner.id, place)


def _in_view(question: Question, about: Source | None, brief: Brief) -> tuple[Question, Brief]:
    """Return a question as asked from a step's card, once that was guessed; letters in words."""
    if about is not None and about not in brief.spoilers.steps:
        question, brief = replace(question, about=about), replace(brief, here=about)
    return replace(question, text=spelt_out(question.text, brief)), brief


def _until_midnight(now: datetime) -> str:
    moment = now.astimezone(UTC)
    minutes = 24 * 60 - moment.hour * 60 - moment.minute
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
