"""What is posted once: on SQLite and PostgreSQL alike, also by two clicks at the same moment."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.learner import Learner
from bot.domain.posting import Post
from bot.store.lesson.records import open_with as open_records
from bot.store.posting.posts import open_with
from bot.usecases.posting.posting import PostOnce
from tests.fakes.clock import NOW, at_noon

POST = Post(2**63 - 1, 2**62, "daily:740000")


@pytest.fixture
async def once(database: AsyncEngine) -> PostOnce:
    async with open_records(database)() as records:
        for learner_id in (POST.learner_id, 2):
            await records.enrol(Learner(learner_id, 900), NOW)
    return PostOnce(open_with(database), at_noon)


async def test_a_thing_is_posted_once_in_a_channel(once: PostOnce) -> None:
    assert await once.claim(POST)
    assert not await once.claim(POST)
    for other in (
        replace(POST, channel_id=7),
        replace(POST, learner_id=2),
        replace(POST, what="recap:1"),
    ):
        assert await once.claim(other)


async def test_of_clicks_at_the_same_moment_one_posts(once: PostOnce) -> None:
    assert sum(await asyncio.gather(*(once.claim(POST) for _ in range(8)))) == 1


async def test_what_could_not_be_posted_can_be_posted_later(once: PostOnce) -> None:
    other = replace(POST, what="recap:1")
    assert await once.claim(POST)
    assert await once.claim(other)
    await once.release(POST)
    assert await once.claim(POST)
    assert not await once.claim(other)


async def test_nobody_posts_who_has_deleted_everything(once: PostOnce) -> None:
    assert not await once.claim(replace(POST, learner_id=3))
