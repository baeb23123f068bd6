"""What all keepers of class rounds promise: memory, SQLite and PostgreSQL alike."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.learner import Learner
from bot.domain.round.round import Count, Round, RoundStep, Seen, Stage, Vote, moved
from bot.store.database import connect, transaction
from bot.store.errors import StoreError
from bot.store.lesson.records import open_with as open_records
from bot.store.round.rounds import open_with
from bot.usecases.round.ports import OpenRounds
from curriculum.kinds.choice import ChoiceStep
from curriculum.kinds.number import NumberStep
from curriculum.kinds.order import OrderStep
from curriculum.schema import Course
from tests.fakes.clock import NOW
from tests.fakes.lesson import RefusedError
from tests.fakes.round import MemoryRoundStore

CLASS, CHANNEL = 900, 2**62
ADA, BOB = Learner(2**63 - 1, CLASS), Learner(2, CLASS)


@dataclass(frozen=True, slots=True)
class Keeper:
    open: OpenRounds
    refusal: type[Exception]


@pytest.fixture
async def keeper(place: str | None) -> AsyncIterator[Keeper]:
    if place is None:
        yield Keeper(MemoryRoundStore().open, RefusedError)
        return
    engine = connect(place)
    yield Keeper(open_with(engine), StoreError)
    await engine.dispose()


@pytest.fixture
def pick(course: Course) -> RoundStep:
    step = course.lessons[0].step("pick")
    assert isinstance(step, ChoiceStep)
    return step


def new(step: RoundStep, channel: int = CHANNEL) -> Round:
    return Round(0, CLASS, channel, ADA.id, "every-kind", 1, step)


async def begun(keeper: Keeper, step: RoundStep, channel: int = CHANNEL) -> Round:
    async with keeper.open() as r:
        await r.enrol(ADA, NOW)
        await r.enrol(BOB, NOW)
        found = await r.begin(new(step, channel), NOW)
    assert found is not None
    return found


async def on(keeper: Keeper, present: Round, to: Stage) -> Round:
    after = moved(present, to, present.revision)
    async with keeper.open() as r:
        assert await r.move(after, NOW)
    return after


@pytest.mark.parametrize("step", ["pick", "how-many", "in-order"])
async def test_a_round_comes_back_as_it_was_put(keeper: Keeper, course: Course, step: str) -> None:
    put = course.lessons[0].step(step)
    assert isinstance(put, ChoiceStep | NumberStep | OrderStep)
    present = await begun(keeper, put)
    assert present == replace(new(put), id=present.id)
    async with keeper.open() as r:
        assert await r.round(present.id) == present
        assert await r.live_in(CHANNEL) == present


async def test_what_was_never_kept_is_none_or_empty(keeper: Keeper) -> None:
    async with keeper.open() as r:
        assert await r.round(9) is None
        assert await r.live_in(CHANNEL) is None
        assert await r.ballot(9, ADA.id) is None
        assert list(await r.counts(9)) == []
        assert list(await r.seen_by(ADA.id)) == []
        assert list(await r.live_since(NOW)) == []
        assert not await r.say_sure(Vote(9, 1, ADA.id, "A"), 0.7, is_sure=False)


async def test_a_channel_holds_one_running_round(keeper: Keeper, pick: RoundStep) -> None:
    first = await begun(keeper, pick)
    await begun(keeper, pick, CHANNEL + 1)
    async with keeper.open() as r:
        assert await r.begin(new(pick), NOW) is None
    await on(keeper, first, Stage.ENDED)
    async with keeper.open() as r:
        assert await r.live_in(CHANNEL) is None
        again = await r.begin(new(pick), NOW)
    assert again is not None
    assert again.id != first.id


async def test_of_two_moves_from_one_revision_the_first_stands(
    keeper: Keeper, pick: RoundStep
) -> None:
    present = await begun(keeper, pick)
    await on(keeper, present, Stage.TALK)
    async with keeper.open() as r:
        assert not await r.move(moved(present, Stage.ENDED, 0), NOW)
        found = await r.round(present.id)
    assert found == replace(present, stage=Stage.TALK, revision=1)


async def test_the_card_is_remembered_and_let_go_of(keeper: Keeper, pick: RoundStep) -> None:
    present = await begun(keeper, pick)
    for message in (2**62 + 5, None):
        async with keeper.open() as r:
            await r.place(present.id, message)
            found = await r.round(present.id)
        assert found == replace(present, message_id=message)


async def test_only_young_rounds_with_a_card_are_brought_up_to_date(
    keeper: Keeper, pick: RoundStep
) -> None:
    present = await begun(keeper, pick)
    await begun(keeper, pick, CHANNEL + 1)  # without a card
    ended = await begun(keeper, pick, CHANNEL + 2)
    async with keeper.open() as r:
        await r.place(present.id, 5)
        await r.place(ended.id, 6)
    await on(keeper, ended, Stage.ENDED)
    async with keeper.open() as r:
        assert list(await r.live_since(NOW)) == [present.id]
        assert list(await r.live_since(NOW + timedelta(seconds=1))) == []


async def test_a_vote_is_counted_once_and_comes_back_on_the_ballot(
    keeper: Keeper, pick: RoundStep
) -> None:
    present = await begun(keeper, pick)
    vote = Vote(present.id, 1, ADA.id, "B")
    async with keeper.open() as r:
        assert await r.cast(vote, NOW)
        assert not await r.cast(replace(vote, answer="A"), NOW)
        assert await r.cast(Vote(present.id, 1, BOB.id, "B"), NOW)
    async with keeper.open() as r:
        ballot = await r.ballot(present.id, ADA.id)
        assert ballot is not None
        assert (ballot.round, dict(ballot.said), ballot.is_member) == (present, {1: "B"}, True)
        stranger = await r.ballot(present.id, 77)
        assert stranger is not None
        assert (dict(stranger.said), stranger.is_member) == ({}, False)
        assert list(await r.counts(present.id)) == [Count(1, None, "B", 2, 0)]


async def test_second_votes_are_counted_by_what_was_said_before(
    keeper: Keeper, pick: RoundStep
) -> None:
    present = await begun(keeper, pick)
    async with keeper.open() as r:
        await r.cast(Vote(present.id, 1, ADA.id, "A"), NOW)
        await r.cast(Vote(present.id, 2, ADA.id, "B", "A"), NOW)
        await r.cast(Vote(present.id, 2, BOB.id, "B"), NOW)
        assert list(await r.counts(present.id)) == [
            Count(1, None, "A", 1, 0),
            Count(2, None, "B", 1, 0),
            Count(2, "A", "B", 1, 0),
        ]


async def test_how_sure_is_said_once(keeper: Keeper, pick: RoundStep) -> None:
    present = await begun(keeper, pick)
    vote, his = Vote(present.id, 1, ADA.id, "A"), Vote(present.id, 1, BOB.id, "A")
    async with keeper.open() as r:
        await r.cast(vote, NOW)
        await r.cast(his, NOW)
        assert await r.say_sure(vote, 0.97, is_sure=True)
        assert not await r.say_sure(vote, 0.97, is_sure=True)
        assert await r.say_sure(his, 0.33, is_sure=False)
        assert list(await r.counts(present.id)) == [Count(1, None, "A", 2, 1)]


async def test_a_vote_of_nobody_or_in_nothing_is_refused(keeper: Keeper, pick: RoundStep) -> None:
    present = await begun(keeper, pick)
    for vote in (Vote(present.id, 1, 77, "A"), Vote(99, 1, ADA.id, "A")):
        with pytest.raises(keeper.refusal):
            async with keeper.open() as r:
                await r.cast(vote, NOW)
    async with keeper.open() as r:
        assert list(await r.counts(present.id)) == []


async def test_a_step_is_seen_by_who_voted_once_it_is_revealed(
    keeper: Keeper, pick: RoundStep
) -> None:
    present = await begun(keeper, pick)
    async with keeper.open() as r:
        await r.cast(Vote(present.id, 1, ADA.id, "A"), NOW)
        await r.cast(Vote(present.id, 2, ADA.id, "B", "A"), NOW)
    talking = await on(keeper, present, Stage.TALK)
    async with keeper.open() as r:
        assert list(await r.seen_by(ADA.id)) == []
    await on(keeper, talking, Stage.REVEALED)
    async with keeper.open() as r:
        assert list(await r.seen_by(ADA.id)) == [Seen("every-kind", pick, "A")]
        assert list(await r.seen_by(BOB.id)) == []


async def test_records_know_who_has_seen_which_answer(
    database: AsyncEngine, pick: RoundStep
) -> None:
    keeper = Keeper(open_with(database), StoreError)
    present = await begun(keeper, pick)
    async with keeper.open() as r:
        await r.cast(Vote(present.id, 1, ADA.id, "A"), NOW)

    async def has_seen(who: Learner, lesson: str = "every-kind", run: int = 1) -> bool:
        step = "pick" if run == 1 else "another"
        async with open_records(database)() as records:
            at = await records.begin(who, lesson, run, step, NOW)
            found = await records.attempt(at.id)
        assert found is not None
        return found.has_seen_answer

    talking = await on(keeper, present, Stage.TALK)
    assert not await has_seen(ADA)
    await on(keeper, talking, Stage.REVEALED)
    assert await has_seen(ADA)
    assert not await has_seen(BOB)
    assert not await has_seen(ADA, "another")
    assert not await has_seen(ADA, run=2)


async def test_a_round_whose_question_cant_be_read_any_more_makes_room(
    database: AsyncEngine, pick: RoundStep
) -> None:
    keeper = Keeper(open_with(database), StoreError)
    old = await begun(keeper, pick)
    async with transaction(database) as connection:
        await connection.execute(text('UPDATE class_round SET question = \'{"kind": "gone"}\''))
    async with keeper.open() as r:
        assert await r.round(old.id) is None
        assert await r.ballot(old.id, ADA.id) is None
    assert (await begun(keeper, pick)).id != old.id


async def test_a_hundred_at_once_are_counted_exactly_and_none_after_the_spread(
    database: AsyncEngine, pick: RoundStep
) -> None:
    keeper = Keeper(open_with(database), StoreError)
    present = await begun(keeper, pick)

    async def press(number: int) -> None:
        async with keeper.open() as r:
            ballot = await r.ballot(present.id, number)
            assert ballot is not None
            if ballot.round.turn != 1:
                return
            await r.enrol(Learner(number, CLASS), NOW)
            await r.cast(Vote(present.id, 1, number, "ABC"[number % 3]), NOW)

    async def spread() -> int:
        async with keeper.open() as r:
            assert await r.move(moved(present, Stage.TALK, 0), NOW)
            return sum(count.votes for count in await r.counts(present.id))

    learners = [100 + n % 100 for n in range(200)]  # each presses twice
    *_, shown = await asyncio.gather(*(press(n) for n in learners[:150]), spread())
    await asyncio.gather(*(press(n) for n in learners[150:]))
    async with keeper.open() as r:
        assert sum(count.votes for count in await r.counts(present.id)) == shown
    async with transaction(database) as connection:
        kept = await connection.execute(text("SELECT count(*) FROM class_vote"))
        assert kept.scalar() == shown


async def test_a_vote_costs_three_statements_however_many_have_voted(
    database: AsyncEngine, pick: RoundStep
) -> None:
    keeper = Keeper(open_with(database), StoreError)
    present = await begun(keeper, pick)
    said: list[str] = []
    event.listen(
        database.sync_engine, "before_cursor_execute", lambda *args: said.append(str(args[2]))
    )

    async def press(number: int) -> int:
        said.clear()
        async with keeper.open() as r:
            ballot = await r.ballot(present.id, number)
            assert ballot is not None
            await r.cast(Vote(present.id, 1, number, "A"), NOW)
        return len([one for one in said if not one.startswith("BEGIN")])

    async with keeper.open() as r:
        for number in range(10, 60):
            await r.enrol(Learner(number, CLASS), NOW)
    assert {await press(number) for number in range(10, 60)} == {3}
