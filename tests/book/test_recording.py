"""What a model shows, recorded when the book is made."""

from bot.book.recording import record
from curriculum.schema import Course
from tests.fakes.engine import CountingEngine
from tools.bound import BoundCatalogue
from tools.engine.local.local import LocalEngine
from tools.errors import Unavailable
from tools.exhibit.exhibit import Origin


async def test_every_instrument_of_the_course_is_run_and_none_claims_to_be_live(
    course: Course, embedded: LocalEngine
) -> None:
    said: list[str] = []
    shown = await record(course, BoundCatalogue(embedded), said.append)
    lesson = course.lessons[0]
    assert said == ["Recording lesson 1, Every kind of step"]
    assert list(shown) == [("every-kind", step.id) for step in lesson.sequence]
    for step in lesson.sequence:
        exhibit = shown["every-kind", step.id].exhibit
        assert (exhibit is None) == (step.after is None)
        assert exhibit is None or exhibit.provenance.origin is not Origin.LIVE
    odds = shown["every-kind", "next"].odds
    assert odds is not None
    assert (odds.top[0].token.text, len(odds.top)) == (" Ku", 20)


async def test_without_a_model_the_book_says_so_where_one_would_show_something(
    course: Course,
) -> None:
    shown = await record(course, None)
    silent = {step for (_, step), one in shown.items() if one.missing}
    assert silent == {"pick", "next", "play"}
    assert all("hunch play" in one.missing for one in shown.values() if one.missing)


async def test_a_model_that_fails_at_one_step_leaves_its_reason_there(course: Course) -> None:
    engine = CountingEngine()
    engine.failure = Unavailable("The model is away. Try again in a moment.")
    shown = await record(course, BoundCatalogue(engine))
    assert shown["every-kind", "play"].exhibit is None
    assert "The model is away." in shown["every-kind", "play"].missing
