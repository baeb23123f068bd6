"""The two courses that every suite walks through, and the model that they all share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from platformdirs import user_cache_path

from bot.store import write_log
from curriculum.loader import load_course
from curriculum.schema import Course, Lesson
from tools.engine.local.local import LocalEngine
from tools.engine.weights.embedded import EMBEDDED
from tools.engine.weights.weights import ensure

# torch's threads spin while they wait, which on a busy machine costs every test its turn
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

pytest_plugins = ["tests.against"]

# the same examples each time: whether a change may land isn't luck (`make fuzz` seeks new ones)
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("fuzz", derandomize=False, deadline=None, max_examples=1000)
settings.load_profile("steady")

EVERY_KIND = Path(__file__).parent / "curriculum" / "every_kind"


@pytest.fixture(scope="session", autouse=True)
def swift_disk() -> Iterator[None]:
    """Wait for no disk: nothing here outlives the tests. Power cuts have a disk of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(write_log, "send", lambda opened: None)
        yield


@pytest.fixture(scope="session")
def course() -> Course:
    """A course with every kind of step."""
    return load_course(EVERY_KIND)


@pytest.fixture(scope="session")
def lesson(course: Course) -> Lesson:
    """A lesson with every kind of step."""
    return course.lessons[0]


@pytest.fixture(scope="session")
def shipped() -> Course:
    """The course that ships with Hunch."""
    return load_course()


@pytest.fixture(scope="session")
def embedded_folder() -> Path:
    """The real model, in the cache that `hunch play` uses too."""
    chosen = os.environ.get("HUNCH_CACHE_DIR")
    return ensure(Path(chosen) if chosen else user_cache_path("hunch", appauthor=False))


@pytest.fixture(scope="session")
def embedded(embedded_folder: Path) -> Iterator[LocalEngine]:
    """That model, loaded once for all tests of a run."""
    engine = LocalEngine(lambda: embedded_folder, model=EMBEDDED.name)
    yield engine
    engine._worker.close()
    assert engine._worker.join(60)  # a model that is loading is loaded first
