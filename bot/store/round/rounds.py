"""Class rounds, in SQL. Implements `Rounds`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError
from sqlalchemy import Select, bindparam, literal, select, update

from bot.domain.learner import Learner
from bot.domain.round.round import Ballot, Count, Round, RoundStep, Seen, Stage, Vote
from bot.store.database import Database, Link, transactions
from bot.store.lesson.records import SqlRecords
from bot.store.statements import upsert
from bot.store.tables.learner import MEMBERSHIP
from bot.store.tables.round import CLASS_COUNT, CLASS_ROUND, CLASS_VOTE
from bot.usecases.round.ports import OpenRounds

_STEP: TypeAdapter[RoundStep] = TypeAdapter(Annotated[RoundStep, Field(discriminator="kind")])


class SqlRounds:
    """Rounds inside one transaction."""

    def __init__(self, connection: Link) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name

    async def enrol(self, learner: Learner, now: datetime) -> None:
        """Remember a learner and their class; once is enough."""
        await SqlRecords(self._connection).enrol(learner, now)

    async def begin(self, new: Round, now: datetime) -> Round | None:
        """Keep a round under an id of its own; None if one is running in its channel."""
        if await self.live_in(new.channel_id) is None:
            await self._free(new.channel_id)  # of one that can't be read any more
        row = {
            "cohort_id": new.cohort_id,
            "channel_id": new.channel_id,
            "live_in": new.channel_id,
            "message_id": new.message_id,
            "asked_by": new.asked_by,
            "lesson": new.lesson,
            "number": new.number,
            "step": new.step.id,
            "question": new.step.model_dump(mode="json"),
            "stage": new.stage.value,
            "revision": new.revision,
            "begun": now,
            "changed": now,
        }
        query = upsert(self._dialect, CLASS_ROUND).values(row).on_conflict_do_nothing()
        done = await self._connection.execute(query.returning(CLASS_ROUND.c.id))
        number = done.scalar()
        return None if number is None else await self.round(int(number))

    async def round(self, round_id: int) -> Round | None:
        """Load one, as it was put."""
        return await self._one(_ROUND, {"which": round_id})

    async def live_in(self, channel_id: int) -> Round | None:
        """Load the one that runs in a channel."""
        return await self._one(_LIVE, {"where": channel_id})

    async def live_since(self, begun: datetime) -> Sequence[int]:
        """Return the ids of those running that began no earlier, and have a card."""
        c = CLASS_ROUND.c
        query = select(c.id).where(
            c.live_in.is_not(None), c.begun >= begun, c.message_id.is_not(None)
        )
        return [row.id for row in (await self._connection.execute(query)).all()]

    async def place(self, round_id: int, message_id: int | None) -> None:
        """Remember which message shows a round."""
        query = update(CLASS_ROUND).where(CLASS_ROUND.c.id == round_id)
        await self._connection.execute(query.values(message_id=message_id))

    async def move(self, after: Round, now: datetime) -> bool:
        """Write a round over its former revision; False if another move was first."""
        c = CLASS_ROUND.c
        query = (
            update(CLASS_ROUND)
            .where(c.id == after.id, c.revision == after.revision - 1)
            .values(
                stage=after.stage.value,
                revision=after.revision,
                live_in=after.channel_id if after.is_live else None,
                changed=now,
            )
        )
        return (await self._connection.execute(query)).rowcount == 1

    async def ballot(self, round_id: int, learner_id: int) -> Ballot | None:
        """Load a round with what a learner said in it; it can't move on until the end."""
        which = {"which": round_id, "who": learner_id}
        row = (await self._connection.execute(_BALLOT, which)).first()
        present = _round(row._mapping) if row else None
        if row is None or present is None:
            return None
        said = {turn: answer for turn, answer in ((1, row.first), (2, row.second)) if answer}
        return Ballot(present, learner_id, said, row.is_member is not None)

    async def cast(self, vote: Vote, now: datetime) -> bool:
        """Keep a vote and count it; False if one of theirs was there already."""
        row = {
            "round_id": vote.round_id,
            "turn": vote.turn,
            "learner_id": vote.learner_id,
            "answer": vote.answer,
            "confidence": None,
            "at": now,
        }
        if (await self._connection.execute(_CAST[self._dialect], row)).first() is None:
            return False
        await self._connection.execute(_COUNT[self._dialect], _counted(vote, votes=1, sure=0))
        return True

    async def say_sure(self, vote: Vote, confidence: float, *, is_sure: bool) -> bool:
        """Keep how sure the voter is; False if they had said already."""
        v = CLASS_VOTE.c
        query = (
            update(CLASS_VOTE)
            .where(
                v.round_id == vote.round_id,
                v.turn == vote.turn,
                v.learner_id == vote.learner_id,
                v.confidence.is_(None),
            )
            .values(confidence=confidence)
        )
        if (await self._connection.execute(query)).rowcount != 1:
            return False
        if is_sure:
            await self._connection.execute(_COUNT[self._dialect], _counted(vote, votes=0, sure=1))
        return True

    async def counts(self, round_id: int) -> Sequence[Count]:
        """Return a round's tally, by turn, then answer."""
        rows = (await self._connection.execute(_COUNTS, {"which": round_id})).all()
        return [Count(r.turn, r.before or None, r.answer, r.votes, r.sure) for r in rows]

    async def seen_by(self, learner_id: int) -> Sequence[Seen]:
        """Return the steps whose answers a learner has seen in rounds they voted in."""
        r, v = CLASS_ROUND.c, CLASS_VOTE.c
        query = (
            select(r.lesson, r.question, v.answer)
            .join(CLASS_VOTE, v.round_id == r.id)
            .where(v.learner_id == learner_id, r.stage == Stage.REVEALED.value)
            .order_by(r.id, v.turn)
        )
        seen: dict[tuple[str, str], Seen] = {}
        for row in (await self._connection.execute(query)).all():
            step = _step(row.question)
            if step is not None:
                seen.setdefault((row.lesson, step.id), Seen(row.lesson, step, row.answer))
        return list(seen.values())

    async def _free(self, channel_id: int) -> None:
        query = update(CLASS_ROUND).where(CLASS_ROUND.c.live_in == channel_id)
        await self._connection.execute(query.values(live_in=None, stage=Stage.ENDED.value))

    async def _one(self, query: Select[Any], which: Mapping[str, int]) -> Round | None:
        row = (await self._connection.execute(query, which)).first()
        return _round(row._mapping) if row else None


