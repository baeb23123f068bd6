"""Class: a lesson that says "turn the knobs" beside a picture without any."""

from curriculum.schema import Course
from tests.journeys.player import Player, take_up


async def to_two_knobs(alice: Player, course: Course) -> None:
    """Take lesson 2 up to the step whose two knobs are to be turned."""
    lesson = course.lessons[1]
    await alice.type("lesson", which="2")
    await alice.press("Start")
    while f"### {lesson.step('two-knobs').title}" not in alice.text:
        await alice.press("Skip" if "Skip" in alice.labels else "Next")


async def test_an_exhibit_of_a_lesson_opens_with_its_knobs(alice: Player, shipped: Course) -> None:
    await to_two_knobs(alice, shipped)
    await alice.press("Run it")
    await take_up(alice)
    assert {"Descend", "Set a", "Set b"} <= set(alice.labels)
    before = alice.text
    await alice.press("Descend")
    assert alice.text != before
    assert alice.shown.response.ephemeral
