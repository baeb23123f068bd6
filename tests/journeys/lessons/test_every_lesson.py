"""Every lesson, walked right and wrong: each reply there is stands on a card, to its own guess."""

import pytest

from curriculum.loader import load_course
from curriculum.schema import Course
from tests.journeys.walking import walk_every_way


@pytest.mark.parametrize("slug", [lesson.slug for lesson in load_course().lessons])
async def test_every_reply_of_a_lesson_is_seen(join, shipped: Course, slug: str) -> None:
    assert await walk_every_way(shipped.lesson(slug), join) == []
