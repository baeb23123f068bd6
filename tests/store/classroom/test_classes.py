"""What all classes promise: those in memory, those in SQLite and those in PostgreSQL alike."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.domain.classroom.change import change_of
from bot.domain.classroom.counts import (
    MemberPlace,
    Runs,
    Tries,
    Votes,
)
from bot.domain.classroom.member import Assignment, Member, Words
from bot.domain.learner import Learner
from bot.domain.lesson.attempt import Attempt, Guess, Phase
from bot.store.classroom import classes
from bot.store.database import connect
from bot.store.lesson.records import open_with
from bot.usecases.classroom.ports import OpenClasses
from bot.usecases.lesson.ports import OpenRecords
from tests.fakes.classroom import classes_in
from tests.fakes.clock import NOW
from tests.fakes.lesson import MemoryStore

HERE, THERE, ROLE = 2**63 - 1, 901, 2**62
ADA = Learner(1, HERE, name="Ada <b>=1+1</b>")
BOB = Learner(2, HERE, name="Bob")
LATER = NOW + timedelta(days=1)
EVER = (NOW - timedelta(days=99), NOW + timedelta(days=99))


@dataclass(frozen=True, slots=True)
class Held:
    """Records and classes over one store."""

    records: OpenRecords
    classes: OpenClasses

    async def begun(self, learner: Learner, lesson: str = "one", run: int = 1) -> Attempt:
        async with self.records() as r:
            await r.enrol(learner, NOW)
            return await r.begin(learner, lesson, run, "pick", NOW)

    async def turned(self, before: Attempt, after: Attempt) -> None:
        async with self.records() as r:
            await r.save(before, after, NOW)
            await r.count(after, change_of(before, after), LATER)

    async def shown(self, learner: Learner, is_shown: bool = True) -> None:
        async with self.classes() as c:
            await c.decide(learner, is_shown, NOW)


@pytest.fixture
async def held(place: str | None) -> AsyncIterator[Held]:
    if place is None:
        store = MemoryStore()
        yield Held(store.open, classes_in(store))
        return
    engine = connect(place)
    yield Held(open_with(engine), classes.open_with(engine))
    await engine.dispose()


async def test_a_run_is_counted_once_however_often_it_is_begun(held: Held) -> None:
    for _ in range(2):
        await held.begun(ADA)
    await held.begun(BOB)
    await held.begun(ADA, run=2)
    async with held.classes() as c:
        assert (await c.tallies(HERE, *EVER)).runs == [Runs("one", begun=2, done=0)]
        assert (await c.tallies(THERE, *EVER)).runs == []


async def test_tries_add_up_by_step_and_confidence(held: Held) -> None:
    for learner, is_right in ((ADA, True), (BOB, None)):
        attempt = await held.begun(learner)
        guess = Guess("pick", "B", 1 / 3, 0, NOW, is_right)
        await held.turned(attempt, replace(attempt, guesses=(guess,)))
    async with held.classes() as c:
        counted = await c.tallies(HERE, *EVER)
    assert counted.tries == [Tries("one", "pick", 333, tries=2, judged=1, right=1)]


async def test_a_learner_stands_where_the_last_move_led_and_nowhere_at_the_end(held: Held) -> None:
    attempt = await held.begun(ADA)
    await held.shown(ADA)
    moved = replace(attempt, step="next")
    await held.turned(attempt, moved)
    async with held.classes() as c:
        stuck = await c.tallies(HERE, *EVER)
    assert stuck.stuck == [MemberPlace(ADA.id, ADA.name, "one", "next", LATER)]
    assert stuck.all_stuck == 1

    await held.turned(moved, replace(moved, step="", phase=Phase.FINISHED))
    async with held.classes() as c:
        over = await c.tallies(HERE, *EVER)
    assert (list(over.stuck), over.all_stuck) == ([], 0)
    assert over.runs == [Runs("one", begun=1, done=1)]


async def test_only_who_agreed_is_named_but_everybody_is_counted(held: Held) -> None:
    for learner in (ADA, BOB):
        await held.begun(learner)
    await held.shown(BOB)
    async with held.classes() as c:
        counted = await c.tallies(HERE, *EVER)
        assert [place.learner_id for place in counted.stuck] == [BOB.id]
        assert counted.all_stuck == 2
        early = (NOW - timedelta(days=2), NOW - timedelta(days=1))
        assert (await c.tallies(HERE, *early)).all_stuck == 0


async def test_wrong_answers_are_read_past_the_many_spellings_of_a_token(held: Held) -> None:
    async with held.records() as r:
        for answer in ("A", "too low", " kube", "日本"):
            await r.count_vote(HERE, "one", "pick", answer, right=0, vote=1)
    async with held.classes() as c:
        votes = (await c.tallies(HERE, *EVER)).votes
    key = lambda vote: vote.answer  # noqa: E731
    found = [Votes("one", "pick", "A", 1), Votes("one", "pick", "too low", 1)]
    assert sorted(votes, key=key) == found


async def test_a_learner_is_asked_once_and_only_where_somebody_instructs(held: Held) -> None:
    await held.begun(ADA)
    async with held.classes() as c:
        assert not await c.mark_asked(ADA, NOW)
        await c.name_instructors(HERE, ROLE, NOW)
        assert await c.mark_asked(ADA, NOW)
        assert not await c.mark_asked(ADA, NOW)
        assert not await c.mark_asked(BOB, NOW)  # who isn't in the class
        member = await c.member(ADA.id, HERE)
    assert member == Member(ADA.id, HERE, NOW, was_asked=True)


async def test_what_was_decided_stands_and_a_hidden_learners_name_is_not_kept(held: Held) -> None:
    await held.begun(ADA)
    for is_shown in (True, False):
        await held.shown(ADA, is_shown)
        async with held.classes() as c:
            member = await c.member(ADA.id, HERE)
        name = ADA.name if is_shown else ""
        assert member == Member(ADA.id, HERE, NOW, is_shown, name, True, True)
    async with held.classes() as c:
        assert await c.member(ADA.id, THERE) is None


async def test_the_last_named_role_counts(held: Held) -> None:
    for role in (ROLE, 5):
        async with held.classes() as c:
            await c.name_instructors(HERE, role, NOW)
    async with held.records() as r:
        assert await r.instructor_role(HERE) == 5
    async with held.classes() as c:
        await c.name_instructors(HERE, None, NOW)
    async with held.records() as r:
        assert await r.instructor_role(HERE) is None


async def test_words_are_those_of_learners_who_agreed(held: Held) -> None:
    for learner in (ADA, BOB):
        attempt = await held.begun(learner)
        why = Guess("pick", "A", 0.7, 0, NOW, False, why="it's '日本'")
        taught = Guess("teach", "it loops", None, 0, LATER)
        plain = Guess("next", "B", 0.7, 0, NOW, True)
        await held.turned(attempt, replace(attempt, guesses=(why, plain, taught)))
    await held.shown(ADA)
    async with held.classes() as c:
        found = await c.words(HERE, "one", "teach", 10)
        assert list(found) == [
            Words(ADA.id, "teach", "it loops", None),
            Words(ADA.id, "pick", "A", "it's '日本'"),
        ]
        assert len(await c.words(HERE, "one", "teach", 1)) == 1
        assert list(await c.words(HERE, "two", "teach", 10)) == []
        assert list(await c.words(THERE, "one", "teach", 10)) == []


async def test_words_from_before_a_learner_joined_stay_unseen(held: Held) -> None:
    attempt = await held.begun(ADA)
    early = Guess("teach", "it loops", None, 0, NOW - timedelta(days=1))
    await held.turned(attempt, replace(attempt, guesses=(early,)))
    await held.shown(ADA)
    async with held.classes() as c:
        assert list(await c.words(HERE, "one", "teach", 10)) == []


async def test_a_lesson_is_assigned_once_and_the_last_word_counts(held: Held) -> None:
    await held.begun(ADA)
    first = Assignment(0, HERE, "one", NOW + timedelta(days=2), 7, 1)
    async with held.classes() as c:
        kept = await c.assign(first, NOW)
        assert await c.mark_reminded(kept.id, NOW)
        assert not await c.mark_reminded(kept.id, NOW)
        assert list(await c.to_remind(NOW, LATER + timedelta(days=2))) == []
        await c.unmark_reminded(kept.id)
        assert await c.mark_reminded(kept.id, NOW)
        await c.unmark_reminded(99)
        moved = await c.assign(replace(first, due=LATER, set_by=2), NOW)
        assert moved == replace(first, id=kept.id, due=LATER, set_by=2)
        assert list(await c.to_remind(NOW, LATER)) == [moved]
        assert list(await c.to_remind(LATER, LATER)) == []
        assert not await c.mark_reminded(99, NOW)
