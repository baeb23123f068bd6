"""Conversations with the tutor, in SQL. Implements `Talks`."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from bot.domain.learner import Learner
from bot.domain.tutor.passages import Source
from bot.domain.tutor.talk import KEPT, Exchange, OpenQuestion, Reply, Venue
from bot.store.database import Database, Link, transactions
from bot.store.lesson.records import SqlRecords
from bot.store.statements import upsert
from bot.store.tables.learner import MEMBERSHIP
from bot.store.tables.tutor import EXCHANGE, QUESTION, USAGE
from bot.usecases.tutor.ports import OpenTalks


class SqlTalks:
    """Conversations inside one transaction."""

    def __init__(self, connection: Link) -> None:
        self._connection = connection

    async def enrol(self, learner: Learner, now: datetime) -> None:
        """Remember a learner and their class; once is enough."""
        await SqlRecords(self._connection).enrol(learner, now)

    async def count_question(self, learner_id: int, day: date) -> int:
        """Count one question of a learner's day; return how many there have been."""
        row = await self._count(learner_id, day, questions=1, tokens=0)
        return int(row.questions)

    async def count_tokens(self, learner_id: int, day: date, tokens: int) -> None:
        """Add what a chat model read and wrote."""
        await self._count(learner_id, day, questions=0, tokens=tokens)

    async def earlier(self, learner_id: int, place: Venue, most: int) -> Sequence[Exchange]:
        """Return the last exchanges of a conversation, the latest last."""
        query = (
            select(EXCHANGE.c.question, EXCHANGE.c.answer)
            .where(*_of(learner_id, place))
            .order_by(EXCHANGE.c.id.desc())
            .limit(most)
        )
        rows = (await self._connection.execute(query)).all()
        return [Exchange(row.question, row.answer) for row in reversed(rows)]

    async def keep(
        self, learner: Learner, place: Venue, question: str, reply: Reply, now: datetime
    ) -> int:
        """Keep an exchange, let go of the oldest beyond what is kept; return its id."""
        row = {
            "learner_id": learner.id,
            "channel_id": place.channel_id,
            "is_private": place.is_private,
            "question": question,
            "answer": reply.text,
            "outcome": reply.outcome.value,
            "mode": reply.mode.value,
            "cited": [asdict(source) for source in reply.citations],
            "at": now,
        }
        done = await self._connection.execute(insert(EXCHANGE).values(row).returning(EXCHANGE.c.id))
        newest = (
            select(EXCHANGE.c.id)
            .where(*_of(learner.id, place))
            .order_by(EXCHANGE.c.id.desc())
            .limit(KEPT)
        )
        number = int(done.scalar_one())
        await self._connection.execute(
            delete(EXCHANGE).where(*_of(learner.id, place), EXCHANGE.c.id.not_in(newest))
        )
        return number

    async def forget(self, learner_id: int, place: Venue) -> int:
        """Delete a conversation; return how many exchanges it had."""
        done = await self._connection.execute(delete(EXCHANGE).where(*_of(learner_id, place)))
        return done.rowcount

    async def put_question(
        self, learner: Learner, text: str, found: Sequence[Source], now: datetime
    ) -> int | None:
        """Put a question on the list of their class, or of the one joined last; None: of none."""
        cohort_id = learner.cohort_id or await self._class_of(learner.id)
        if cohort_id is None:
            return None
        row = {
            "cohort_id": cohort_id,
            "learner_id": learner.id,
            "text": text,
            "topic": found[0].lesson if found else None,
            "found": [asdict(source) for source in found],
            "asked": now,
            "is_told": False,
        }
        query = insert(QUESTION).values(row).returning(QUESTION.c.id)
        return int((await self._connection.execute(query)).scalar_one())

    async def open_questions(self, cohort_id: int) -> Sequence[OpenQuestion]:
        """Return a class's unanswered questions, the oldest first."""
        return await self._questions(QUESTION.c.cohort_id == cohort_id, QUESTION.c.answer.is_(None))

    async def question(self, question_id: int) -> OpenQuestion | None:
        """Load one, answered or not."""
        found = await self._questions(QUESTION.c.id == question_id)
        return found[0] if found else None

    async def answer_question(
        self, question_id: int, by: int, text: str, now: datetime
    ) -> OpenQuestion | None:
        """Write an instructor's answer; None if it has been answered already."""
        query = (
            update(QUESTION)
            .where(QUESTION.c.id == question_id, QUESTION.c.answer.is_(None))
            .values(answer=text, answered_by=by, answered=now)
        )
        if (await self._connection.execute(query)).rowcount == 0:
            return None
        return await self.question(question_id)

    async def untold(self, learner_id: int) -> Sequence[OpenQuestion]:
        """Return a learner's answered questions that they haven't been told of."""
        return await self._questions(
            QUESTION.c.learner_id == learner_id,
            QUESTION.c.answer.is_not(None),
            QUESTION.c.is_told.is_(False),
        )

    async def mark_told(self, question_id: int) -> None:
        """Remember that the learner has read the answer."""
        query = update(QUESTION).where(QUESTION.c.id == question_id).values(is_told=True)
        await self._connection.execute(query)

    async def _class_of(self, learner_id: int) -> int | None:
        query = (
            select(MEMBERSHIP.c.cohort_id)
            .where(MEMBERSHIP.c.learner_id == learner_id)
            .order_by(MEMBERSHIP.c.joined.desc())
            .limit(1)
        )
        return (await self._connection.execute(query)).scalar_one_or_none()

    async def _count(self, learner_id: int, day: date, *, questions: int, tokens: int) -> Row[Any]:
        added = upsert(self._connection.dialect.name, USAGE).values(
            learner_id=learner_id, day=day, questions=questions, tokens=tokens
        )
        query = added.on_conflict_do_update(
            index_elements=[USAGE.c.learner_id, USAGE.c.day],
            set_={
                "questions": USAGE.c.questions + added.excluded.questions,
                "tokens": USAGE.c.tokens + added.excluded.tokens,
            },
        ).returning(USAGE.c.questions)
        row: Row[Any] = (await self._connection.execute(query)).one()
        return row

    async def _questions(self, *which: Any) -> list[OpenQuestion]:
        query = select(QUESTION).where(*which).order_by(QUESTION.c.id)
        return [_question(row) for row in (await self._connection.execute(query)).all()]


def open_with(engine: Database) -> OpenTalks:
    """Bind the conversations to a database."""
    return transactions(engine, SqlTalks)


def _of(learner_id: int, place: Venue) -> tuple[Any, ...]:
    e = EXCHANGE.c
    return (
        e.learner_id == learner_id,
        e.channel_id == place.channel_id,
        e.is_private.is_(place.is_private),
    )


def _question(row: Row[Any]) -> OpenQuestion:
    return OpenQuestion(
        id=row.id,
        cohort_id=row.cohort_id,
        learner_id=row.learner_id,
        text=row.text,
        topic=row.topic,
        found=tuple(Source(**source) for source in row.found),
        asked=row.asked,
        answer=row.answer,
    )
