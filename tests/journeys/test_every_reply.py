"""One lesson, walked right and wrong; `make journeys` walks all."""

from curriculum.schema import Course
from tests.journeys.walking import answers_to, walk_every_way, ways_through


async def test_every_reply_of_a_lesson_is_seen_by_who_guesses_so(join, shipped: Course) -> None:
    assert await walk_every_way(shipped.lesson("what-is-an-llm"), join) == []


def test_the_ways_give_every_answer_to_every_step(shipped: Course) -> None:
    for lesson in shipped.lessons:
        ways = ways_through(lesson)
        for step in lesson.sequence:
            given = [way[step.id] for way in ways if step.id in way]
            assert all(answer in given for answer in answers_to(step)), step.id
