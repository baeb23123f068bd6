"""What asking the tutor needs from the outside."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol

from bot.domain.learner import Learner
from bot.domain.tutor.passages import Source
from bot.domain.tutor.talk import Brief, Event, Exchange, OpenQuestion, Question, Reply, Venue


class Tutor(Protocol):
    """Answers questions."""

    def answer(self, question: Question, brief: Brief) -> AsyncGenerator[Event]:
        """Yield what happens on the way, and a `Reply` at the end; leaving early stops it."""
        ...


class Talks(Protocol):
    """Conversations with the tutor, inside one open transaction."""

    async def enrol(self, learner: Learner, now: datetime) -> None:
        """Remember a learner and their class; once is enough."""
        ...

    async def count_question(self, learner_id: int, day: date) -> int:
        """Count one question of a learner's day; return how many there have been."""
        ...

    async def count_tokens(self, learner_id: int, day: date, tokens: int) -> None:
        """Add what a chat model read and wrote."""
        ...

    async def earlier(self, learner_id: int, place: Venue, most: int) -> Sequence[Exchange]:
        """Return the last exchanges of a conversation, the latest last."""
        ...

    async def keep(
        self, learner: Learner, place: Venue, question: str, reply: Reply, now: datetime
    ) -> int:
        """Keep an exchange, let go of the oldest beyond what is kept; return its id."""
        ...

    async def forget(self, learner_id: int, place: Venue) -> int:
        """Delete a conversation; return how many exchanges it had."""
        ...

    async def put_question(
        self, learner: Learner, text: str, found: Sequence[Source], now: datetime
    ) -> int | None:
        """Put a question on the instructors' list; return its id.

        Outside of any server it is the list of the class that they joined last; None: of none.
        """
        ...

    async def open_questions(self, cohort_id: int) -> Sequence[OpenQuestion]:
        """Return a class's unanswered questions, the oldest first."""
        ...

    async def question(self, question_id: int) -> OpenQuestion | None:
        """Load one, answered or not."""
        ...

    async def answer_question(
        self, question_id: int, by: int, text: str, now: datetime
    ) -> OpenQuestion | None:
        """Write an instructor's answer; None if it has been answered already."""
        ...

    async def untold(self, learner_id: int) -> Sequence[OpenQuestion]:
        """Return a learner's answered questions that they haven't been told of."""
        ...

    async def mark_told(self, question_id: int) -> None:
        """Remember that the learner has read the answer."""
        ...


class OpenTalks(Protocol):
    """Open a transaction: commits on a clean exit, rolls back on an exception."""

    def __call__(self) -> AbstractAsyncContextManager[Talks]:
        """Open it."""
        ...
