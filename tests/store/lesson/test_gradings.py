from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.learner import Learner
from bot.domain.lesson.teachback import Graded, Grading, Verdict
from bot.domain.mode import Mode
from tests.fakes.clock import NOW
from tests.store.conftest import Records

ADA = Learner(1, 900)
GRADED = (
    Graded("scores", Verdict.MET, "every token gets a “score”, 日本\nand \U0001f600"),
    Graded("again", Verdict.MISSED),
    Graded("a-third", Verdict.UNSURE),
)
GRADING = Grading(GRADED, Mode.NOTES, NOW)


async def begun(records: Records) -> int:
    async with records.open() as r:
        await r.enrol(ADA, NOW)
        return (await r.begin(ADA, "one", 1, "teach", NOW)).id


async def graded(records: Records) -> int:
    number = await begun(records)
    async with records.open() as r:
        await r.keep_grading(number, "teach", GRADING)
    return number


async def test_a_grading_comes_back_as_it_was_kept(records: Records) -> None:
    number = await graded(records)
    async with records.open() as r:
        assert await r.grading(number, "teach") == GRADING
        assert await r.grading(number, "other") is None
        assert await r.grading(number + 1, "teach") is None


async def test_the_first_grading_of_a_teach_back_stays(records: Records) -> None:
    number = await graded(records)
    other = Grading((Graded("scores", Verdict.MISSED),), Mode.MODEL, NOW + timedelta(days=1))
    async with records.open() as r:
        await r.keep_grading(number, "teach", other)
    async with records.open() as r:
        assert await r.grading(number, "teach") == GRADING


async def test_every_override_is_kept_with_who_and_when_and_the_last_one_wins(
    records: Records,
) -> None:
    number = await graded(records)
    once = GRADING.overruled("again", Verdict.MET, 2**63 - 1, NOW + timedelta(hours=1))
    other = once.overruled("scores", Verdict.MISSED, 7, NOW + timedelta(hours=2))
    twice = other.overruled("again", Verdict.MISSED, 8, NOW + timedelta(hours=3))
    for grading, criterion in ((once, "again"), (other, "scores"), (twice, "again")):
        async with records.open() as r:
            await r.keep_override(number, "teach", grading, criterion)
    async with records.open() as r:
        found = await r.grading(number, "teach")
    assert found == twice
    assert found.verdict_on("again") is Verdict.MISSED
    assert found.verdict_on("scores") is Verdict.MISSED


async def test_a_grading_needs_an_attempt(records: Records) -> None:
    async def keep() -> None:
        async with records.open() as r:
            await r.keep_grading(99, "teach", GRADING)

    with pytest.raises(records.refusal):
        await keep()


async def test_what_fails_half_way_leaves_the_overrides_as_they_were(records: Records) -> None:
    number = await graded(records)

    async def fail() -> None:
        async with records.open() as r:
            said = GRADING.overruled("again", Verdict.MET, 7, NOW)
            await r.keep_override(number, "teach", said, "again")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with records.open() as r:
        assert await r.grading(number, "teach") == replace(GRADING)
