"""Conversations with the tutor, in both databases."""

import asyncio
from datetime import date, timedelta

import pytest

from bot.domain.learner import Learner
from bot.domain.mode import Mode
from bot.domain.tutor.passages import Source
from bot.domain.tutor.talk import KEPT, Exchange, Outcome, Reply, Venue
from bot.store.database import connect
from bot.store.tutor.talks import open_with
from bot.usecases.tutor.ports import OpenTalks
from tests.fakes.clock import NOW

ADA, BOB = Learner(2**63 - 1, 900), Learner(2, 900)
HERE, THERE = Venue(2**62, is_private=True), Venue(5, is_private=True)
ALOUD = Venue(HERE.channel_id, is_private=False)
TODAY, TOMORROW = date(2026, 1, 1), date(2026, 1, 2)
CITED = (Source(1, step="one-step"), Source(7, term="KV cache"))
REPLY = Reply("Because `x` 日本.", Outcome.ANSWERED, Mode.MODEL, CITED)


@pytest.fixture
async def open_talks(url: str) -> OpenTalks:
    engine = connect(url)
    opened = open_with(engine)
    async with opened() as talks:
        await talks.enrol(ADA, NOW)
        await talks.enrol(BOB, NOW)
    yield opened
    await engine.dispose()


async def test_questions_of_a_day_are_counted_one_by_one(open_talks: OpenTalks) -> None:
    async def count(learner: Learner, day: date) -> int:
        async with open_talks() as talks:
            return await talks.count_question(learner.id, day)

    counted = await asyncio.gather(*(count(ADA, TODAY) for _ in range(10)))
    assert sorted(counted) == list(range(1, 11))
    assert await count(BOB, TODAY) == 1
    assert await count(ADA, TOMORROW) == 1


async def test_tokens_don_t_count_as_questions(open_talks: OpenTalks) -> None:
    async with open_talks() as talks:
        await talks.count_question(ADA.id, TODAY)
        await talks.count_tokens(ADA.id, TODAY, 500)
        assert await talks.count_question(ADA.id, TODAY) == 2


async def test_a_conversation_is_one_learner_s_in_one_place(open_talks: OpenTalks) -> None:
    async with open_talks() as talks:
        for number in range(3):
            await talks.keep(ADA, HERE, f"why {number}?", REPLY, NOW)
        await talks.keep(ADA, ALOUD, "aloud?", REPLY, NOW)
        await talks.keep(BOB, HERE, "mine?", REPLY, NOW)
        assert await talks.earlier(ADA.id, HERE, 2) == [
            Exchange("why 1?", REPLY.text),
            Exchange("why 2?", REPLY.text),
        ]
        assert await talks.earlier(ADA.id, ALOUD, 9) == [Exchange("aloud?", REPLY.text)]
        assert await talks.earlier(ADA.id, THERE, 9) == []


async def test_a_long_conversation_lets_go_of_its_beginning(open_talks: OpenTalks) -> None:
    async with open_talks() as talks:
        await talks.keep(BOB, HERE, "stays?", REPLY, NOW)
        for number in range(KEPT + 3):
            await talks.keep(ADA, HERE, f"why {number}?", REPLY, NOW)
        kept = await talks.earlier(ADA.id, HERE, KEPT * 2)
        assert [one.question for one in kept] == [f"why {n}?" for n in range(3, KEPT + 3)]
        assert len(await talks.earlier(BOB.id, HERE, 9)) == 1


async def test_forgetting_takes_this_conversation_and_no_other(open_talks: OpenTalks) -> None:
    async with open_talks() as talks:
        await talks.keep(ADA, HERE, "why?", REPLY, NOW)
        await talks.keep(ADA, THERE, "there?", REPLY, NOW)
        assert await talks.forget(ADA.id, HERE) == 1
        assert await talks.forget(ADA.id, HERE) == 0
        assert len(await talks.earlier(ADA.id, THERE, 9)) == 1


async def test_an_unanswered_question_goes_to_its_own_class(open_talks: OpenTalks) -> None:
    async with open_talks() as talks:
        number = await talks.put_question(ADA, "what of <b>x</b>?", CITED, NOW)
        (found,) = await talks.open_questions(ADA.cohort_id)
        assert await talks.open_questions(901) == []
    assert (found.id, found.text, found.topic, found.found) == (
        number,
        "what of <b>x</b>?",
        1,
        CITED,
    )
    assert (found.learner_id, found.asked, found.answer) == (ADA.id, NOW, None)


async def test_a_question_asked_directly_goes_to_the_class_that_was_joined_last(
    open_talks: OpenTalks,
) -> None:
    async with open_talks() as talks:
        directly = Learner(ADA.id)
        await talks.enrol(Learner(ADA.id, 901), NOW + timedelta(days=1))
        assert await talks.put_question(directly, "what?", (), NOW + timedelta(days=2))
        assert len(await talks.open_questions(901)) == 1
        await talks.enrol(Learner(77), NOW)
        assert await talks.put_question(Learner(77), "what?", (), NOW) is None


async def test_of_two_instructors_the_first_one_answers(open_talks: OpenTalks) -> None:
    async with open_talks() as talks:
        number = await talks.put_question(ADA, "what?", (), NOW)

    async def answer(by: int) -> str | None:
        async with open_talks() as talks:
            done = await talks.answer_question(number, by, f"says {by}", NOW)
        return done.answer if done else None

    answers = await asyncio.gather(*(answer(by) for by in range(1, 5)))
    (first,) = filter(None, answers)
    async with open_talks() as talks:
        stored = await talks.question(number)
        assert stored is not None
        assert stored.answer == first
        assert await talks.open_questions(ADA.cohort_id) == []


async def test_an_answer_is_told_once(open_talks: OpenTalks) -> None:
    async with open_talks() as talks:
        number = await talks.put_question(ADA, "what?", (), NOW)
        assert await talks.untold(ADA.id) == []
        await talks.answer_question(number, BOB.id, "this", NOW)
        assert [one.answer for one in await talks.untold(ADA.id)] == ["this"]
        assert await talks.untold(BOB.id) == []
        await talks.mark_told(number)
        assert await talks.untold(ADA.id) == []
