"""How learners practise, in SQL. Implements `Reviews`."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from bot.domain.classroom.member import Assignment
from bot.domain.learner import Learner
from bot.domain.lesson.attempt import Attempt
from bot.domain.practice.plan import Plan
from bot.domain.practice.reminder import Reminder
from bot.domain.practice.review import Review, ReviewCard, Seed
from bot.domain.practice.scheduling import Grade, Memory
from bot.store import statements as sql
from bot.store.classroom.classes import assignment_of
from bot.store.database import Database, Link, transactions
from bot.store.lesson.records import SqlRecords
from bot.store.statements import upsert
from bot.store.tables.classroom import ASSIGNMENT
from bot.store.tables.learner import MEMBERSHIP
from bot.store.tables.practice import CARD, PLAN, PRACTICE, RANKED, REVIEW
from bot.usecases.practice.ports import OpenReviews


class SqlReviews:
    """Plans, cards, reviews, days and ranks inside one transaction."""

    def __init__(self, connection: Link) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name

    async def enrol(self, learner: Learner, now: datetime) -> None:
        """Remember a learner and their class; once is enough."""
        await SqlRecords(self._connection).enrol(learner, now)

    async def attempts_of(self, learner_id: int) -> Sequence[Attempt]:
        """Load every run of every lesson."""
        return await SqlRecords(self._connection).attempts_of(learner_id)

    async def plan(self, learner_id: int, *, is_held: bool = True) -> Plan | None:
        """Load how a learner practises; None: they never chose, and have no card."""
        query = sql.LOAD_PLAN.with_for_update() if is_held else sql.LOAD_PLAN
        found = await self._rows(query, {"who": learner_id})
        return _plan(found[0]) if found else None

    async def begin_plan(self, plan: Plan) -> None:
        """Write a plan unless there is one."""
        query = upsert(self._dialect, PLAN).values(_plan_row(plan))
        await self._run(query.on_conflict_do_nothing())

    async def save_plan(self, plan: Plan) -> None:
        """Write a plan, be it there or not; its learner must be enrolled."""
        row = _plan_row(plan)
        query = upsert(self._dialect, PLAN).values(row)
        await self._run(query.on_conflict_do_update(index_elements=["learner_id"], set_=row))

    async def due_learners(self, now: datetime) -> Sequence[int]:
        """Return whose next reminder's moment has come, the longest waiting first.

        Their plans are not read here: one that can't be read holds up nobody else's.
        """
        due = select(PLAN.c.learner_id).where(PLAN.c.next_at <= now)
        return [row.learner_id for row in await self._rows(due.order_by(PLAN.c.next_at))]

    async def claim(self, before: Plan, after: Plan) -> bool:
        """Write when a plan reminds, if its next reminder is still the one seen before."""
        seen = before.reminder.next_at if before.reminder else None
        p = PLAN.c
        query = update(PLAN).where(p.learner_id == before.learner_id, p.next_at == seen)
        row = _plan_row(after)
        values = {"next_at": row["next_at"], "reminded_at": row["reminded_at"]}
        done = await self._run(query.values(values))
        return bool(done.rowcount == 1)

    async def set_for(
        self, learner_id: int, after: datetime, until: datetime
    ) -> Sequence[Assignment]:
        """Return what others set the learner's classes, due in between, the first due first."""
        a, m = ASSIGNMENT.c, MEMBERSHIP.c
        query = (
            select(ASSIGNMENT)
            .join(MEMBERSHIP, m.cohort_id == a.cohort_id)
            .where(m.learner_id == learner_id, a.set_by != learner_id)
            .where(a.due > after, a.due <= until)
            .order_by(a.due, a.id)
        )
        return [assignment_of(row) for row in await self._rows(query)]

    async def cards_of(self, learner_id: int) -> Sequence[ReviewCard]:
        """Load all of a learner's cards."""
        return [_card(row) for row in await self._rows(sql.CARDS, {"who": learner_id})]

    async def add_cards(self, learner_id: int, seeds: Sequence[Seed]) -> None:
        """Make cards; one that is there already stays as it is."""
        rows = [
            {
                "learner_id": learner_id,
                "lesson": seed.lesson,
                "step": seed.step,
                "weight": seed.weight,
                "reviews": 0,
                "revision": 0,
                "is_aside": False,
                **_memory_row(seed.memory),
            }
            for seed in seeds
        ]
        if rows:
            await self._run(upsert(self._dialect, CARD).values(rows).on_conflict_do_nothing())

    async def card(self, card_id: int) -> ReviewCard | None:
        """Load one."""
        found = await self._rows(select(CARD).where(CARD.c.id == card_id))
        return _card(found[0]) if found else None

    async def save_card(self, card: ReviewCard) -> bool:
        """Write a card over its former revision; False if another click was first."""
        c = CARD.c
        query = update(CARD).where(c.id == card.id, c.revision == card.revision - 1)
        row = {
            "reviews": card.reviews,
            "revision": card.revision,
            "said": card.said,
            "is_aside": card.is_aside,
            **_memory_row(card.memory),
        }
        return bool((await self._run(query.values(row))).rowcount == 1)

    async def log(self, review: Review) -> int:
        """Keep a review under an id of its own; return it."""
        row = {
            "learner_id": review.learner_id,
            "card_id": review.card_id,
            "grade": int(review.grade),
            "at": review.at,
            "said": review.said,
            "before": _memory_json(review.before),
        }
        done = await self._run(insert(REVIEW).values(row).returning(REVIEW.c.id))
        return int(done.scalar_one())

    async def last_review(self, learner_id: int) -> Review | None:
        """Load a learner's last review."""
        query = select(REVIEW).where(REVIEW.c.learner_id == learner_id)
        rows = await self._rows(query.order_by(REVIEW.c.at.desc(), REVIEW.c.id.desc()).limit(1))
        return _review(rows[0]) if rows else None

    async def unlog(self, review_id: int) -> None:
        """Take a review back."""
        await self._run(delete(REVIEW).where(REVIEW.c.id == review_id))

    async def reviewed_since(self, learner_id: int, moment: datetime) -> Mapping[int, int]:
        """Return how often each card was reviewed since a moment, by its id."""
        r = REVIEW.c
        query = select(r.card_id, func.count().label("times")).where(
            r.learner_id == learner_id, r.at >= moment
        )
        return {row.card_id: row.times for row in await self._rows(query.group_by(r.card_id))}

    async def practise(self, learner_id: int, day: date) -> None:
        """Remember a day on which a learner practised outside a lesson; once is enough."""
        await practise(self._connection, learner_id, day)

    async def days_of(self, learner_id: int) -> frozenset[date]:
        """Return those days."""
        return frozenset(row.day for row in await self._rows(sql.DAYS, {"who": learner_id}))

    async def put_rank(self, learner_id: int, cohort_id: int, points: int) -> None:
        """Count a learner in a class's ranks, with these points from now on."""
        row = {"learner_id": learner_id, "cohort_id": cohort_id, "points": points}
        query = upsert(self._dialect, RANKED).values(row)
        key = ["learner_id", "cohort_id"]
        await self._run(query.on_conflict_do_update(index_elements=key, set_={"points": points}))

    async def drop_ranks(self, learner_id: int) -> None:
        """Count a learner in no class's ranks any more."""
        await self._run(delete(RANKED).where(RANKED.c.learner_id == learner_id))

    async def rank(self, cohort_id: int, points: int) -> tuple[int, int]:
        """Return how many in a class's ranks have more points, and how many there are."""
        r = RANKED.c
        above = func.count().filter(r.points > points)
        query = select(above.label("above"), func.count().label("there")).where(
            r.cohort_id == cohort_id
        )
        row = (await self._rows(query))[0]
        return row.above, row.there

    async def _rows(
        self, query: Any, values: Mapping[str, object] | None = None
    ) -> Sequence[Row[Any]]:
        rows: Sequence[Row[Any]] = (await self._run(query, values)).all()
        return rows

    async def _run(self, query: Any, values: Mapping[str, object] | None = None) -> Any:
        return await self._connection.execute(query, values)