def open_with(engine: Database) -> OpenRounds:
    """Bind the rounds to a database."""
    return transactions(engine, SqlRounds)


def _said(turn: int) -> Any:
    v = CLASS_VOTE.c
    return (
        select(v.answer)
        .where(v.round_id == CLASS_ROUND.c.id, v.turn == turn, v.learner_id == bindparam("who"))
        .scalar_subquery()
    )


_IS_MEMBER = (
    select(literal(1))
    .where(
        MEMBERSHIP.c.learner_id == bindparam("who"),
        MEMBERSHIP.c.cohort_id == CLASS_ROUND.c.cohort_id,
    )
    .scalar_subquery()
)
_ROUND = select(CLASS_ROUND).where(CLASS_ROUND.c.id == bindparam("which"))
_LIVE = select(CLASS_ROUND).where(CLASS_ROUND.c.live_in == bindparam("where"))
_BALLOT = (
    select(
        CLASS_ROUND,
        _said(1).label("first"),
        _said(2).label("second"),
        _IS_MEMBER.label("is_member"),
    )
    .where(CLASS_ROUND.c.id == bindparam("which"))
    # shared by all voters; who moves the round on waits for them, and they for them
    .with_for_update(read=True, of=CLASS_ROUND)
)
_COUNTS = (
    select(CLASS_COUNT)
    .where(CLASS_COUNT.c.round_id == bindparam("which"))
    .order_by(CLASS_COUNT.c.turn, CLASS_COUNT.c.answer, CLASS_COUNT.c.before)
)


def _count(dialect: str) -> Any:
    query = upsert(dialect, CLASS_COUNT)
    added = {
        "votes": CLASS_COUNT.c.votes + query.excluded.votes,
        "sure": CLASS_COUNT.c.sure + query.excluded.sure,
    }
    key = ["round_id", "turn", "before", "answer"]
    return query.on_conflict_do_update(index_elements=key, set_=added)


def _cast(dialect: str) -> Any:
    query = upsert(dialect, CLASS_VOTE).on_conflict_do_nothing()
    return query.returning(CLASS_VOTE.c.turn)


_CAST = {dialect: _cast(dialect) for dialect in ("sqlite", "postgresql")}
_COUNT = {dialect: _count(dialect) for dialect in ("sqlite", "postgresql")}


def _counted(vote: Vote, *, votes: int, sure: int) -> dict[str, Any]:
    return {
        "round_id": vote.round_id,
        "turn": vote.turn,
        "before": vote.before or "",
        "answer": vote.answer,
        "votes": votes,
        "sure": sure,
    }


def _round(row: Mapping[Any, Any]) -> Round | None:
    """Return a round; None where its question is of a kind that is no more."""
    step = _step(row["question"])
    if step is None:
        return None
    return Round(
        id=row["id"],
        cohort_id=row["cohort_id"],
        channel_id=row["channel_id"],
        asked_by=row["asked_by"],
        lesson=row["lesson"],
        number=row["number"],
        step=step,
        stage=Stage(row["stage"]),
        revision=row["revision"],
        message_id=row["message_id"],
    )


def _step(question: Any) -> RoundStep | None:
    try:
        return _STEP.validate_python(question)
    except ValidationError:
        return None
