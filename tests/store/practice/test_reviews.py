"""What all stores of practice promise: that in memory, in SQLite and in PostgreSQL alike."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.classroom.member import Assignment
from bot.domain.daily.game import Best, Crowd, DailyGuess
from bot.domain.learner import Learner
from bot.domain.lesson.evidence import Evidence, Share
from bot.domain.practice.plan import Plan, reminded
from bot.domain.practice.reminder import Reminder
from bot.domain.practice.review import Review, ReviewCard, Seed
from bot.domain.practice.scheduling import Grade, Memory, Scheduling, reviewed
from bot.store.classroom import classes
from bot.store.daily import dailies
from bot.store.database import connect, transaction
from bot.store.practice import reviews
from bot.store.practice.reviews import SqlReviews
from bot.usecases.daily.ports import OpenDailies
from bot.usecases.practice.ports import OpenReviews
from tests.fakes.clock import NOW
from tests.fakes.practice import MemoryPractice

ADA, BOB = Learner(2**63 - 1, 900), Learner(2, 900)
DAY = date(2026, 1, 1)
FRESH = Memory(due=NOW)
LATER = reviewed(FRESH, Grade.GOOD, NOW + timedelta(microseconds=7), Scheduling())
SEEDS = (Seed("one", "pick", 1.7, FRESH), Seed("one", "next", 1.0, LATER))
PLAN = Plan(
    ADA.id,
    zone="America/Argentina/Buenos_Aires",
    a_day=7,
    is_ranked=True,
    reminder=Reminder(9, 22, 7, NOW + timedelta(hours=1)),
    reminded_at=NOW - timedelta(days=1),
    is_closed=True,
)
EVIDENCE = Evidence(
    "\ud83d", 3, 0.1, 3.25, (Share("\ud83d\0", 0.4),), 0.6, "smollm2-135m", "embedded", NOW
)


@dataclass(frozen=True, slots=True)
class Practice:
    """The two ports on one store."""

    reviews: OpenReviews
    dailies: OpenDailies


@pytest.fixture
async def practice(place: str | None) -> AsyncIterator[Practice]:
    if place is None:
        memory = MemoryPractice()
        yield Practice(memory.open_reviews, memory.open_dailies)
        return
    engine = connect(place)
    yield Practice(reviews.open_with(engine), dailies.open_with(engine))
    await engine.dispose()


async def enrolled(practice: Practice) -> None:
    async with practice.reviews() as r:
        for learner in (ADA, BOB):
            await r.enrol(learner, NOW)


async def carded(practice: Practice) -> list[ReviewCard]:
    await enrolled(practice)
    async with practice.reviews() as r:
        await r.add_cards(ADA.id, SEEDS)
        return list(await r.cards_of(ADA.id))


async def test_what_was_never_kept_is_none_or_empty(practice: Practice) -> None:
    async with practice.reviews() as r:
        assert await r.plan(99) is None
        assert list(await r.cards_of(99)) == []
        assert await r.card(99) is None
        assert await r.last_review(99) is None
        assert dict(await r.reviewed_since(99, NOW)) == {}
        assert await r.days_of(99) == frozenset()
        assert await r.rank(900, 3) == (0, 0)
        assert list(await r.due_learners(NOW)) == []
    async with practice.dailies() as d:
        assert list(await d.made_on(99, DAY)) == []
        assert await d.crowd(900, DAY, 0) is None
        assert await d.best_of(99, 5) is None
        assert await d.zone_of(99) == "UTC"


@pytest.mark.parametrize("plan", [PLAN, Plan(ADA.id), replace(PLAN, reminder=None)])
async def test_a_plan_comes_back_as_it_was_saved_last(practice: Practice, plan: Plan) -> None:
    await enrolled(practice)
    async with practice.reviews() as r:
        await r.save_plan(PLAN)
        await r.save_plan(plan)
        assert await r.plan(ADA.id) == plan
        assert await r.plan(BOB.id) is None
    async with practice.dailies() as d:
        assert await d.zone_of(ADA.id) == plan.zone


async def test_a_plan_is_begun_once(practice: Practice) -> None:
    await enrolled(practice)
    async with practice.reviews() as r:
        await r.begin_plan(Plan(ADA.id, a_day=3))
        await r.begin_plan(Plan(ADA.id, a_day=4))
        assert await r.plan(ADA.id) == Plan(ADA.id, a_day=3)


async def test_a_reminder_claimed_while_its_plan_is_changed_is_claimed_once(
    practice: Practice,
) -> None:
    await enrolled(practice)
    async with practice.reviews() as r:
        await r.save_plan(PLAN)
    after = reminded(PLAN, NOW + timedelta(hours=1))
    read = asyncio.Event()

    async def change() -> None:
        async with practice.reviews() as r:
            plan = await r.plan(ADA.id)
            read.set()
            for _ in range(5):
                await asyncio.sleep(0)  # let the other begin
            await r.save_plan(replace(plan, a_day=99))

    async def claim() -> bool:
        await read.wait()
        async with practice.reviews() as r:
            return await r.claim(PLAN, after)

    _, is_claimed = await asyncio.gather(change(), claim())
    async with practice.reviews() as r:
        assert is_claimed
        assert await r.plan(ADA.id) == replace(after, a_day=99)


async def test_looking_at_a_plan_is_no_write(
    migrated_postgres: Callable[[], str],
) -> None:
    engine = connect(migrated_postgres())
    practice = Practice(reviews.open_with(engine), dailies.open_with(engine))
    await enrolled(practice)
    async with practice.reviews() as r:
        await r.save_plan(PLAN)

    async def has_written(*, is_held: bool) -> bool:
        async with transaction(engine) as link:
            assert await SqlReviews(link).plan(ADA.id, is_held=is_held) == PLAN
            asked = await link.execute(text("SELECT pg_current_xact_id_if_assigned()"))
            return asked.scalar_one() is not None

    assert await has_written(is_held=True)
    assert not await has_written(is_held=False)
    await engine.dispose()


async def test_only_reminders_whose_moment_has_come_are_due(practice: Practice) -> None:
    await enrolled(practice)
    soon = replace(PLAN, learner_id=BOB.id, reminder=Reminder(9, 22, 7, NOW))
    async with practice.reviews() as r:
        await r.save_plan(PLAN)
        await r.save_plan(soon)
        assert list(await r.due_learners(NOW - timedelta(seconds=1))) == []
        assert list(await r.due_learners(NOW)) == [soon.learner_id]
        both = [soon.learner_id, PLAN.learner_id]
        assert list(await r.due_learners(NOW + timedelta(days=1))) == both


async def test_of_two_processes_only_one_claims_a_reminder(practice: Practice) -> None:
    await enrolled(practice)
    async with practice.reviews() as r:
        await r.save_plan(PLAN)

    async def claim() -> bool:
        async with practice.reviews() as r:
            return await r.claim(PLAN, reminded(PLAN, NOW + timedelta(hours=1)))

    assert sorted(await asyncio.gather(*(claim() for _ in range(5)))) == [False] * 4 + [True]
    async with practice.reviews() as r:
        assert (await r.plan(ADA.id)).reminded_at == NOW + timedelta(hours=1)
        await r.save_plan(replace(PLAN, reminder=None))
        assert not await r.claim(PLAN, reminded(PLAN, NOW))


async def test_what_a_class_is_set_is_found_for_its_learners_alone(
    database: AsyncEngine,
) -> None:
    elsewhere = Learner(3, 901)
    practice = Practice(reviews.open_with(database), dailies.open_with(database))
    await enrolled(practice)
    async with practice.reviews() as r:
        await r.enrol(elsewhere, NOW)
    async with classes.open_with(database)() as c:
        late = await c.assign(Assignment(0, 900, "two", hours(2), 5, BOB.id), NOW)
        soon = await c.assign(Assignment(0, 900, "one", hours(1), 5, BOB.id), NOW)
        other = await c.assign(Assignment(0, 901, "one", hours(1), 5, BOB.id), NOW)
    async with practice.reviews() as r:
        assert list(await r.set_for(ADA.id, NOW, hours(2))) == [soon, late]
        assert list(await r.set_for(ADA.id, hours(1), hours(2))) == [late]
        assert list(await r.set_for(ADA.id, NOW, hours(1))) == [soon]
        assert list(await r.set_for(BOB.id, NOW, hours(9))) == []
        assert list(await r.set_for(elsewhere.id, NOW, hours(9))) == [other]


def hours(number: int) -> datetime:
    return NOW + timedelta(hours=number)


async def test_cards_come_back_as_they_were_made_and_are_made_once(practice: Practice) -> None:
    cards = await carded(practice)
    assert [(c.lesson, c.step, c.weight, c.memory) for c in cards] == [
        ("one", "pick", 1.7, FRESH),
        ("one", "next", 1.0, LATER),
    ]
    assert {(c.learner_id, c.reviews, c.revision, c.said) for c in cards} == {(ADA.id, 0, 0, None)}
    async with practice.reviews() as r:
        await r.add_cards(ADA.id, [replace(seed, weight=9.0) for seed in SEEDS])
        await r.add_cards(ADA.id, [])
        await r.add_cards(BOB.id, SEEDS[:1])
        assert list(await r.cards_of(ADA.id)) == cards
        assert [c.step for c in await r.cards_of(BOB.id)] == ["pick"]


async def test_a_card_is_written_over_its_former_revision_only(practice: Practice) -> None:
    card, other = await carded(practice)
    after = replace(card, memory=LATER, reviews=1, revision=1, said="B", is_aside=True)
    async with practice.reviews() as r:
        assert await r.save_card(after)
        assert not await r.save_card(replace(after, said="C"))
        assert not await r.save_card(replace(after, id=999))
    async with practice.reviews() as r:
        assert await r.card(card.id) == after
        assert await r.card(other.id) == other


async def test_a_review_comes_back_with_the_memory_that_was_before(practice: Practice) -> None:
    card, other = await carded(practice)
    there = NOW.astimezone(timezone(timedelta(hours=9)))
    for before in (FRESH, LATER):
        review = Review(0, ADA.id, card.id, Grade.HARD, there, "B", before)
        async with practice.reviews() as r:
            number = await r.log(review)
            assert await r.last_review(ADA.id) == replace(review, id=number)
            assert await r.last_review(BOB.id) is None
    async with practice.reviews() as r:
        await r.log(Review(0, ADA.id, other.id, Grade.EASY, NOW - timedelta(days=1), "-", FRESH))
        assert dict(await r.reviewed_since(ADA.id, NOW)) == {card.id: 2}
        assert dict(await r.reviewed_since(ADA.id, NOW - timedelta(days=1)))[other.id] == 1
        await r.unlog(number)
        assert dict(await r.reviewed_since(ADA.id, NOW)) == {card.id: 1}
        assert (await r.last_review(ADA.id)).before == FRESH


async def test_a_day_is_remembered_once(practice: Practice) -> None:
    await enrolled(practice)
    async with practice.reviews() as r:
        for day in (DAY, DAY, DAY - timedelta(days=3)):
            await r.practise(ADA.id, day)
        assert await r.days_of(ADA.id) == {DAY, DAY - timedelta(days=3)}
        assert await r.days_of(BOB.id) == frozenset()


async def test_only_those_who_are_ranked_are_counted(practice: Practice) -> None:
    await enrolled(practice)
    async with practice.reviews() as r:
        await r.put_rank(ADA.id, 900, 5)
        await r.put_rank(BOB.id, 900, 9)
        await r.put_rank(BOB.id, 901, 9)
        assert await r.rank(900, 5) == (1, 2)
        await r.put_rank(ADA.id, 900, 10)
        assert await r.rank(900, 10) == (0, 2)
        await r.drop_ranks(BOB.id)
        assert await r.rank(900, 10) == (0, 1)
        assert await r.rank(901, 0) == (0, 0)


def guess(place: int, bits: float | None = None) -> DailyGuess:
    made = DailyGuess(place, "queue", " 日本 \u202e`@everyone`", NOW)
    if bits is None:
        return made
    return replace(made, evidence=replace(EVIDENCE, surprisal_bits=bits), text_bits=1.5)


async def test_a_daily_guess_is_kept_once_and_settled_later(practice: Practice) -> None:
    await enrolled(practice)
    async with practice.dailies() as d:
        assert await d.keep(ADA, DAY, guess(1))
        assert await d.keep(ADA, DAY, guess(0))
        assert not await d.keep(ADA, DAY, replace(guess(0), answer="other"))
        assert await d.keep(ADA, DAY + timedelta(days=1), guess(0))
        assert list(await d.made_on(ADA.id, DAY)) == [guess(0), guess(1)]
        await d.settle(ADA.id, DAY, guess(1, 2.5))
        await d.settle(ADA.id, DAY, replace(guess(0), is_left=True))
        left = replace(guess(0), is_left=True)
        assert list(await d.made_on(ADA.id, DAY)) == [left, guess(1, 2.5)]
        assert list(await d.made_on(BOB.id, DAY)) == []


@pytest.mark.parametrize(
    ("bits", "median"), [((4.0,), 4.0), ((1.0, 9.0, 2.0), 2.0), ((8.0, 1.0, 2.0, 5.0), 3.5)]
)
async def test_a_class_is_summed_up_by_its_median(
    practice: Practice, bits: tuple[float, ...], median: float
) -> None:
    async with practice.dailies() as d:
        for number, one in enumerate(bits):
            await d.enrol(Learner(10 + number, 900), NOW)
            await d.keep(Learner(10 + number, 900), DAY, guess(0, one))
        await d.enrol(Learner(5, 901), NOW)
        await d.keep(Learner(5, 901), DAY, guess(0, 99.0))
        await d.keep(Learner(10, 900), DAY, guess(1, 77.0))
        await d.enrol(Learner(6, 900), NOW)
        await d.keep(Learner(6, 900), DAY, guess(0))
        assert await d.crowd(900, DAY, 0) == Crowd(len(bits), median)


async def test_the_best_passage_is_the_lowest_mean_of_those_finished(practice: Practice) -> None:
    await enrolled(practice)
    runs: list[list[float | None]] = [[1.0, 3.0], [4.0, 4.0], [0.5, None], [0.25]]
    async with practice.dailies() as d:
        for day, run in enumerate(runs):
            for place, bits in enumerate(run):
                await d.keep(ADA, DAY + timedelta(days=day), guess(place, bits))
        assert await d.best_of(ADA.id, 2) == Best(2.0, 2)


async def test_a_passage_is_finished_once_no_guess_waits(practice: Practice) -> None:
    await enrolled(practice)
    runs: list[list[float | None]] = [[1.0, 3.0], [None, 4.0], [0.25], [1.0, None]]
    async with practice.dailies() as d:
        for day, run in enumerate(runs):
            for place, bits in enumerate(run):
                made = guess(place, bits)
                await d.keep(ADA, DAY + timedelta(days=day), made)
        last = DAY + timedelta(days=3)
        await d.settle(ADA.id, last, replace(guess(1, None), is_left=True))
        assert {*await d.finished_days(ADA.id, 2)} == {DAY, last}
        assert list(await d.finished_days(BOB.id, 2)) == []


async def test_what_belongs_to_nobody_is_refused(practice: Practice) -> None:
    def writes() -> list[Any]:
        return [
            lambda r: r.save_plan(Plan(5)),
            lambda r: r.add_cards(5, SEEDS),
            lambda r: r.practise(5, DAY),
            lambda r: r.put_rank(5, 900, 1),
        ]

    for write in writes():
        with pytest.raises(Exception, match=r"(?i)foreign key|enrolled|has been deleted"):
            async with practice.reviews() as r:
                await write(r)
