"""Placements and what was redone: on SQLite and PostgreSQL alike, also by two clicks at once."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.learner import Learner
from bot.domain.path.placement import AnswerOutcome, PlacedAnswer, Placement
from bot.domain.path.redo import Redone
from bot.domain.practice.review import Review, Seed
from bot.domain.practice.scheduling import Grade, Memory
from bot.store.path.paths import open_with
from bot.store.practice.reviews import open_with as open_reviews
from bot.usecases.path.ports import OpenPathRecords
from tests.fakes.clock import NOW

ADA = Learner(2**63 - 1, 900)
ANSWERS = (
    PlacedAnswer("tokens", "a", AnswerOutcome.RIGHT),
    PlacedAnswer("tokens", "b", AnswerOutcome.UNSURE),
)


@pytest.fixture
async def paths(database: AsyncEngine) -> OpenPathRecords:
    opened = open_with(database)
    async with opened() as records:
        await records.enrol(ADA, NOW)
    return opened


async def test_a_placement_is_kept_as_it_was_and_over_the_former(paths: OpenPathRecords) -> None:
    under_way = Placement(ADA.id, ANSWERS[:1], "vectors", "c")
    async with paths() as records:
        assert await records.placement(ADA.id) is None
        await records.save_placement(under_way, NOW)
        assert await records.placement(ADA.id, is_held=True) == under_way
    over = Placement(ADA.id, ANSWERS)
    async with paths() as records:
        await records.save_placement(over, NOW)
    async with paths() as records:
        assert await records.placement(ADA.id) == over
        assert await records.placement(1) is None


async def test_each_turn_of_a_step_is_kept_once(paths: OpenPathRecords) -> None:
    first = Redone("tokens", "a", 1, False, NOW)
    async with paths() as records:
        assert await records.save_redone(ADA.id, first)
        assert not await records.save_redone(ADA.id, replace(first, is_right=True))
        assert list(await records.redone(ADA.id)) == [first]
        second = replace(first, turns=2, is_right=True)
        assert await records.save_redone(ADA.id, second)
        assert not await records.save_redone(ADA.id, second)
        assert list(await records.redone(ADA.id)) == [second]


@pytest.mark.parametrize("turns", [1, 2])
async def test_of_presses_at_the_same_moment_one_counts(paths: OpenPathRecords, turns: int) -> None:
    async with paths() as records:
        for turn in range(1, turns):
            await records.save_redone(ADA.id, Redone("tokens", "a", turn, False, NOW))

    async def press() -> bool:
        async with paths() as records:
            return await records.save_redone(ADA.id, Redone("tokens", "a", turns, True, NOW))

    assert sum(await asyncio.gather(*(press() for _ in range(6)))) == 1


async def test_a_card_is_remembered_by_its_last_review(
    paths: OpenPathRecords, database: AsyncEngine
) -> None:
    memory = Memory(due=NOW)
    async with open_reviews(database)() as reviews:
        seeds = [Seed("tokens", step, 1.0, memory) for step in ("a", "b", "c")]
        await reviews.add_cards(ADA.id, seeds)
        ids = {card.step: card.id for card in await reviews.cards_of(ADA.id)}
        for step, grade in (("a", 1), ("a", 3), ("b", 3), ("b", 1)):
            await reviews.log(Review(0, ADA.id, ids[step], Grade(grade), NOW, "-", memory))
    async with paths() as records:
        assert await records.remembered(ADA.id) == {("tokens", "a")}
        assert await records.zone(ADA.id) == "UTC"