def open_with(engine: Database) -> OpenReviews:
    """Bind practising to a database."""
    return transactions(engine, SqlReviews)


async def practise(connection: Link, learner_id: int, day: date) -> None:
    """Remember a day on which a learner practised; once is enough."""
    query = upsert(connection.dialect.name, PRACTICE).values(learner_id=learner_id, day=day)
    await connection.execute(query.on_conflict_do_nothing())


def _plan(row: Row[Any]) -> Plan:
    reminder = None
    if row.next_at is not None:
        reminder = Reminder(row.hour, row.quiet_from, row.quiet_to, row.next_at)
    return Plan(
        learner_id=row.learner_id,
        weights=tuple(row.weights),
        zone=row.zone,
        a_day=row.a_day,
        is_ranked=row.is_ranked,
        reminder=reminder,
        reminded_at=row.reminded_at,
        is_closed=row.is_closed,
    )


def _plan_row(plan: Plan) -> dict[str, Any]:
    r = plan.reminder
    return {
        "learner_id": plan.learner_id,
        "weights": list(plan.weights),
        "zone": plan.zone,
        "a_day": plan.a_day,
        "is_ranked": plan.is_ranked,
        "hour": r.hour if r else None,
        "quiet_from": r.quiet_from if r else None,
        "quiet_to": r.quiet_to if r else None,
        "next_at": r.next_at if r else None,
        "reminded_at": plan.reminded_at,
        "is_closed": plan.is_closed,
    }


def _card(row: Row[Any]) -> ReviewCard:
    memory = Memory(row.due, row.state, row.short_step, row.stability, row.difficulty, row.last)
    return ReviewCard(
        id=row.id,
        learner_id=row.learner_id,
        lesson=row.lesson,
        step=row.step,
        weight=row.weight,
        memory=memory,
        reviews=row.reviews,
        revision=row.revision,
        said=row.said,
        is_aside=row.is_aside,
    )


def _memory_row(memory: Memory) -> dict[str, Any]:
    return {
        "due": memory.due,
        "state": memory.state,
        "short_step": memory.step,
        "stability": memory.stability,
        "difficulty": memory.difficulty,
        "last": memory.last,
    }


def _memory_json(memory: Memory) -> dict[str, Any]:
    times = {"due": memory.due.isoformat(), "last": memory.last and memory.last.isoformat()}
    return {**_memory_row(memory), **times}


def _review(row: Row[Any]) -> Review:
    b = row.before
    last = datetime.fromisoformat(b["last"]) if b["last"] else None
    before = Memory(
        datetime.fromisoformat(b["due"]),
        b["state"],
        b["short_step"],
        b["stability"],
        b["difficulty"],
        last,
    )
    return Review(row.id, row.learner_id, row.card_id, Grade(row.grade), row.at, row.said, before)
