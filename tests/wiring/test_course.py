"""The course that the settings name: taught only when it is written, previewed before."""

from pathlib import Path

import pytest

from bot.settings import Settings
from bot.wiring.course import check_course, checked_course, renew
from bot.wiring.tutors import build_tutor
from curriculum.errors import CourseError
from curriculum.starting import new_course, new_lesson
from tests.fakes.model import FakeEngine
from tools.bound import BoundCatalogue
from tools.engine.encoder.encoder import SentenceEncoder
from tools.errors import WeightsError


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    new_course(tmp_path / "own")
    return Settings(course_dir=tmp_path / "own")


def test_a_lesson_that_is_still_to_be_written_is_previewed_and_not_taught(
    settings: Settings,
) -> None:
    assert settings.course_dir
    new_lesson(settings.course_dir, "After the storm")
    with pytest.raises(CourseError, match="still to be written"):
        checked_course(settings)
    assert [lesson.number for lesson in checked_course(settings, is_draft=True).lessons] == [1, 2]
    assert len(check_course(settings)) == 37


def test_whoever_holds_a_course_sees_it_renewed(settings: Settings) -> None:
    assert settings.course_dir
    held = checked_course(settings)
    new_lesson(settings.course_dir, "After the storm")
    newer = checked_course(settings, is_draft=True)
    renew(held, newer)
    assert held == newer
    assert held.lesson("after-the-storm").title == "After the storm"


async def test_a_tutor_finds_what_was_written_since_it_was_first_asked(settings: Settings) -> None:
    assert settings.course_dir
    held = checked_course(settings)
    encoder = SentenceEncoder(no_encoder)
    tutor = build_tutor(settings, held, BoundCatalogue(FakeEngine()), encoder, is_patient=True)
    former = await tutor.made()
    assert await tutor.made() is former
    new_lesson(settings.course_dir, "After the storm")
    renew(held, checked_course(settings, is_draft=True))
    assert await tutor.made() is not former
    await tutor.close()
    encoder.close()


def no_encoder() -> Path:
    raise WeightsError("none here")
