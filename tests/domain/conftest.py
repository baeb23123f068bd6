import pytest

from curriculum.schema import Course, Lesson


@pytest.fixture(scope="session")
def shipped_lesson(shipped: Course) -> Lesson:
    return shipped.lesson("what-is-an-llm")


@pytest.fixture(params=["every_kind", "what_is_an_llm"])
def each_lesson(request: pytest.FixtureRequest, lesson: Lesson, shipped_lesson: Lesson) -> Lesson:
    return {"every_kind": lesson, "what_is_an_llm": shipped_lesson}[request.param]
