"""How learners practise, in memory. `tests/store/practice/test_reviews.py` holds it to SQL."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from statistics import fmean, median
from typing import Any

from bot.domain.classroom.member import Assignment
from bot.domain.daily.game import Best, Crowd, DailyGuess
from bot.domain.learner import Learner
from bot.domain.lesson.attempt import Attempt
from bot.domain.practice.plan import Plan
from bot.domain.practice.review import Review, ReviewCard, Seed
from bot.domain.practice.zones import UTC_NAME
from tests.fakes.lesson import MemoryRecords, MemoryStore, RefusedError


@dataclass
class KeptPractice:
    """Everything on record. Values are frozen, so a copy of the containers is a snapshot."""

    plans: dict[int, Plan] = field(default_factory=dict)
    cards: dict[int, ReviewCard] = field(default_factory=dict)
    reviews: dict[int, Review] = field(default_factory=dict)
    days: dict[tuple[int, date], None] = field(default_factory=dict)
    ranks: dict[tuple[int, int], int] = field(default_factory=dict)
    guesses: dict[tuple[int, date, int], tuple[int, DailyGuess]] = field(default_factory=dict)

    def copy(self) -> "KeptPractice":
        """Return a snapshot."""
        return KeptPractice(*(copy(getattr(self, f.name)) for f in fields(self)))


@dataclass
class MemoryPractice:
    """Practice beside records in memory; `open_reviews` and `open_dailies` are the ports."""

    store: MemoryStore = field(default_factory=MemoryStore)
    kept: KeptPractice = field(default_factory=KeptPractice)

    @asynccontextmanager
    async def open_reviews(self) -> AsyncIterator[Any]:
        """Open a transaction: keeps what was written on a clean exit, drops it on an exception."""
        async with self.store.open() as records:
            draft = self.kept.copy()
            yield MemoryReviews(records, draft)
            self.kept = draft

    @asynccontextmanager
    async def open_dailies(self) -> AsyncIterator[Any]:
        """Open one for the guess game."""
        async with self.store.open() as records:
            draft = self.kept.copy()
            yield MemoryDailies(records, draft)
            self.kept = draft


class _Memory:
    def __init__(self, records: Any, kept: KeptPractice) -> None:
        self._records: MemoryRecords = records
        self._kept = kept

    async def enrol(self, learner: Learner, now: datetime) -> None:
        await self._records.enrol(learner, now)

    async def practise(self, learner_id: int, day: date) -> None:
        self._require(learner_id)
        self._kept.days[learner_id, day] = None

    def _require(self, learner_id: int) -> None:
        if learner_id not in self._records._kept.learners:
            raise RefusedError(f"learner {learner_id} was never enrolled")


class MemoryReviews(_Memory):
    """What `bot.store.practice.reviews.SqlReviews` does, on dictionaries."""

    async def attempts_of(self, learner_id: int) -> Sequence[Attempt]:
        return await self._records.attempts_of(learner_id)

    async def plan(self, learner_id: int, *, is_held: bool = True) -> Plan | None:
        return self._kept.plans.get(learner_id)

    async def begin_plan(self, plan: Plan) -> None:
        self._require(plan.learner_id)
        self._kept.plans.setdefault(plan.learner_id, plan)

    async def save_plan(self, plan: Plan) -> None:
        self._require(plan.learner_id)
        self._kept.plans[plan.learner_id] = plan

    async def due_learners(self, now: datetime) -> Sequence[int]:
        due = [p for p in self._kept.plans.values() if p.reminder and p.reminder.next_at <= now]
        return [plan.learner_id for plan in sorted(due, key=_next_at)]

    async def claim(self, before: Plan, after: Plan) -> bool:
        stored = self._kept.plans.get(before.learner_id)
        if stored is None or stored.reminder is None or before.reminder is None:
            return False
        if stored.reminder.next_at != before.reminder.next_at:
            return False
        moved = replace(stored, reminder=after.reminder, reminded_at=after.reminded_at)
        self._kept.plans[after.learner_id] = moved
        return True

    async def set_for(
        self, learner_id: int, after: datetime, until: datetime
    ) -> Sequence[Assignment]:
        kept = self._records._kept
        mine = [
            one
            for one, _ in kept.assignments.values()
            if (learner_id, one.cohort_id) in kept.members and one.set_by != learner_id
        ]
        return sorted((a for a in mine if after < a.due <= until), key=lambda a: (a.due, a.id))

    async def cards_of(self, learner_id: int) -> Sequence[ReviewCard]:
        return [card for card in self._kept.cards.values() if card.learner_id == learner_id]

    async def add_cards(self, learner_id: int, seeds: Sequence[Seed]) -> None:
        self._require(learner_id)
        there = {(c.lesson, c.step) for c in await self.cards_of(learner_id)}
        for seed in seeds:
            if (seed.lesson, seed.step) not in there:
                number = len(self._kept.cards) + 1
                made = ReviewCard(
                    number, learner_id, seed.lesson, seed.step, seed.weight, seed.memory
                )
                self._kept.cards[number] = made

    async def card(self, card_id: int) -> ReviewCard | None:
        return self._kept.cards.get(card_id)

    async def save_card(self, card: ReviewCard) -> bool:
        stored = self._kept.cards.get(card.id)
        if stored is None or stored.revision != card.revision - 1:
            return False
        self._kept.cards[card.id] = card
        return True

    async def log(self, review: Review) -> int:
        number = max(self._kept.reviews, default=0) + 1
        self._kept.reviews[number] = replace(review, id=number)
        return number

    async def last_review(self, learner_id: int) -> Review | None:
        mine = [r for r in self._kept.reviews.values() if r.learner_id == learner_id]
        return max(mine, key=lambda r: (r.at, r.id), default=None)

    async def unlog(self, review_id: int) -> None:
        self._kept.reviews.pop(review_id, None)

    async def reviewed_since(self, learner_id: int, moment: datetime) -> Mapping[int, int]:
        mine = [r for r in self._kept.reviews.values() if r.learner_id == learner_id]
        return Counter(r.card_id for r in mine if r.at >= moment)

    async def days_of(self, learner_id: int) -> frozenset[date]:
        return frozenset(day for who, day in self._kept.days if who == learner_id)

    async def put_rank(self, learner_id: int, cohort_id: int, points: int) -> None:
        self._require(learner_id)
        self._kept.ranks[learner_id, cohort_id] = points

    async def drop_ranks(self, learner_id: int) -> None:
        for key in [key for key in self._kept.ranks if key[0] == learner_id]:
            del self._kept.ranks[key]

    async def rank(self, cohort_id: int, points: int) -> tuple[int, int]:
        there = [p for (_, cohort), p in self._kept.ranks.items() if cohort == cohort_id]
        return sum(p > points for p in there), len(there)


class MemoryDailies(_Memory):
    """What `bot.store.daily.dailies.SqlDailies` does, on dictionaries."""

    async def made_on(self, learner_id: int, day: date) -> Sequence[DailyGuess]:
        mine = [
            guess
            for (who, when, _), (_, guess) in self._kept.guesses.items()
            if (who, when) == (learner_id, day)
        ]
        return sorted(mine, key=lambda guess: guess.place)

    async def keep(self, learner: Learner, day: date, guess: DailyGuess) -> bool:
        self._require(learner.id)
        key = (learner.id, day, guess.place)
        if key in self._kept.guesses:
            return False
        self._kept.guesses[key] = (learner.cohort_id, guess)
        return True

    async def settle(self, learner_id: int, day: date, guess: DailyGuess) -> None:
        key = (learner_id, day, guess.place)
        cohort, stored = self._kept.guesses[key]
        learnt = (guess.evidence, guess.text_bits, guess.is_left)
        evidence, text_bits, is_left = learnt
        after = replace(stored, evidence=evidence, text_bits=text_bits, is_left=is_left)
        self._kept.guesses[key] = (cohort, after)

    async def crowd(self, cohort_id: int, day: date, place: int) -> Crowd | None:
        bits = [
            guess.evidence.surprisal_bits
            for (_, when, where), (cohort, guess) in self._kept.guesses.items()
            if (cohort, when, where) == (cohort_id, day, place) and guess.evidence
        ]
        return Crowd(len(bits), median(bits)) if bits else None

    async def best_of(self, learner_id: int, places: int) -> Best | None:
        days = {day for who, day, _ in self._kept.guesses if who == learner_id}
        runs = [
            [g.evidence.surprisal_bits for g in await self.made_on(learner_id, day) if g.evidence]
            for day in days
        ]
        means = [fmean(run) for run in runs if len(run) == places]
        return Best(min(means), len(means)) if means else None

    async def finished_days(self, learner_id: int, places: int) -> Sequence[date]:
        days = {day for who, day, _ in self._kept.guesses if who == learner_id}
        return [
            day
            for day in days
            if sum(not g.is_open for g in await self.made_on(learner_id, day)) == places
        ]

    async def zone_of(self, learner_id: int) -> str:
        plan = self._kept.plans.get(learner_id)
        return plan.zone if plan else UTC_NAME


def _next_at(plan: Plan) -> datetime:
    assert plan.reminder is not None
    return plan.reminder.next_at
